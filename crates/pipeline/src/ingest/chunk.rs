//! A chunk of a trail: as many objects as fit into memory, read and parsed by several threads.

use std::fs::File;
use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use object_store::ObjectStoreExt;
use rolecall_cloudtrail::{Batch, ObjectRef, Outcome, Reader, Reading};
use rolecall_model::{Object, Rejected};
use tokio::runtime::Handle;

use super::Settings;
use crate::{Found, Place, Trail};

/// Files of this size or less are read into memory at once; larger ones are streamed.
const WHOLE: u64 = 16 << 20;

/// More threads than cores wait for S3, since one object takes some ten milliseconds to arrive.
const REMOTE_THREADS: usize = 16;

/// What some objects of a trail hold.
pub(super) struct Chunk {
    pub(super) objects: Vec<Object>,
    pub(super) batch: Batch,
}

/// How far the reading of a chunk is.
pub(super) struct Part {
    pub(super) objects: usize,
    pub(super) records: u64,
    pub(super) bytes: u64,
}

impl Chunk {
    /// Reads objects from the front until the memory is used up: at least one.
    pub(super) fn read(
        trail: &Trail,
        objects: &[&Found],
        settings: Settings,
        watch: &(dyn Fn(Part) + Sync),
    ) -> Chunk {
        let remote = trail.store.is_some();
        let threads =
            if remote { REMOTE_THREADS } else { settings.threads }.clamp(1, objects.len().max(1));
        let work = Work {
            trail,
            objects,
            settings,
            next: AtomicUsize::new(0),
            weight: AtomicUsize::new(0),
            done: Mutex::new(Part { objects: 0, records: 0, bytes: 0 }),
            watch,
        };
        let handle = Handle::current();
        let parts: Vec<(Vec<Object>, Batch)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| work.run(&handle))).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let mut chunk = Chunk { objects: Vec::new(), batch: Batch::default() };
        for (objects, batch) in parts {
            chunk.objects.extend(objects);
            chunk.batch.events.extend(batch.events);
            chunk.batch.rejected.extend(batch.rejected);
            chunk.batch.uses.absorb(batch.uses);
        }
        chunk
    }
}

struct Work<'a> {
    trail: &'a Trail,
    objects: &'a [&'a Found],
    settings: Settings,
    next: AtomicUsize,
    weight: AtomicUsize,
    done: Mutex<Part>,
    watch: &'a (dyn Fn(Part) + Sync),
}

impl Work<'_> {
    fn run(&self, handle: &Handle) -> (Vec<Object>, Batch) {
        let mut reader = Reader::new(self.settings.limits);
        let mut batch = Batch::default();
        let mut objects = Vec::new();
        let mut bytes = Vec::new();
        let mut weighed = 0;
        while self.weight.load(Ordering::Relaxed) <= self.settings.memory {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(found) = self.objects.get(at) else { break };
            let reading = self.read_one(found, handle, &mut reader, &mut bytes, &mut batch);
            objects.push(row(found, &reading, self.settings));

            let weight = weight(&batch) + objects.len() * size_of::<Object>();
            self.weight.fetch_add(weight.saturating_sub(weighed), Ordering::Relaxed);
            weighed = weight;
            self.tell(found, &reading);
        }
        (objects, batch)
    }

    fn tell(&self, found: &Found, reading: &Reading) {
        if let Ok(mut part) = self.done.lock() {
            part.objects += 1;
            part.records += reading.records.unsigned_abs();
            part.bytes += found.size;
            (self.watch)(Part { ..*part });
        }
    }

    fn read_one(
        &self,
        found: &Found,
        handle: &Handle,
        reader: &mut Reader,
        bytes: &mut Vec<u8>,
        batch: &mut Batch,
    ) -> Reading {
        let object = ObjectRef {
            key: &found.key,
            etag: &found.etag,
            kind: found.name.kind,
            read_at: self.settings.now,
        };
        if !found.may_be_a_log() {
            return passed_over("its name is not that of a log");
        }
        bytes.clear();
        let read = match &found.place {
            Place::File(path) if found.size <= WHOLE => {
                File::open(path).and_then(|mut file| file.read_to_end(bytes)).map(drop)
            }
            Place::File(path) => match File::open(path) {
                Ok(mut file) => return reader.read_stream(&object, &mut file, batch),
                Err(error) => Err(error),
            },
            Place::Remote(path) => {
                self.fetch(path, handle).map(|body| bytes.extend_from_slice(&body))
            }
        };
        match read {
            Ok(()) => reader.read(&object, bytes, batch),
            Err(error) => unreachable_object(&object, &error.to_string(), batch),
        }
    }

    fn fetch(
        &self,
        path: &object_store::path::Path,
        handle: &Handle,
    ) -> std::io::Result<bytes::Bytes> {
        let Some(store) = &self.trail.store else { return Ok(bytes::Bytes::new()) };
        handle
            .block_on(async { store.get(path).await?.bytes().await })
            .map_err(std::io::Error::other)
    }
}

/// What the rows of a batch weigh in memory, in bytes, roughly.
fn weight(batch: &Batch) -> usize {
    const EVENT: usize = 4096;
    const GROUP: usize = 1024;
    const CALL: usize = 24;
    batch.events.len() * EVENT
        + batch.rejected.len() * EVENT
        + batch.uses.groups() * GROUP
        + batch.uses.len() * CALL
}

fn row(found: &Found, reading: &Reading, settings: Settings) -> Object {
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
    unread(Outcome::PassedOver, reason.to_owned())
}

fn unreachable_object(object: &ObjectRef<'_>, why: &str, batch: &mut Batch) -> Reading {
    let reason = format!("it could not be fetched: {why}");
    batch.rejected.push(Rejected {
        object_key: object.key.to_owned(),
        object_etag: object.etag.to_owned(),
        rejected_at: object.read_at,
        reason: reason.clone(),
        ..Rejected::default()
    });
    unread(Outcome::Refused, reason)
}

fn unread(outcome: Outcome, reason: String) -> Reading {
    Reading {
        outcome,
        reason: Some(reason),
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
