//! Where objects come from: local files and folders, prefixes of S3 buckets, and memory.

use std::collections::HashSet;
use std::io;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use rolecall_cloudtrail::ObjectName;
use rolecall_lake::Location;
use rolecall_model::Time;

use crate::{StepError, Unreached};

/// The endings of names that can be logs; others in a folder are passed over by name.
const LOG_ENDINGS: [&str; 7] = [".json", ".gz", ".jsonl", ".ndjson", ".log", ".txt", ".cloudtrail"];

/// A trail as it was listed.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// Its objects: those with a delivery time in their name first, in that order.
    pub objects: Vec<Found>,
    /// Objects that were named, and could not be found.
    pub unreached: Vec<Unreached>,
}

/// An object of a trail.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its URL, or the path of a local file.
    pub key: String,
    /// What tells this content from another under the same key.
    pub etag: String,
    /// Its size as stored, in bytes.
    pub size: u64,
    /// What its name says.
    pub name: ObjectName,
    /// How to reach it.
    pub place: Place,
    /// Whether a person named it, so that its ending does not matter.
    pub named: bool,
}

/// How to reach an object.
#[derive(Clone, Debug)]
pub enum Place {
    /// A local file.
    File(PathBuf),
    /// A path in the store of a bucket.
    Remote(Arc<dyn ObjectStore>, Path),
    /// It was fetched already.
    Held(Bytes),
}

impl Found {
    /// Whether its name can be that of a log.
    pub fn may_be_a_log(&self) -> bool {
        let lower = self.key.to_ascii_lowercase();
        self.named || LOG_ENDINGS.iter().any(|ending| lower.ends_with(ending))
    }
}

impl Trail {
    /// Lists a file, a folder with all below it, or `s3://bucket/prefix`.
    pub async fn list(place: &str) -> Result<Trail, StepError> {
        let objects = if place.starts_with("s3://") {
            list_remote(&Location::find(place).await?).await?
        } else {
            let path = PathBuf::from(place.strip_prefix("file://").unwrap_or(place));
            let failed = |source| StepError::List { place: place.to_owned(), source };
            list_local(&path).map_err(failed)?
        };
        if objects.is_empty() {
            return Err(StepError::Nothing { place: place.to_owned() });
        }
        Ok(Trail::of(objects))
    }

    /// When the oldest of its objects was delivered, if any name says so.
    pub fn oldest(&self) -> Option<Time> {
        self.objects.iter().find_map(|found| found.name.delivered_at)
    }

    /// Some objects, in the order of their delivery.
    pub(crate) fn of(mut objects: Vec<Found>) -> Trail {
        objects.sort_by(|a, b| {
            let when = |o: &Found| (o.name.delivered_at.is_none(), o.name.delivered_at);
            when(a).cmp(&when(b)).then_with(|| a.key.cmp(&b.key))
        });
        Trail { objects, unreached: Vec::new() }
    }
}

fn list_local(path: &FilePath) -> io::Result<Vec<Found>> {
    let path = path.canonicalize()?;
    let mut found = Vec::new();
    let metadata = std::fs::metadata(&path)?;
    if metadata.is_dir() {
        // A link may lead back to a folder above.
        let mut met = HashSet::from([path.clone()]);
        let mut folders = vec![path];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                if is_hidden(&path) {
                    continue;
                }
                // A link to nowhere is listed too, and missed when it is read.
                let metadata =
                    std::fs::metadata(&path).or_else(|_| std::fs::symlink_metadata(&path))?;
                if metadata.is_dir() {
                    let folder = path.canonicalize()?;
                    if met.insert(folder.clone()) {
                        folders.push(folder);
                    }
                } else if metadata.is_file() || metadata.is_symlink() {
                    found.push(local(path, &metadata, false));
                }
            }
        }
    } else {
        found.push(local(path, &metadata, true));
    }
    Ok(found)
}

fn is_hidden(path: &FilePath) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn local(path: PathBuf, metadata: &std::fs::Metadata, named: bool) -> Found {
    let changed = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let key = path.to_string_lossy().into_owned();
    Found {
        name: ObjectName::parse(&key),
        etag: format!("{}-{}", metadata.len(), changed.unwrap_or_default().as_nanos()),
        size: metadata.len(),
        place: Place::File(path),
        key,
        named,
    }
}

async fn list_remote(location: &Location) -> Result<Vec<Found>, StepError> {
    let failed = |source: object_store::Error| StepError::List {
        place: location.shown(),
        source: io::Error::other(source),
    };
    let (store, prefix) = (location.store(), location.prefix());
    let listed: Vec<ObjectMeta> = store.list(Some(prefix)).try_collect().await.map_err(failed)?;
    if listed.is_empty() {
        // It may be one object rather than a prefix.
        return match store.head(prefix).await {
            Ok(meta) => Ok(vec![remote(location, meta, true)]),
            Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(failed(error)),
        };
    }
    let objects = listed.into_iter().filter(|meta| meta.size > 0);
    Ok(objects.map(|meta| remote(location, meta, false)).collect())
}

fn remote(location: &Location, meta: ObjectMeta, named: bool) -> Found {
    let bucket = location.url().host_str().unwrap_or_default();
    let key = format!("s3://{bucket}/{}", meta.location);
    Found {
        name: ObjectName::parse(&key),
        etag: meta.e_tag.unwrap_or_else(|| meta.last_modified.to_rfc3339()),
        size: meta.size,
        place: Place::Remote(location.store().clone(), meta.location),
        key,
        named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn objects_come_in_the_order_of_their_delivery() {
        let folder = tempfile::tempdir().unwrap();
        let name = |stamp: &str| {
            format!("111111111111_CloudTrail_us-east-1_{stamp}Z_abcdefghijklmnop.json.gz")
        };
        for file in [&name("20260310T1205"), &name("20260310T1200"), "other.json", ".hidden"] {
            std::fs::write(folder.path().join(file), "{}").unwrap();
        }
        let trail = Trail::list(folder.path().to_str().unwrap()).await.unwrap();
        let names: Vec<_> =
            trail.objects.iter().map(|o| o.key.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, [&name("20260310T1200"), &name("20260310T1205"), "other.json"]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn links_are_followed_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("logs")).unwrap();
        std::fs::write(folder.path().join("logs/a.json"), "{}").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("logs/up")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("gone.json")).unwrap();
        let trail = Trail::list(folder.path().to_str().unwrap()).await.unwrap();
        let names: Vec<_> =
            trail.objects.iter().map(|o| o.key.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, ["gone.json", "a.json"]);
    }

    #[tokio::test]
    async fn an_empty_folder_and_a_missing_one_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().to_str().unwrap();
        assert!(matches!(Trail::list(here).await, Err(StepError::Nothing { .. })));
        let missing = format!("{here}/missing");
        assert!(matches!(Trail::list(&missing).await, Err(StepError::List { .. })));
    }
}
