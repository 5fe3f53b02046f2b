//! Catch-up: lists the last days of a trail, and ingests what notifications missed.
//!
//! Only the ledger `object` says what is known, so a catch-up that stopped goes on where it was: it
//! lists again, which is cheap, and reads only the rest. How far back it lists is decided for each
//! account and region from the days that the ledger has ([`days::since`]).

mod days;
mod known;
mod list;
mod walk;

use rolecall_lake::{Lake, Location};
use rolecall_model::{Day, Time};

use crate::{Buckets, Ingested, Named, Settings, StepError, Trail, Unreached, ingest};

use known::Known;
use list::Bucket;
use walk::{Plan, Take};

/// What a catch-up did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaughtUp {
    /// Accounts and regions that were listed.
    pub places: u64,
    /// Objects that the listings held.
    pub listed: u64,
    /// What became of those that the ledger did not know.
    pub ingested: Ingested,
    /// When the oldest of those was delivered.
    pub oldest: Option<Time>,
    /// Folders that could not be listed; the next run tries again.
    pub unlisted: Vec<Unreached>,
    /// Whether everything was listed before the time was up.
    pub finished: bool,
}

/// How many days before yesterday are listed where the ledger lacks them.
const BACK: i32 = 14;

/// Lists a trail at `s3://bucket/prefix` and ingests what the ledger does not know: the last two
/// days, and of the fortnight before them what follows the first day that the ledger lacks. With
/// `from`, all days from that one on.
pub async fn catch_up(
    lake: &mut Lake,
    place: &str,
    from: Option<Day>,
    settings: &Settings,
) -> Result<CaughtUp, StepError> {
    let bucket = Bucket::new(Location::find(place).await?);
    let today = Day::from(settings.now);
    let oldest = from.unwrap_or(today.plus(-1 - BACK));
    let known = Known::load(lake, oldest).await?;
    let turn = settings.now.seconds() / 3600;
    let plan = Plan { prefix: bucket.prefix(), today, back: BACK, from, turn };
    let (buckets, did) = (Buckets::default(), Ingested::default());
    let mut ingesting = Ingesting { lake, settings, buckets, did, oldest: None };
    let mut did = walk::walk(&bucket, &plan, known, &mut ingesting).await?;
    (did.ingested, did.oldest) = (ingesting.did, ingesting.oldest);
    Ok(did)
}

struct Ingesting<'a> {
    lake: &'a mut Lake,
    settings: &'a Settings,
    buckets: Buckets,
    did: Ingested,
    oldest: Option<Time>,
}

impl Take for Ingesting<'_> {
    fn is_over(&self) -> bool {
        self.settings.is_over()
    }

    async fn take(&mut self, missed: Vec<Named>) -> Result<(), StepError> {
        let trail = Trail::of_named(missed, &self.buckets, self.settings.until).await;
        self.oldest = self.oldest.into_iter().chain(trail.oldest()).min();
        self.did.add(ingest(self.lake, &trail, self.settings, &|_| ()).await?);
        Ok(())
    }
}
