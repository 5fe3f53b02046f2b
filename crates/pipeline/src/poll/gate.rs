//! One account and region: asks slice after slice, at CloudTrail's pace, until nothing is left, the
//! time is up or AWS says no.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::timeout::TimeoutConfig;
use aws_sdk_cloudtrail::config::{Builder, IdentityCache, Region};
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::primitives::DateTime;
use aws_sdk_cloudtrail::types::{LookupAttribute, LookupAttributeKey};
use rolecall_cloudtrail::lookup::{MOST_PAGES, PAGE, Pace, Slice, Todo};
use rolecall_model::Time;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep_until, timeout};

use super::account::Entered;
use super::answer::{Pages, Trouble};
use super::{Left, Why};

/// So much trouble on end is borne before a region is left to the next poll.
const PATIENCE: u32 = 10;
/// An answer takes a second or so; after this long none comes.
const ANSWER: Duration = Duration::from_secs(30);

/// What time it is, and how much is left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// When the poll began, by the calendar and by the stopwatch.
    pub(super) now: Time,
    pub(super) start: Instant,
    /// How long it may take.
    pub(super) time: Option<Duration>,
}

/// Requests over all gates.
#[derive(Debug, Default)]
pub(super) struct Tally {
    requests: AtomicU64,
    refused: AtomicU64,
}

/// A slice that was read to its last page.
pub(super) struct Read {
    pub(super) slice: Slice,
    /// When its first page was asked for.
    pub(super) read_at: Time,
    /// Its events, in the wrapper of LookupEvents.
    pub(super) json: Vec<u8>,
}

/// One account and region, and what is to be read there.
pub(super) struct Gate {
    account: Entered,
    region: String,
    client: Client,
    todo: Todo,
    pace: Pace,
    clock: Clock,
}

enum Slicing {
    Read(Read, u32),
    TooLong(Option<Time>),
}

impl Gate {
    pub(super) fn of(
        account: &Entered,
        region: String,
        todo: Todo,
        clock: Clock,
        pause: Duration,
    ) -> Gate {
        let client = client(&account.aws, &region);
        Gate { account: account.clone(), region, client, todo, pace: Pace::of(pause), clock }
    }

    /// From when on something is to be read.
    pub(super) fn left_from(&self) -> Option<Time> {
        self.todo.left_from()
    }

    /// How many slices are to be read, as far as known.
    pub(super) fn slices(&self) -> u64 {
        self.todo.slices()
    }

    /// Reads everything, and hands over each slice; says what was left.
    pub(super) async fn read(mut self, tally: &Tally, send: Sender<Read>) -> Option<Left> {
        while let Some(slice) = self.todo.next() {
            match self.slice(&slice, tally).await {
                Ok(Slicing::Read(read, pages)) => {
                    // Whoever stores has gone: its error is the one to tell.
                    send.send(read).await.ok()?;
                    self.todo.read(&slice, pages);
                }
                Ok(Slicing::TooLong(back_to)) => self.todo.too_long(&slice, back_to),
                Err(why) => {
                    return Some(Left {
                        account: self.account.id,
                        region: Some(self.region),
                        since: slice.window.from,
                        why,
                    });
                }
            }
        }
        None
    }

    /// Reads all pages of a slice, or finds that it has too many.
    async fn slice(&mut self, slice: &Slice, tally: &Tally) -> Result<Slicing, Why> {
        let mut anew = 0;
        'anew: loop {
            let read_at = self.clock.calendar();
            let mut pages = Pages::default();
            let mut token = None;
            loop {
                let page = match self.page(slice, token, tally).await {
                    Ok(page) => page,
                    Err(Trouble::Token) if anew < PATIENCE => {
                        anew += 1;
                        continue 'anew;
                    }
                    Err(trouble) => return Err(trouble.into()),
                };
                pages.add(page.events.unwrap_or_default());
                token = page.next_token;
                if token.is_none() {
                    let count = pages.count;
                    let read = Read { slice: slice.clone(), read_at, json: pages.json() };
                    return Ok(Slicing::Read(read, count));
                }
                if pages.count >= MOST_PAGES && Todo::can_cut(slice) {
                    return Ok(Slicing::TooLong(pages.oldest));
                }
            }
        }
    }

    /// Asks for a page, as often as trouble may pass.
    async fn page(
        &mut self,
        slice: &Slice,
        token: Option<String>,
        tally: &Tally,
    ) -> Result<LookupEventsOutput, Trouble> {
        let mut troubles = 0;
        loop {
            let turn = self.pace.turn(self.clock.elapsed());
            if self.clock.time.is_some_and(|time| turn >= time) {
                return Err(Trouble::OutOfTime);
            }
            sleep_until(self.clock.start + turn).await;
            self.pace.sent(self.clock.elapsed());
            tally.requests.fetch_add(1, Ordering::Relaxed);
            let left = self.clock.time.map(|time| time.saturating_sub(self.clock.elapsed()));
            let asked = self.ask(slice, token.clone());
            let trouble = match timeout(left.unwrap_or(ANSWER * 2), asked).await {
                Ok(Ok(page)) => {
                    self.pace.answered();
                    return Ok(page);
                }
                Ok(Err(trouble)) => trouble,
                Err(_) => return Err(Trouble::OutOfTime),
            };
            match &trouble {
                Trouble::TooFast => {
                    tally.refused.fetch_add(1, Ordering::Relaxed);
                    self.pace.refused(self.clock.elapsed());
                }
                Trouble::Passing(_) => self.pace.failed(self.clock.elapsed(), troubles + 1),
                // The same token goes on with new credentials.
                Trouble::Expired => {
                    let cache = IdentityCache::lazy().build();
                    let aws = self.account.aws.to_builder().identity_cache(cache).build();
                    self.client = client(&aws, &self.region);
                }
                Trouble::Token | Trouble::Lasting(_) | Trouble::OutOfTime => return Err(trouble),
            }
            troubles += 1;
            if troubles >= PATIENCE {
                return Err(trouble);
            }
        }
    }

    /// One request: one service, one span of time, one page.
    async fn ask(
        &self,
        slice: &Slice,
        token: Option<String>,
    ) -> Result<LookupEventsOutput, Trouble> {
        let attribute = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventSource)
            .attribute_value(&slice.feed.source)
            .build()
            .map_err(|error| Trouble::Lasting(error.to_string()))?;
        // CloudTrail takes the end for inside. A second read twice does no harm, one left out would.
        self.client
            .lookup_events()
            .lookup_attributes(attribute)
            .start_time(DateTime::from_secs(slice.window.from.seconds()))
            .end_time(DateTime::from_secs(slice.window.until.seconds()))
            .max_results(PAGE as i32)
            .set_next_token(token)
            .send()
            .await
            .map_err(|error| Trouble::of(&error))
    }
}

/// A client that asks once and does not try again: every request counts against the pace.
fn client(aws: &SdkConfig, region: &str) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_timeout(ANSWER)
        .build();
    let config = Builder::from(aws)
        .region(Region::new(region.to_owned()))
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts);
    Client::from_conf(config.build())
}

impl Clock {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn calendar(&self) -> Time {
        Time(self.now.0 + self.elapsed().as_micros() as i64)
    }
}

impl Tally {
    /// Requests, and refusals among them.
    pub(super) fn told(&self) -> (u64, u64) {
        (self.requests.load(Ordering::Relaxed), self.refused.load(Ordering::Relaxed))
    }
}
