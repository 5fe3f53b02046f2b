//! Looking things up within a time, and looking back until there is enough.

use std::time::Duration;

use rolecall_catalog::ParamValue;
use rolecall_model::{Time, Window};
use rolecall_query::look_up;
use rolecall_report::Finding;
use rolecall_report::live::{Listed, Rows, SESSION_COLUMNS, UsedHour};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout};

use crate::sight::Sight;
use crate::trouble::Trouble;

/// Sessions of a list.
const WANTED: usize = 100;

/// The first stretch that is looked at is of whole days with so many sessions; each next one of twice as many.
const STRETCH: i64 = 250_000;

/// When the next stretch would end later than this, looking back ends.
const PATIENCE: Duration = Duration::from_millis(600);

/// Sessions, the newest first, as far as was looked.
pub(crate) struct Newest {
    pub(crate) rows: Rows,
    /// Where to go on looking, if there may be more.
    pub(crate) further: Option<Time>,
}

pub(crate) fn text(value: &str) -> ParamValue {
    ParamValue::Text(value.to_owned())
}

pub(crate) fn list<'a>(values: impl IntoIterator<Item = &'a str>) -> ParamValue {
    ParamValue::List(values.into_iter().map(str::to_owned).collect())
}

impl Sight {
    /// What comes within the time that a question may take.
    pub(crate) async fn within<T>(&self, asked: impl Future<Output = T>) -> Result<T, Trouble> {
        timeout(self.allowed.time, asked).await.map_err(|_| Trouble::TooLong(self.allowed.time))
    }

    /// The rows of a lookup, as a table of a page.
    pub(crate) async fn table(
        &self,
        lookup: &str,
        title: &str,
        span: Window,
        given: &[(&str, ParamValue)],
    ) -> Result<Rows, Trouble> {
        let asked = look_up(&self.engine, lookup, span, given);
        let looked = self.within(asked).await?.map_err(Trouble::Lookup)?;
        let is_full = looked.most.is_some_and(|most| looked.rows.len() >= most);
        Ok(Rows {
            name: lookup.replace('_', "-"),
            title: title.to_owned(),
            note: is_full
                .then(|| format!("Only the first {} are here; SQL gives all.", looked.rows.len())),
            columns: looked.columns,
            rows: looked.rows,
            leaves_out_empty: true,
        })
    }

    /// The rows of a lookup, as values.
    pub(crate) async fn values<T: DeserializeOwned>(
        &self,
        lookup: &str,
        span: Window,
        given: &[(&str, ParamValue)],
    ) -> Result<Vec<T>, Trouble> {
        self.table(lookup, "", span, given).await?.rows.into_iter().map(value).collect()
    }

    /// The session of an id; ids are hashes, and no other text is looked for.
    pub(crate) async fn session_of_id(&self, id: &str) -> Result<Option<Listed>, Trouble> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        Ok(self.sessions("session_by_id", self.all(), id).await?.pop())
    }

    /// The sessions of a lookup by one text.
    pub(crate) async fn sessions(
        &self,
        lookup: &str,
        span: Window,
        what: &str,
    ) -> Result<Vec<Listed>, Trouble> {
        self.values(lookup, span, &[("what", text(what))]).await
    }

    /// The findings that name one of two words; `also` are further names of the same thing, and `event` is one that
    /// may be their evidence.
    pub(crate) async fn findings(
        &self,
        one: &str,
        two: &str,
        also: &[&str],
        event: Option<&str>,
    ) -> Result<Vec<Finding>, Trouble> {
        let words = list([one, two].into_iter().chain(also.iter().copied()));
        self.values(
            "findings_about",
            self.all(),
            // No event's id is a dash.
            &[
                ("words", words),
                ("one", text(one)),
                ("two", text(two)),
                ("event", text(event.unwrap_or("-"))),
            ],
        )
        .await
    }

    /// The calls of some keys over time.
    pub(crate) async fn hours(
        &self,
        span: Window,
        keys: &ParamValue,
    ) -> Result<Vec<UsedHour>, Trouble> {
        self.values("uses_by_hour", span, &[("keys", keys.clone())]).await
    }

    /// The newest sessions of a lookup before an instant: looks at longer and longer stretches, until there are
    /// enough, or the next stretch would take too long. A small lake is one stretch.
    pub(crate) async fn newest(
        &self,
        lookup: &str,
        title: &str,
        before: Option<Time>,
        given: &[(&str, ParamValue)],
    ) -> Result<Newest, Trouble> {
        let all = self.all();
        let begun = Instant::now();
        let end = before.unwrap_or(all.until).min(all.until);
        let mut until = end;
        let mut stretch = STRETCH;
        let mut rows = Rows::default();
        let further = loop {
            let from = self.back(until, stretch).max(all.from);
            let since = Instant::now();
            let mut next = self.table(lookup, title, Window { from, until }, given).await?;
            let older = std::mem::take(&mut next.rows);
            next.rows = std::mem::take(&mut rows.rows);
            next.rows.extend(older);
            rows = next;
            if rows.rows.len() >= WANTED {
                rows.rows.truncate(WANTED);
                break before_last(&rows, end).or(Some(from));
            }
            if from <= all.from {
                break None;
            }
            until = from;
            stretch = stretch.saturating_mul(2);
            if begun.elapsed() + since.elapsed() * 2 > PATIENCE {
                break Some(from);
            }
        };
        rows.note = further.map(|at| {
            let of = if rows.rows.len() >= WANTED {
                "The newest are here"
            } else {
                "Looked back as far as time allowed"
            };
            format!("{of}: those of before {at} are further back. Of more than {WANTED} in one second, SQL gives the rest.")
        });
        rows.columns = SESSION_COLUMNS.map(str::to_owned).into();
        Ok(Newest { rows, further })
    }
}

/// Before when to go on: the second after the oldest session began, so that the others of its second are not passed
/// over, unless all are of that second.
fn before_last(rows: &Rows, end: Time) -> Option<Time> {
    let last: Time = rows.rows.last()?.get("created_at")?.as_str()?.parse().ok()?;
    Some(if last.plus_seconds(1) < end { last.plus_seconds(1) } else { last })
}

/// A row as a value.
pub(crate) fn value<T: DeserializeOwned>(row: Map<String, Value>) -> Result<T, Trouble> {
    serde_json::from_value(Value::Object(row)).map_err(|error| Trouble::Answer(error.to_string()))
}
