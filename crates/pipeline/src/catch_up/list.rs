//! Listing a bucket: folders, and the objects after a key.

use std::io;

use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};
use rolecall_lake::Location;

use crate::{Named, StepError};

/// What can be listed.
pub(super) trait List: Sync {
    /// The folders right below a folder, as whole keys without the last slash.
    fn folders(&self, folder: &str) -> impl Future<Output = Result<Vec<String>, StepError>> + Send;

    /// The objects below a folder whose keys come after `after`, in the order of their keys.
    fn objects(
        &self,
        folder: &str,
        after: &str,
    ) -> impl Future<Output = Result<Vec<Named>, StepError>> + Send;
}

/// A bucket of S3. A listing is one request for each thousand folders or objects.
pub(super) struct Bucket {
    location: Location,
}

impl Bucket {
    pub(super) fn new(location: Location) -> Bucket {
        Bucket { location }
    }

    /// Where in the bucket the trail is.
    pub(super) fn prefix(&self) -> String {
        self.location.prefix().to_string()
    }

    fn failed(
        &self,
        folder: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> StepError {
        let bucket = self.location.url().host_str().unwrap_or_default();
        StepError::List {
            place: format!("s3://{bucket}/{folder}"),
            source: io::Error::other(source),
        }
    }
}

impl List for Bucket {
    async fn folders(&self, folder: &str) -> Result<Vec<String>, StepError> {
        let path = Path::parse(folder).map_err(|e| self.failed(folder, e))?;
        let listed = self.location.store().list_with_delimiter(Some(&path)).await;
        let listed = listed.map_err(|e| self.failed(folder, e))?;
        Ok(listed.common_prefixes.into_iter().map(String::from).collect())
    }

    async fn objects(&self, folder: &str, after: &str) -> Result<Vec<Named>, StepError> {
        let bucket = self.location.url().host_str().unwrap_or_default();
        let path = Path::parse(folder).map_err(|e| self.failed(folder, e))?;
        let after = Path::parse(after).map_err(|e| self.failed(folder, e))?;
        let listed = self.location.store().list_with_offset(Some(&path), &after);
        let named = listed.map_ok(|meta: ObjectMeta| Named {
            bucket: bucket.to_owned(),
            key: meta.location.into(),
            etag: Some(meta.e_tag.unwrap_or_else(|| meta.last_modified.to_rfc3339())),
            size: Some(meta.size),
        });
        named.try_collect().await.map_err(|e| self.failed(folder, e))
    }
}
