//! What a command works with: the lake, the engine over it, the catalogue, and a way to answer.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rolecall_catalog::{Detection, Folder, Report};
use rolecall_lake::{Access, Lake, Location};
use rolecall_pipeline::Config;
use rolecall_query::{Engine, Limits, bundled, bundled_reports, load, load_reports, turn};

use crate::args::Global;
use crate::config;
use crate::output::Out;

/// The files that make a folder a question.
const FILES: [&str; 2] = ["detection.sql", "report.sql"];

/// Everything a command needs, opened when it asks for it.
pub(crate) struct Desk {
    pub(crate) global: Global,
    pub(crate) out: Out,
}

impl Desk {
    pub(crate) fn new(global: Global) -> Desk {
        let out = Out::new(&global);
        Desk { global, out }
    }

    /// Opens the lake.
    pub(crate) async fn lake(&self, access: Access) -> Result<Lake> {
        let location = Location::find(&self.global.lake).await?;
        Ok(Lake::open(location, access).await?)
    }

    /// A session over the lake, which must be there, and over what the organisation knows.
    pub(crate) async fn engine(&self) -> Result<Engine> {
        let lake = self.lake(Access::Existing).await?;
        let engine = Engine::over(&lake, self.limits()).await?;
        config::tell(&self.config().await?, &engine).await?;
        Ok(engine)
    }

    /// What a query may use.
    pub(crate) fn limits(&self) -> Limits {
        Limits { parallel: self.global.threads, ..Limits::default() }
    }

    /// What the organisation knows.
    pub(crate) async fn config(&self) -> Result<Config> {
        config::read(self.global.config.as_deref()).await
    }

    /// The catalogue, whole or refused: read, checked, planned, and turned as the organisation says.
    pub(crate) async fn catalogue(&self, config: &Config) -> Result<Vec<Detection>> {
        let detections = load(&self.folders(bundled(), "detection.sql")?).await?;
        Ok(turn(detections, &config.known, config::shown(config))?)
    }

    /// The reports, whole or refused.
    pub(crate) async fn reports(&self) -> Result<Vec<Report>> {
        Ok(load_reports(&self.folders(bundled_reports(), "report.sql")?).await?)
    }

    /// Folders of questions: those that come with the program, and those of `--queries`.
    fn folders(&self, mut folders: Vec<Folder>, file: &str) -> Result<Vec<Folder>> {
        if let Some(dir) = &self.global.queries {
            let own = read_folders(dir, file)
                .with_context(|| format!("could not read the queries in `{}`", dir.display()))?;
            if own.is_empty() && read_folders(dir, FILES[usize::from(file == FILES[0])])?.is_empty()
            {
                bail!(
                    "`{}` holds no folder with a `{}` or `{}`",
                    dir.display(),
                    FILES[0],
                    FILES[1]
                );
            }
            folders.retain(|known| !own.iter().any(|folder| folder.name == known.name));
            folders.extend(own);
        }
        Ok(folders)
    }
}

/// Reads the folders below `dir` that hold such a file, also those in its folders `detections` and
/// `reports`; `dir` may be one itself.
fn read_folders(dir: &Path, file: &str) -> std::io::Result<Vec<Folder>> {
    let holds_one = |path: &Path| path.join(file).is_file();
    let mut paths = Vec::new();
    if holds_one(dir) {
        paths.push(dir.to_path_buf());
    } else {
        let below = [dir.join("detections"), dir.join("reports")];
        for folder in below.iter().map(PathBuf::as_path).filter(|f| f.is_dir()).chain([dir]) {
            for entry in std::fs::read_dir(folder)? {
                paths.extend(Some(entry?.path()).filter(|path| holds_one(path)));
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| read_folder(path)).collect()
}

fn read_folder(path: &Path) -> std::io::Result<Folder> {
    let name = path.canonicalize()?.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(Folder { name, files })
}
