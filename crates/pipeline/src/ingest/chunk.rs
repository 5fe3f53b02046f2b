//! A chunk of a trail: as many objects as fit into memory, read and parsed by several threads.

use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rolecall_cloudtrail::{Batch, ObjectRef, Outcome, Reader, Reading};
use rolecall_model::Object;
use tokio::runtime::Handle;

use super::fetch::{Room, fetch};
use super::weight::Weight;
use super::{Settings, Unreached};
use crate::{Found, Place};

/// Files of this size or less are read into memory at once; larger ones are streamed.
const WHOLE: u64 = 16 << 20;

/// More threads than cores wait for S3, since one object takes some ten milliseconds to arrive.
const REMOTE_THREADS: usize = 16;

/// What some objects of a trail hold.
#[derive(Default)]
pub(super) struct Chunk {
    /// How many objects it took from the front.
    pub(super) taken: usize,
    pub(super) objects: Vec<Object>,
    pub(super) batch: Batch,
    /// Objects that gave no bytes: they stay unknown to the ledger, and the next run tries again.
    pub(super) unreached: Vec<Unreached>,
}

/// How far the reading of a chunk is.
pub(super) struct Part {
    pub(super) objects: usize,
    pub(super) records: u64,
    pub(super) bytes: u64,
}

impl Chunk {
    /// Reads objects from the front until the memory is used up, or the time.
    pub(super) fn read(
        objects: &[&Found],
        settings: &Settings,
        watch: &(dyn Fn(Part) + Sync),
    ) -> Chunk {
        let remote = objects.first().is_some_and(|o| matches!(o.place, Place::Remote(..)));
        let threads =
            if remote { REMOTE_THREADS } else { settings.threads }.clamp(1, objects.len().max(1));
        let work = Work {
            objects,
            settings,
            next: AtomicUsize::new(0),
            weight: AtomicUsize::new(0),
            room: Room::beside(settings.memory),
            done: Mutex::new(Part { objects: 0, records: 0, bytes: 0 }),
            watch,
        };
        let handle = Handle::current();
        let parts: Vec<Chunk> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| work.run(&handle))).collect();
            let joined = threads.into_iter().map(|thread| thread.join());
            joined
                .map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let mut chunk = Chunk::default();
        for part in parts {
            chunk.taken += part.taken;
            chunk.objects.extend(part.objects);
            chunk.batch.events.extend(part.batch.events);
            chunk.batch.rejected.extend(part.batch.rejected);
            chunk.batch.uses.absorb(part.batch.uses);
            chunk.unreached.extend(part.unreached);
        }
        chunk
    }
}

struct Work<'a> {
    objects: &'a [&'a Found],
    settings: &'a Settings,
    next: AtomicUsize,
    weight: AtomicUsize,
    room: Room,
    done: Mutex<Part>,
    watch: &'a (dyn Fn(Part) + Sync),
}

impl Work<'_> {
    fn run(&self, handle: &Handle) -> Chunk {
        let mut reader = Reader::new(self.settings.limits);
        let mut part = Chunk::default();
        let mut bytes = Vec::new();
        let mut weight = Weight::default();
        while self.weight.load(Ordering::Relaxed) <= self.settings.memory
            && !self.settings.is_over()
        {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(found) = self.objects.get(at) else { break };
            part.taken += 1;
            let read = self.read_one(found, handle, &mut reader, &mut bytes, &mut part.batch);
            let records = read.as_ref().map_or(0, |reading| reading.records);
            match read {
                Ok(reading) => part.objects.push(row(found, &reading, self.settings)),
                Err(error) => part.unreached.push(Unreached::new(found.key.clone(), &error)),
            }
            let more = weight.grow(&part.batch) + size_of::<Object>();
            self.weight.fetch_add(more, Ordering::Relaxed);
            self.tell(found, records);
        }
        part
    }

    fn tell(&self, found: &Found, records: i64) {
        if let Ok(mut part) = self.done.lock() {
            part.objects += 1;
            part.records += records.unsigned_abs();
            part.bytes += found.size;
            (self.watch)(Part { ..*part });
        }
    }

    /// Reads one object into the batch.
    ///
    /// # Errors
    ///
    /// Its bytes could not be had: what is in them is not known, and may be had the next time.
    fn read_one(
        &self,
        found: &Found,
        handle: &Handle,
        reader: &mut Reader,
        bytes: &mut Vec<u8>,
        batch: &mut Batch,
    ) -> std::io::Result<Reading> {
        let object = ObjectRef {
            key: &found.key,
            etag: &found.etag,
            kind: found.name.kind,
            read_at: self.settings.now,
        };
        if !found.may_be_a_log() {
            return Ok(passed_over("its name is not that of a log"));
        }
        bytes.clear();
        match &found.place {
            Place::File(path) if found.size <= WHOLE => {
                File::open(path)?.read_to_end(bytes)?;
            }
            Place::File(path) => {
                let mut file = Noting { file: File::open(path)?, failed: None };
                let before = batch.rejected.len();
                let reading = reader.read_stream(&object, &mut file, batch);
                return match file.failed {
                    // The reader refuses what it cannot read to its end; here the disk failed, and
                    // not the log.
                    Some(error) if reading.outcome == Outcome::Refused => {
                        batch.rejected.truncate(before);
                        Err(error)
                    }
                    _ => Ok(reading),
                };
            }
            Place::Remote(store, path) => {
                let body = fetch(store.as_ref(), path, &self.room, self.settings.until);
                let (body, _permit) = handle.block_on(body)?;
                return Ok(reader.read(&object, &body, batch));
            }
            Place::Held(held) => return Ok(reader.read(&object, held, batch)),
        }
        Ok(reader.read(&object, bytes, batch))
    }
}

/// A file that remembers why reading it failed.
struct Noting {
    file: File,
    failed: Option<Error>,
}

impl Read for Noting {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(into);
        if let Err(error) = &read
            && error.kind() != ErrorKind::Interrupted
        {
            let same = || Error::from(error.kind());
            self.failed = Some(error.raw_os_error().map_or_else(same, Error::from_raw_os_error));
        }
        read
    }
}

fn row(found: &Found, reading: &Reading, settings: &Settings) -> Object {
    Object {
        key: found.key.clone(),
        etag: found.etag.clone(),
        size: found.size as i64,
        kind: found.name.kind.as_str().to_owned(),
        organization: found.name.organization.clone(),
        account: found.name.account.clone(),
        region: found.name.region.clone(),
        delivered_at: found.name.delivered_at,
        ingested_at: settings.now,
        outcome: match reading.outcome {
            Outcome::Read => "read",
            Outcome::PassedOver => "passed over",
            Outcome::Refused => "refused",
        }
        .to_owned(),
        reason: reading.reason.clone(),
        envelope: reading.envelope.map(str::to_owned),
        records: reading.records,
        kept: reading.kept,
        passed_over: reading.passed_over,
        rejected: reading.rejected,
        credential_events: reading.credential_events,
        first_event_at: reading.first_event_at,
        last_event_at: reading.last_event_at,
        integrity: "unverified".to_owned(),
    }
}

fn passed_over(reason: &str) -> Reading {
    Reading {
        outcome: Outcome::PassedOver,
        reason: Some(reason.to_owned()),
        envelope: None,
        records: 0,
        kept: 0,
        passed_over: 0,
        rejected: 0,
        credential_events: 0,
        first_event_at: None,
        last_event_at: None,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rolecall_cloudtrail::ObjectName;
    use rolecall_model::Time;

    use super::*;

    #[tokio::test]
    async fn a_disk_that_fails_is_tried_again() {
        // No process has its first page: to read it is an error of input and output.
        let path = std::path::PathBuf::from("/proc/self/mem");
        let found = |size: u64| Found {
            key: "large.json".into(),
            etag: "e".into(),
            size,
            name: ObjectName::parse("large.json"),
            place: Place::File(path.clone()),
            named: true,
        };
        for size in [WHOLE, WHOLE + 1] {
            let chunk = Chunk::read(&[&found(size)], &Settings::at(Time(0)), &|_| ());
            assert_eq!((chunk.taken, chunk.unreached.len()), (1, 1), "{size}");
            assert_eq!((chunk.objects.len(), chunk.batch.rejected.len()), (0, 0), "{size}");
        }
    }
}
