//! An answer as a file: CSV, JSON or Parquet, by the ending of its name.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rolecall_query::{Answer, ParquetFile, json_rows};
use serde_json::Value;
use tempfile::NamedTempFile;

use super::csv;

/// What kinds of files there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Csv,
    Json,
    Parquet,
}

/// A file for one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Export {
    path: PathBuf,
    kind: Kind,
}

impl Export {
    /// The file of this name, whose ending says what it is.
    pub(crate) fn to(path: &Path) -> Result<Export> {
        if path.to_str().is_some_and(|path| path.starts_with("s3://")) {
            bail!("an answer is written to a file of this machine, not to `{}`", path.display())
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        let kind = match ending.as_deref() {
            Some("csv") => Kind::Csv,
            Some("json" | "jsonl" | "ndjson") => Kind::Json,
            Some("parquet") => Kind::Parquet,
            _ => bail!(
                "`{}` does not say what to write: end it in `.csv`, `.json` or `.parquet`",
                path.display()
            ),
        };
        Ok(Export { path: path.to_owned(), kind })
    }

    /// Writes the whole answer, and gives the number of its rows. The file appears under its name when it
    /// is whole, in the place of one that was there; an answer that fails leaves that one as it was.
    pub(crate) async fn write(&self, answer: Answer) -> Result<usize> {
        let failed = || format!("could not write `{}`", self.path.display());
        // The same folder, and so the same file system: what is whole is moved into its place at once.
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = new_file(folder.unwrap_or(Path::new("."))).with_context(failed)?;
        let (file, count) = match self.kind {
            Kind::Parquet => parquet(file, answer).await?,
            kind => lines(file, kind, answer).await.with_context(failed)?,
        };
        file.persist(&self.path).with_context(failed)?;
        Ok(count)
    }

    /// What people call the file.
    pub(crate) fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

/// A file without a name for others yet, that they may read later as any file.
fn new_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rolecall-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's umask takes away what others may not do.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

async fn parquet(file: NamedTempFile, mut answer: Answer) -> Result<(NamedTempFile, usize)> {
    let mut parquet = ParquetFile::begin(file, answer.schema.clone())?;
    let mut count = 0;
    while let Some(batch) = answer.next().await {
        let batch = batch?;
        count += batch.num_rows();
        parquet.write(&batch)?;
    }
    Ok((parquet.end()?, count))
}

async fn lines(
    file: NamedTempFile,
    kind: Kind,
    mut answer: Answer,
) -> Result<(NamedTempFile, usize)> {
    let mut into = BufWriter::new(file);
    let columns = answer.columns();
    if kind == Kind::Csv {
        csv::header(&mut into, &columns)?;
    }
    let mut count = 0;
    while let Some(batch) = answer.next().await {
        let rows = json_rows(&batch?).context("could not read the rows")?;
        count += rows.len();
        if kind == Kind::Csv {
            csv::rows(&mut into, &columns, &rows)?;
        } else {
            for row in rows {
                writeln!(into, "{}", Value::Object(row))?;
            }
        }
    }
    Ok((into.into_inner().map_err(std::io::IntoInnerError::into_error)?, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_what_is_written() {
        for (name, kind) in
            [("a.csv", Kind::Csv), ("b/a.JSONL", Kind::Json), ("a.b.parquet", Kind::Parquet)]
        {
            assert_eq!(Export::to(Path::new(name)).unwrap().kind, kind, "{name}");
        }
        for (name, told) in [
            ("a", "end it in `.csv`"),
            ("a.xlsx", "end it in `.csv`"),
            (".csv", "end it in"),
            ("s3://bucket/a.csv", "a file of this machine"),
        ] {
            let error = Export::to(Path::new(name)).unwrap_err().to_string();
            assert!(error.contains(told), "{name}: {error}");
        }
    }
}
