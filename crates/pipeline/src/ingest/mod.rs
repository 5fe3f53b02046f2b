//! Ingest: objects of a trail become rows; nothing lost, nothing twice.
//!
//! Objects are read in chunks of bounded memory, in the order of their delivery. Each chunk is
//! committed to `event`, `usage`, `rejected` and last to `object`, the ledger: whoever is killed in
//! between reads the chunk again, and finds its rows already there. What gave no bytes is noted in
//! `rejected` as lost, and tried again by the next run all the same.

mod chunk;
mod fetch;
mod forgotten;
pub(crate) mod ledger;
pub(crate) mod lost;
mod place;
mod seen;
mod store;
mod weight;

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Instant;

use rolecall_lake::Lake;
use rolecall_model::{Event, Time, Usage};
use rolecall_networks::Networks;

use crate::{Progress, StepError, Trail, Watch};
use chunk::Chunk;
use ledger::Ledger;
pub use lost::Unreached;
pub(crate) use seen::HASHES;
use seen::Seen;

/// How to ingest.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Threads that read and parse.
    pub threads: usize,
    /// What a chunk may hold in memory, in bytes.
    pub memory: usize,
    /// What a reader accepts.
    pub limits: rolecall_cloudtrail::Limits,
    /// What tells where an address is.
    pub networks: Arc<Networks>,
    /// The time that rows are stamped with.
    pub now: Time,
    /// When to stop reading. What was read by then is committed, the rest is unreached.
    pub until: Option<Instant>,
}

impl Settings {
    /// As many threads as the machine has cores, and chunks of 36 MiB.
    pub fn at(now: Time) -> Settings {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        Settings {
            threads,
            memory: 36 << 20,
            limits: rolecall_cloudtrail::Limits::default(),
            networks: Arc::default(),
            now,
            until: None,
        }
    }

    /// Whether the time to read is over.
    pub(crate) fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// What an ingest did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Objects listed.
    pub objects: u64,
    /// Objects the ledger knew already.
    pub known: u64,
    /// Objects passed over: no logs by their name or content.
    pub passed_over: u64,
    /// Objects that could not be read.
    pub refused: u64,
    /// Bytes read, as stored.
    pub bytes: u64,
    /// Records read: kept + passed over + rejected.
    pub records: u64,
    /// Records kept.
    pub records_kept: u64,
    /// Records passed over.
    pub records_passed_over: u64,
    /// Records rejected.
    pub records_rejected: u64,
    /// New rows of `event`.
    pub new_events: u64,
    /// Calls newly counted in `usage`.
    pub new_calls: u64,
    /// Objects that could not be fetched; what was fetched is stored all the same.
    pub unreached: Vec<Unreached>,
}

/// Reads every object of a trail that the lake does not know yet.
pub async fn ingest(
    lake: &mut Lake,
    trail: &Trail,
    settings: &Settings,
    watch: Watch<'_>,
) -> Result<Ingested, StepError> {
    let ledger = Ledger::load(lake, &trail.objects).await?;
    take_in(lake, trail, ledger, settings, watch).await
}

/// Reads objects that nobody can have read before, since their names say when they were made.
pub(crate) async fn ingest_new(
    lake: &mut Lake,
    trail: &Trail,
    settings: &Settings,
) -> Result<Ingested, StepError> {
    let ledger = Ledger::of_new(lake, &trail.objects);
    take_in(lake, trail, ledger, settings, &|_| ()).await
}

async fn take_in(
    lake: &mut Lake,
    trail: &Trail,
    mut ledger: Ledger,
    settings: &Settings,
    watch: Watch<'_>,
) -> Result<Ingested, StepError> {
    let new: Vec<_> = trail.objects.iter().filter(|object| !ledger.knows(object)).collect();

    let mut did = Ingested { objects: trail.objects.len() as u64, ..Ingested::default() };
    did.known = did.objects - new.len() as u64;
    let mut events = Seen::<Event>::default();
    let mut usages = Seen::<Usage>::default();
    let mut next = 0;
    let bytes_total = new.iter().map(|found| found.size).sum();
    watch(progress(&did, next, new.len(), bytes_total));
    while next < new.len() && !settings.is_over() {
        let chunk = Chunk::read(&new[next..], settings, &|part| {
            watch(Progress {
                done: (next + part.objects) as u64,
                total: new.len() as u64,
                records: did.records + part.records,
                bytes: did.bytes + part.bytes,
                bytes_total,
            });
        });
        next += chunk.taken;
        did.take(&chunk);
        did.new_events += store::events(lake, settings, &mut events, chunk.batch.events).await?;
        did.new_calls += store::usages(lake, settings, &mut usages, chunk.batch.uses).await?;
        store::rejected(lake, chunk.batch.rejected).await?;
        store::objects(lake, &mut ledger, chunk.objects).await?;
        did.unreached.extend(chunk.unreached);
    }
    did.unreached.extend(trail.unreached.iter().cloned());
    let lost = did.unreached.iter().filter_map(|unreached| unreached.noted(settings.now));
    store::rejected(lake, lost.collect()).await?;
    let over = |key| Unreached { key, why: fetch::OVER.to_owned(), kind: ErrorKind::TimedOut };
    did.unreached.extend(new[next..].iter().map(|found| over(found.key.clone())));
    watch(progress(&did, next, new.len(), bytes_total));
    Ok(did)
}

fn progress(did: &Ingested, done: usize, total: usize, bytes_total: u64) -> Progress {
    Progress {
        done: done as u64,
        total: total as u64,
        records: did.records,
        bytes: did.bytes,
        bytes_total,
    }
}

impl Ingested {
    /// Adds what another ingest did.
    pub(crate) fn add(&mut self, other: Ingested) {
        self.objects += other.objects;
        self.known += other.known;
        self.passed_over += other.passed_over;
        self.refused += other.refused;
        self.bytes += other.bytes;
        self.records += other.records;
        self.records_kept += other.records_kept;
        self.records_passed_over += other.records_passed_over;
        self.records_rejected += other.records_rejected;
        self.new_events += other.new_events;
        self.new_calls += other.new_calls;
        self.unreached.extend(other.unreached);
    }

    fn take(&mut self, chunk: &Chunk) {
        for object in &chunk.objects {
            self.passed_over += u64::from(object.outcome == "passed over");
            self.refused += u64::from(object.outcome == "refused");
            self.bytes += object.size.unsigned_abs();
            self.records += object.records.unsigned_abs();
            self.records_kept += object.kept.unsigned_abs();
            self.records_passed_over += object.passed_over.unsigned_abs();
            self.records_rejected += object.rejected.unsigned_abs();
        }
    }
}
