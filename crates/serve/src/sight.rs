//! What the pages look at: the newest version of the lake, looked for again every few seconds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rolecall_catalog::Report;
use rolecall_known::{Known, Scope};
use rolecall_lake::{Access, Lake, LakeTable, Location, span_of};
use rolecall_model::{Day, Session, Time, Window};
use rolecall_query::{Engine, Limits, know_as, page_rows};
use rolecall_report::Account;
use serde_json::Value;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, timeout};

use crate::trouble::Trouble;

/// How long a version is shown before newer ones are looked for.
const FRESH: Duration = Duration::from_secs(5);

/// Statements that are answered at once, and pages that are made at once; others wait.
const STATEMENTS: usize = 2;
const PAGES: usize = 8;

/// What is served.
pub struct Serving {
    /// Where the lake lies.
    pub location: Location,
    /// What people call it.
    pub lake: String,
    /// What the organisation knows.
    pub known: Known,
    /// The saved queries.
    pub reports: Vec<Report>,
    /// The version of rolecall.
    pub version: &'static str,
    /// Reads the clock.
    pub clock: fn() -> Time,
    /// What questions may use.
    pub allowed: Allowed,
}

/// What questions may use.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    /// Memory in bytes, and parts of a plan that run at once; all questions share it.
    pub engine: Limits,
    /// How long one question may take.
    pub time: Duration,
    /// Rows that a page shows of an answer.
    pub rows: usize,
    /// Rows that a CSV holds of an answer.
    pub csv_rows: usize,
}

/// What is served, and the version of the lake that was seen last.
pub(crate) struct Viewer {
    pub(crate) serving: Serving,
    seen: Mutex<Option<Seen>>,
    pub(crate) statements: Arc<Semaphore>,
    pub(crate) pages: Semaphore,
}

struct Seen {
    lake: Lake,
    at: Instant,
    sight: Sight,
}

/// A version of the lake, to be asked.
#[derive(Clone)]
pub(crate) struct Sight {
    pub(crate) engine: Engine,
    /// The time that the lake knows something of; none if it is empty.
    pub(crate) span: Option<Window>,
    /// The accounts that are known.
    pub(crate) accounts: Vec<Account>,
    /// How many sessions there are.
    pub(crate) sessions: i64,
    /// How many of them began on each day, the newest day first.
    days: Arc<Vec<(Day, i64)>>,
    /// When the lake was looked at.
    pub(crate) seen_at: Time,
    pub(crate) allowed: Allowed,
}

impl Viewer {
    pub(crate) fn new(serving: Serving) -> Viewer {
        Viewer {
            serving,
            seen: Mutex::new(None),
            statements: Arc::new(Semaphore::new(STATEMENTS)),
            pages: Semaphore::new(PAGES),
        }
    }

    /// The newest version, or one that was the newest a few seconds ago.
    pub(crate) async fn sight(&self) -> Result<Sight, Trouble> {
        let time = self.serving.allowed.time;
        timeout(time, self.looked()).await.map_err(|_| Trouble::TooLong(time))?
    }

    async fn looked(&self) -> Result<Sight, Trouble> {
        let mut seen = self.seen.lock().await;
        if let Some(seen) = &*seen
            && seen.at.elapsed() < FRESH
        {
            return Ok(seen.sight.clone());
        }
        // What cannot be refreshed is opened anew, by this request or the next.
        let newest = match seen.take() {
            Some(before) => self.refreshed(before).await?,
            None => {
                let lake = Lake::open(self.serving.location.clone(), Access::Read).await?;
                self.looked_at(lake, None).await?
            }
        };
        let sight = newest.sight.clone();
        *seen = Some(newest);
        Ok(sight)
    }

    async fn refreshed(&self, mut before: Seen) -> Result<Seen, Trouble> {
        let versions =
            |lake: &Lake| lake.tables().iter().map(LakeTable::version).collect::<Vec<_>>();
        let old = versions(&before.lake);
        before.lake.refresh().await?;
        if versions(&before.lake) != old {
            return self.looked_at(before.lake, Some(&before.sight.engine)).await;
        }
        // Entries of rolecall.toml expire.
        self.tell(&before.sight.engine).await?;
        before.at = Instant::now();
        before.sight.seen_at = (self.serving.clock)();
        Ok(before)
    }

    async fn looked_at(&self, lake: Lake, before: Option<&Engine>) -> Result<Seen, Trouble> {
        let now = (self.serving.clock)();
        // Statements over the version before may still be answered: all share one memory.
        let engine = match before {
            Some(before) => before.beside(&lake).await?,
            None => Engine::over(&lake, self.serving.allowed.engine).await?,
        };
        self.tell(&engine).await?;
        // Clocks that were wrong may have written years ahead.
        let span = span_of(&lake).map(|span| Window {
            from: span.from,
            until: span.until.min(now.plus_seconds(86_400)).max(span.from.plus_seconds(1)),
        });
        let days = sessions_by_day(&lake);
        let sessions = days.iter().map(|(_, rows)| rows).sum();
        let nothing = Window { from: Time(0), until: Time(1) };
        let rows = page_rows(&engine, "accounts", span.unwrap_or(nothing), now, &[]).await?;
        let read = |row| serde_json::from_value(Value::Object(row));
        let accounts: Result<_, _> = rows.into_iter().map(read).collect();
        let accounts = accounts.map_err(|error| Trouble::Answer(error.to_string()))?;
        let allowed = self.serving.allowed;
        let days = Arc::new(days);
        let sight = Sight { engine, span, accounts, sessions, days, seen_at: now, allowed };
        Ok(Seen { lake, at: Instant::now(), sight })
    }

    async fn tell(&self, engine: &Engine) -> Result<(), Trouble> {
        let nobody = Scope { name: "", covers: &[] };
        Ok(know_as(engine, &self.serving.known, nobody, (self.serving.clock)()).await?)
    }
}

fn sessions_by_day(lake: &Lake) -> Vec<(Day, i64)> {
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    for file in lake.table::<Session>().files() {
        *days.entry(file.day).or_default() += file.rows;
    }
    days.into_iter().rev().collect()
}

impl Sight {
    /// The time that the lake knows something of.
    pub(crate) fn all(&self) -> Window {
        self.span.unwrap_or(Window { from: Time(0), until: Time(1) })
    }

    /// The last days of it.
    pub(crate) fn last_days(&self, days: i64) -> Window {
        let all = self.all();
        Window { from: all.from.max(all.until.plus_seconds(-days * 86_400)), until: all.until }
    }

    /// The beginning of the days before an instant that hold at least so many sessions.
    pub(crate) fn back(&self, until: Time, sessions: i64) -> Time {
        let mut found = 0;
        for (day, rows) in self.days.iter().filter(|(day, _)| day.start() < until) {
            found += rows;
            if found >= sessions {
                return day.start();
            }
        }
        self.all().from
    }

    /// What was looked at, for whoever looked in vain.
    pub(crate) fn scope(&self) -> String {
        match self.span {
            Some(span) => format!(
                "{} sessions and their uses from {} to {}",
                self.sessions,
                Day::from(span.from),
                Day::from(span.until)
            ),
            None => "the lake, which is empty: `rolecall run FOLDER` fills it".to_owned(),
        }
    }
}
