//! From when until when a lake knows something.

use rolecall_model::{Event, Session, Time, Usage, Window};

use crate::{Lake, LakeTable};

/// The time that a lake knows something of: its events and uses, and the sessions that these tell of; none if
/// there are none.
pub fn span_of(lake: &Lake) -> Option<Window> {
    fn times(table: &LakeTable) -> impl Iterator<Item = (Time, Time)> + '_ {
        table.files().iter().filter_map(|file| file.times)
    }
    let events = times(lake.table::<Event>()).map(|(from, until)| (from, until.plus_seconds(1)));
    let usages = times(lake.table::<Usage>()).map(|(from, until)| (from, until.plus_seconds(3600)));
    let spans: Vec<_> = events.chain(usages).collect();
    let sessions = times(lake.table::<Session>()).map(|(from, _)| from);
    let from = spans.iter().map(|span| span.0).chain(sessions).min()?;
    Some(Window { from, until: spans.iter().map(|span| span.1).max()? })
}
