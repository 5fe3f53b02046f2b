//! The bytes of a remote object, as long as there is time.

use std::io;
use std::time::Instant;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

/// Why an object was not reached, although nothing is wrong with it.
pub(super) const OVER: &str = "the time was up before it was read";

/// Downloads an object; the store tries again by itself what may pass.
pub(super) async fn fetch(
    store: &dyn ObjectStore,
    path: &Path,
    until: Option<Instant>,
) -> io::Result<Bytes> {
    let body = async { store.get(path).await?.bytes().await };
    let body = match until {
        Some(until) => tokio::time::timeout_at(until.into(), body)
            .await
            .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, OVER))?,
        None => body.await,
    };
    body.map_err(io::Error::other)
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
        assert_eq!(fetch(&store, &path, None).await.unwrap(), "{}");

        let wait_get_per_call = Duration::from_secs(3600);
        let config = ThrottleConfig { wait_get_per_call, ..ThrottleConfig::default() };
        let slow = ThrottledStore::new(store, config);
        let until = Some(Instant::now() + Duration::from_millis(20));
        let error = fetch(&slow, &path, until).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
