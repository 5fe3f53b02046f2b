//! The folders of detections and reports that somebody keeps, as `--queries` names them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rolecall_catalog::Folder;
use rolecall_query::Flaw;

const DETECTION: &str = "detection.sql";
const REPORT: &str = "report.sql";
const CASES: &str = "cases.md";

/// What was found of one kind.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) folders: Vec<Folder>,
    /// What keeps files from being read at all.
    pub(crate) flaws: Vec<Flaw>,
}

impl Found {
    /// These folders, and of those that come with the program the ones that they do not replace.
    pub(crate) fn over(self, mut bundled: Vec<Folder>) -> Vec<Folder> {
        bundled.retain(|known| self.folders.iter().all(|folder| folder.name != known.name));
        bundled.extend(self.folders);
        bundled
    }
}

/// What somebody keeps.
#[derive(Default)]
pub(crate) struct Queries {
    pub(crate) detections: Found,
    pub(crate) reports: Found,
}

/// Reads the folders below `dir`, also those in its folders `detections` and `reports`; `dir` may be
/// one itself.
pub(crate) fn read(dir: &Path) -> Result<Queries> {
    let paths =
        paths(dir).with_context(|| format!("could not read the queries in `{}`", dir.display()))?;
    if paths.is_empty() {
        bail!("`{}` holds no folder with a `{DETECTION}` or `{REPORT}`", dir.display())
    }
    let mut queries = Queries::default();
    for path in paths {
        let (folder, flaws) = folder(&path)
            .with_context(|| format!("could not read the queries in `{}`", path.display()))?;
        let has = |file| path.join(file).is_file();
        // A folder without a query is a detection that lacks its own.
        let kind = match (has(DETECTION), has(REPORT)) {
            (false, true) => &mut queries.reports,
            _ => &mut queries.detections,
        };
        kind.flaws.extend(flaws);
        kind.folders.push(folder.clone());
        if has(DETECTION) && has(REPORT) {
            queries.reports.folders.push(folder);
        }
    }
    Ok(queries)
}

/// The folders that hold a query, or cases for one.
fn paths(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let is_one = |path: &Path| [DETECTION, REPORT, CASES].iter().any(|f| path.join(f).is_file());
    if is_one(dir) {
        return Ok(vec![dir.to_path_buf()]);
    }
    let mut paths = Vec::new();
    let below = [dir.join("detections"), dir.join("reports")];
    for folder in below.iter().map(PathBuf::as_path).filter(|f| f.is_dir()).chain([dir]) {
        for entry in std::fs::read_dir(folder)? {
            paths.extend(Some(entry?.path()).filter(|path| is_one(path)));
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads one folder. A file that is no text is a flaw, and read as far as it is one, so that it hides
/// no other.
fn folder(path: &Path) -> Result<(Folder, Vec<Flaw>)> {
    let name = path.canonicalize()?.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (mut files, mut flaws) = (Vec::new(), Vec::new());
    for file in [DETECTION, REPORT, CASES] {
        let path = path.join(file);
        if !path.is_file() {
            continue;
        }
        let bytes =
            std::fs::read(&path).with_context(|| format!("could not read `{}`", path.display()))?;
        if let Err(error) = std::str::from_utf8(&bytes) {
            let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
            flaws.push(Flaw {
                detection: name.clone(),
                why: format!("{file}:{line}: this is no text in UTF-8: save it in that encoding"),
            });
        }
        files.push((file.to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok((Folder { name, files }, flaws))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_folder_is_dropped_and_no_file_hides_another() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("detections/a/detection.sql", b"x");
        write("detections/b/cases.md", b"one\ntwo \xff\n");
        write("reports/c/report.sql", b"x");
        write("reports/c/chart.png", b"\xff");
        write("notes/readme.md", b"x");
        let found = read(folder.path()).unwrap();
        let names = |found: &Found| -> Vec<String> {
            found.folders.iter().map(|folder| folder.name.clone()).collect()
        };
        assert_eq!(
            (names(&found.detections), names(&found.reports)),
            (vec!["a".to_owned(), "b".to_owned()], vec!["c".to_owned()],)
        );
        let flaws: Vec<String> = found.detections.flaws.iter().map(ToString::to_string).collect();
        assert_eq!(flaws.len(), 1, "{flaws:?}");
        assert!(flaws[0].starts_with("`b`: cases.md:2: this is no text"), "{flaws:?}");
        assert!(found.reports.flaws.is_empty());
        let error = read(&folder.path().join("notes")).err().unwrap().to_string();
        assert!(error.contains("holds no folder"), "{error}");
    }
}
