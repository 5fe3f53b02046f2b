//! Stores slices that were read, several together: the same way as the files of a trail.

use bytes::Bytes;
use rolecall_cloudtrail::{ObjectKind, ObjectName};
use rolecall_lake::Lake;
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, timeout_at};

use super::PollSettings;
use super::gate::Read;
use crate::ingest::ingest_new;
use crate::{Found, Ingested, Place, StepError, Trail};

/// Slices of so many bytes are stored at once, whatever the time.
const HELD: usize = 12 << 20;

/// Stores what arrives, until nobody sends any more.
pub(super) async fn store(
    lake: &mut Lake,
    settings: &PollSettings,
    mut receive: Receiver<Read>,
    tell: &(dyn Fn(&Ingested) + Sync),
) -> Result<Ingested, StepError> {
    let mut did = Ingested::default();
    let mut held: Vec<Found> = Vec::new();
    let mut due = Instant::now() + settings.store_every;
    loop {
        let arrived = timeout_at(due, receive.recv()).await;
        let over = matches!(arrived, Ok(None));
        let late = arrived.is_err();
        if let Ok(Some(read)) = arrived {
            held.push(object(read));
        }
        let bytes: u64 = held.iter().map(|object| object.size).sum();
        if over || late || bytes >= HELD as u64 {
            if !held.is_empty() {
                let objects = std::mem::take(&mut held);
                let trail = Trail { objects, ..Trail::default() };
                did.add(ingest_new(lake, &trail, &settings.ingest).await?);
                tell(&did);
            }
            due = Instant::now() + settings.store_every;
        }
        if over {
            return Ok(did);
        }
    }
}

/// A slice as an object of a trail: delivered in its last second, and told from another reading of
/// the same slice by when it was read.
fn object(read: Read) -> Found {
    Found {
        key: read.slice.key(),
        etag: read.read_at.to_string(),
        size: read.json.len() as u64,
        name: ObjectName {
            kind: ObjectKind::Log,
            organization: None,
            account: Some(read.slice.feed.account.clone()),
            region: Some(read.slice.feed.region.clone()),
            delivered_at: Some(read.slice.last_second()),
        },
        place: Place::Held(Bytes::from(read.json)),
        named: true,
    }
}
