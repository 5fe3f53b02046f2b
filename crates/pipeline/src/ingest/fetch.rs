//! The bytes of a remote object, as long as there is time.

use std::io;
use std::time::Instant;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::lost::of_store;

/// Why an object was not reached, although nothing is wrong with it.
pub(super) const OVER: &str = "the time was up before it was read";

/// Room for objects that are downloaded and not parsed yet, in bytes: an object waits until others are
/// done, and one that would never fit is not fetched.
pub(super) struct Room {
    bytes: usize,
    free: Semaphore,
}

/// Bytes for which one permit stands.
const UNIT: usize = 1 << 10;

/// CloudTrail splits its files at 50 MB, compressed
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>).
const LEAST: usize = 64 << 20;

impl Room {
    /// Room for as much as the rows of a chunk may take, and for any object of CloudTrail's.
    pub(super) fn beside(chunk: usize) -> Room {
        Room::of(chunk.max(LEAST))
    }

    fn of(bytes: usize) -> Room {
        Room { bytes, free: Semaphore::new(bytes.div_ceil(UNIT)) }
    }

    async fn take(&self, size: u64) -> io::Result<SemaphorePermit<'_>> {
        let units = usize::try_from(size).ok().filter(|size| *size <= self.bytes);
        let units = units.and_then(|size| u32::try_from(size.div_ceil(UNIT)).ok());
        let Some(units) = units else {
            return Err(io::Error::other(format!(
                "it has {size} bytes, and there is room for {}: is it a log? If so, ingest it from a folder",
                self.bytes
            )));
        };
        self.free.acquire_many(units).await.map_err(io::Error::other)
    }
}

/// Downloads an object; the store tries again by itself what may pass. Its room is free again when the
/// permit is dropped.
pub(super) async fn fetch<'r>(
    store: &dyn ObjectStore,
    path: &Path,
    room: &'r Room,
    until: Option<Instant>,
) -> io::Result<(Bytes, SemaphorePermit<'r>)> {
    let body = async {
        let found = store.get(path).await.map_err(of_store)?;
        let permit = room.take(found.meta.size).await?;
        Ok((found.bytes().await.map_err(of_store)?, permit))
    };
    match until {
        Some(until) => tokio::time::timeout_at(until.into(), body)
            .await
            .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, OVER))?,
        None => body.await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use object_store::memory::InMemory;
    use object_store::throttle::{ThrottleConfig, ThrottledStore};

    use super::*;

    #[tokio::test]
    async fn a_slow_object_is_given_up_in_time() {
        let path = Path::from("slow.json.gz");
        let store = InMemory::new();
        store.put(&path, "{}".into()).await.unwrap();
        let room = Room::of(1000);
        assert_eq!(fetch(&store, &path, &room, None).await.unwrap().0, "{}");

        let wait_get_per_call = Duration::from_secs(3600);
        let config = ThrottleConfig { wait_get_per_call, ..ThrottleConfig::default() };
        let slow = ThrottledStore::new(store, config);
        let until = Some(Instant::now() + Duration::from_millis(20));
        let error = fetch(&slow, &path, &room, until).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn objects_wait_for_room_and_the_largest_are_not_fetched() {
        let (small, large) = (Path::from("small"), Path::from("large"));
        let store = InMemory::new();
        store.put(&small, vec![b' '; 3 * UNIT].into()).await.unwrap();
        store.put(&large, vec![b' '; 5 * UNIT].into()).await.unwrap();
        let room = Room::of(4 * UNIT);
        let held = fetch(&store, &small, &room, None).await.unwrap();
        let soon = || Some(Instant::now() + Duration::from_millis(20));
        let error = fetch(&store, &small, &room, soon()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(held);
        assert_eq!(fetch(&store, &small, &room, soon()).await.unwrap().0.len(), 3 * UNIT);
        let error = fetch(&store, &large, &room, None).await.unwrap_err();
        assert!(error.to_string().contains("5120 bytes"), "{error}");
    }
}
