//! What a command works with: the lake, the engine over it, the catalogue, and a way to answer.

use std::path::Path;

use anyhow::{Context, Result, bail};
use rolecall_catalog::{Detection, Folder};
use rolecall_lake::{Access, Lake, Location};
use rolecall_query::{Engine, Limits, bundled, load, turn};

use crate::args::Global;
use crate::config::Config;
use crate::output::Out;

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

    /// A session over the lake, which must be there.
    pub(crate) async fn engine(&self) -> Result<Engine> {
        let lake = self.lake(Access::Existing).await?;
        Ok(Engine::over(&lake, self.limits()).await?)
    }

    /// What a query may use.
    pub(crate) fn limits(&self) -> Limits {
        Limits { parallel: self.global.threads, ..Limits::default() }
    }

    /// What the organisation knows.
    pub(crate) fn config(&self) -> Result<Config> {
        Config::read(self.global.config.as_deref())
    }

    /// The catalogue, whole or refused: read, checked, planned, and turned as the organisation says.
    pub(crate) async fn catalogue(&self, config: &Config) -> Result<Vec<Detection>> {
        let detections = load(&self.folders()?).await?;
        Ok(turn(detections, &config.known, &config.shown())?)
    }

    /// The folders of the catalogue: those that come with the program, and those of `--queries`.
    pub(crate) fn folders(&self) -> Result<Vec<Folder>> {
        let mut folders = bundled();
        if let Some(dir) = &self.global.queries {
            let own = read_folders(dir)
                .with_context(|| format!("could not read the detections in `{}`", dir.display()))?;
            if own.is_empty() {
                bail!("`{}` holds no folder with a `detection.sql`", dir.display());
            }
            folders.retain(|known| !own.iter().any(|folder| folder.name == known.name));
            folders.extend(own);
        }
        Ok(folders)
    }
}

/// Reads the folders below `dir` that hold a detection; `dir` may be one itself.
fn read_folders(dir: &Path) -> std::io::Result<Vec<Folder>> {
    let is_detection = |path: &Path| path.join("detection.sql").is_file();
    let mut paths = Vec::new();
    if is_detection(dir) {
        paths.push(dir.to_path_buf());
    } else {
        for entry in std::fs::read_dir(dir)? {
            paths.extend(Some(entry?.path()).filter(|path| is_detection(path)));
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
