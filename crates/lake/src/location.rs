//! Where a lake or a trail lies: a local folder, or a prefix of an S3 bucket.

use std::path::Path as FilePath;
use std::sync::Arc;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use object_store::aws::{AmazonS3Builder, AwsCredential};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{CredentialProvider, ObjectStore, ObjectStoreExt};
use rolecall_model::Time;
use url::Url;

use crate::LakeError;
use crate::remembering::Remembering;

/// A place, and the store that reaches it.
#[derive(Clone, Debug)]
pub struct Location {
    url: Url,
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Location {
    /// Finds the store for a local path, a `file://` URL or an `s3://bucket/prefix`.
    ///
    /// S3 is reached with the credentials and region of the AWS SDK's default chain, and with
    /// `AWS_ENDPOINT_URL` if that is set. Nothing is read or written yet.
    pub async fn find(text: &str) -> Result<Location, LakeError> {
        if text.starts_with("s3://") { Self::s3(text).await } else { Self::local(text) }
    }

    fn local(text: &str) -> Result<Location, LakeError> {
        let wrong = |why: String| LakeError::Location { location: text.to_owned(), why };
        let path = text.strip_prefix("file://").unwrap_or(text);
        if path.contains("://") {
            return Err(wrong("only local paths and `s3://` are known".into()));
        }
        let path = std::path::absolute(FilePath::new(path)).map_err(|e| wrong(e.to_string()))?;
        let url =
            Url::from_directory_path(&path).map_err(|()| wrong("not a usable path".into()))?;
        let prefix = Path::from_absolute_path(&path).map_err(|e| wrong(e.to_string()))?;
        Ok(Location { url, store: Arc::new(LocalFileSystem::new()), prefix })
    }

    async fn s3(text: &str) -> Result<Location, LakeError> {
        let wrong = |why: String| LakeError::Location { location: text.to_owned(), why };
        let url = Url::parse(text).map_err(|e| wrong(e.to_string()))?;
        let bucket = url.host_str().ok_or_else(|| wrong("it names no bucket".into()))?;
        let prefix = Path::from_url_path(url.path()).map_err(|e| wrong(e.to_string()))?;

        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        if let Some(region) = config.region() {
            builder = builder.with_region(region.as_ref());
        }
        if let Some(endpoint) = config.endpoint_url() {
            builder =
                builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
        }
        if let Some(provider) = config.credentials_provider() {
            builder = builder.with_credentials(Arc::new(SdkCredentials(provider)));
        }
        let store = builder.build().map_err(LakeError::storage("reach", text))?;
        let mut url = url;
        url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
        Ok(Location { url, store: Arc::new(Remembering::new(Arc::new(store))), prefix })
    }

    /// The bytes of the one object that lies here, and when it was written.
    pub async fn read(&self) -> Result<(Vec<u8>, Time), LakeError> {
        let failed = |e| LakeError::storage("read", &self.shown())(e);
        let found = self.store.get(&self.prefix).await.map_err(failed)?;
        let written_at = Time(found.meta.last_modified.timestamp_micros());
        Ok((found.bytes().await.map_err(failed)?.to_vec(), written_at))
    }

    /// The URL, which ends with a slash.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The store of the whole file system or bucket.
    pub fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// Where in the store the place is.
    pub fn prefix(&self) -> &Path {
        &self.prefix
    }

    /// Whether the place is on this machine.
    pub fn is_local(&self) -> bool {
        self.url.scheme() == "file"
    }

    /// What a person calls it: the path, or the `s3://` URL.
    pub fn shown(&self) -> String {
        if self.is_local() {
            format!("/{}", self.prefix)
        } else {
            self.url.as_str().trim_end_matches('/').to_owned()
        }
    }

    /// A place below.
    pub(crate) fn below(&self, name: &str) -> Location {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{name}/", self.url.path()));
        Location { url, store: self.store.clone(), prefix: self.prefix.clone().join(name) }
    }
}

/// Lets the store ask the AWS SDK for credentials each time it signs, so that they never go stale.
#[derive(Debug)]
struct SdkCredentials(SharedCredentialsProvider);

#[async_trait::async_trait]
impl CredentialProvider for SdkCredentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let found = self.0.provide_credentials().await.map_err(|source| {
            object_store::Error::Unauthenticated {
                path: "AWS credentials".into(),
                source: Box::new(source),
            }
        })?;
        Ok(Arc::new(AwsCredential {
            key_id: found.access_key_id().to_owned(),
            secret_key: found.secret_access_key().to_owned(),
            token: found.session_token().map(str::to_owned),
        }))
    }
}
