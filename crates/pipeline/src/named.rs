//! Objects of buckets that were named one by one: by a notification, or by a listing.

use std::collections::{HashMap, HashSet};
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use rolecall_cloudtrail::{ObjectKind, ObjectName};
use rolecall_lake::{LakeError, Location};

use crate::ingest::lost::of_store;
use crate::{Found, Place, Trail, Unreached};

/// Requests for what a notification left out that run at once.
const HEADS: usize = 16;

/// Why an object was not found, although nothing is wrong with it.
const OVER: &str = "the time was up before it was found";

/// An object that somebody named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// Its bucket.
    pub bucket: String,
    /// Its key, as it is.
    pub key: String,
    /// Its entity tag, with quotes or without, if that was told.
    pub etag: Option<String>,
    /// Its size in bytes, if that was told.
    pub size: Option<u64>,
}

impl Named {
    /// `s3://bucket/key`, which names it in the ledger.
    pub fn url(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.key)
    }

    /// Whether its name is that of a log of CloudTrail: no digest, and nothing else.
    pub fn is_a_log(&self) -> bool {
        ObjectName::parse(&self.key).kind == ObjectKind::Log
    }
}

/// The stores of the buckets that were met, so that their connections are used again.
#[derive(Debug, Default)]
pub struct Buckets {
    stores: Mutex<HashMap<String, Arc<dyn ObjectStore>>>,
}

impl Buckets {
    /// The store of a bucket, with the credentials of [`Location::find`].
    pub async fn store(&self, bucket: &str) -> Result<Arc<dyn ObjectStore>, LakeError> {
        if let Some(store) = self.held().get(bucket) {
            return Ok(store.clone());
        }
        let store = Location::find(&format!("s3://{bucket}")).await?.store().clone();
        self.held().insert(bucket.to_owned(), store.clone());
        Ok(store)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<dyn ObjectStore>>> {
        self.stores.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Trail {
    /// A trail of named objects, each once, however many messages of whatever shape named it. Objects
    /// without entity tag or size are asked for them; those that do not answer until `until` are
    /// unreached.
    pub async fn of_named(
        named: impl IntoIterator<Item = Named>,
        buckets: &Buckets,
        until: Option<Instant>,
    ) -> Trail {
        let unique: HashSet<Named> = named.into_iter().collect();
        let found = futures::stream::iter(unique).map(|named| async move {
            let key = named.url();
            let found = find(named, buckets);
            let found = match until {
                Some(until) => tokio::time::timeout_at(until.into(), found)
                    .await
                    .unwrap_or_else(|_| Err(Error::new(ErrorKind::TimedOut, OVER))),
                None => found.await,
            };
            found.map_err(|error| Unreached::new(key, &error))
        });
        let found: Vec<_> = found.buffer_unordered(HEADS).collect().await;
        let (mut objects, mut unreached): (Vec<Found>, Vec<Unreached>) = Default::default();
        let mut met: HashSet<(String, String)> = HashSet::new();
        for found in found {
            match found {
                Ok(found) if !met.insert((found.key.clone(), found.etag.clone())) => {}
                Ok(found) => objects.push(found),
                Err(lost) => unreached.push(lost),
            }
        }
        Trail { unreached, ..Trail::of(objects) }
    }
}

async fn find(named: Named, buckets: &Buckets) -> Result<Found, Error> {
    let path = Path::parse(&named.key).map_err(Error::other)?;
    let store = buckets.store(&named.bucket).await.map_err(Error::other)?;
    let (etag, size) = match (&named.etag, named.size) {
        (Some(etag), Some(size)) => (quoted(etag), size),
        _ => {
            let meta = store.head(&path).await.map_err(of_store)?;
            (meta.e_tag.unwrap_or_else(|| meta.last_modified.to_rfc3339()), meta.size)
        }
    };
    let key = named.url();
    let name = ObjectName::parse(&key);
    Ok(Found { key, etag, size, name, place: Place::Remote(store, path), named: false })
}

/// Listings and headers put an entity tag into quotes, notifications do not.
pub(crate) fn quoted(etag: &str) -> String {
    if etag.starts_with('"') { etag.to_owned() } else { format!("\"{etag}\"") }
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;

    use super::*;

    fn named(bucket: &str, key: &str, etag: Option<&str>) -> Named {
        let size = etag.map(|_| 2);
        Named { bucket: bucket.into(), key: key.into(), etag: etag.map(str::to_owned), size }
    }

    #[tokio::test]
    async fn an_object_that_was_named_in_two_ways_is_one() {
        let buckets = Buckets::default();
        buckets.held().insert("one".into(), Arc::new(InMemory::new()));
        let objects = [
            named("one", "b.json", Some("abc")),
            named("one", "b.json", Some("\"abc\"")),
            Named { size: Some(7), ..named("one", "b.json", Some("abc")) },
            named("one", "b.json", Some("def")),
        ];
        let trail = Trail::of_named(objects, &buckets, None).await;
        let mut etags: Vec<&str> = trail.objects.iter().map(|found| found.etag.as_str()).collect();
        etags.sort_unstable();
        assert_eq!((etags, trail.unreached.len()), (vec!["\"abc\"", "\"def\""], 0));
    }

    #[tokio::test]
    async fn what_a_notification_left_out_is_asked_for() {
        let buckets = Buckets::default();
        for bucket in ["one", "two"] {
            let store = InMemory::new();
            store.put(&Path::from("b.json"), "{}".into()).await.unwrap();
            buckets.held().insert(bucket.into(), Arc::new(store));
        }
        let objects = [
            named("one", "b.json", None),
            named("one", "b.json", None),
            named("one", "a.json", Some("abc")),
            named("two", "b.json", Some("\"abc\"")),
            named("two", "gone.json", None),
            named("two", "a//b.json", None),
        ];
        let trail = Trail::of_named(objects, &buckets, None).await;
        let keys: Vec<&str> = trail.objects.iter().map(|found| found.key.as_str()).collect();
        assert_eq!(keys, ["s3://one/a.json", "s3://one/b.json", "s3://two/b.json"]);
        assert_eq!((trail.objects[0].etag.as_str(), trail.objects[0].size), ("\"abc\"", 2));
        assert_eq!(trail.objects[1].size, 2);
        assert!(!trail.objects[1].etag.is_empty());
        assert_eq!(trail.objects[2].etag, "\"abc\"");
        let mut lost: Vec<_> =
            trail.unreached.iter().map(|lost| (lost.key.as_str(), lost.kind)).collect();
        lost.sort_unstable();
        let expected =
            [("s3://two/a//b.json", ErrorKind::Other), ("s3://two/gone.json", ErrorKind::NotFound)];
        assert_eq!(lost, expected);
    }
}
