//! The line of a credential, followed through the lake step by step, each within the time in which it can lie.

use std::collections::HashSet;
use std::time::Duration;

use rolecall_model::{Time, Window};
use rolecall_report::live::{Lineage, Listed};
use tokio::time::Instant;

use crate::look::{Newest, list, value};
use crate::sight::Sight;
use crate::trouble::Trouble;

/// Sessions that a line shows at most.
const MOST: usize = 400;

/// Steps up, and steps down.
const MOST_STEPS: usize = 100;

/// When a line has taken so long, it ends.
const PATIENCE: Duration = Duration::from_millis(700);

/// No temporary credential lives longer (GetSessionToken: 36 hours), in seconds.
const LONGEST: i64 = 36 * 3600;

/// A parent whose time of issue is not told is looked for in so many days before its child.
const PARENT_DAYS: i64 = 7;

pub(super) async fn of_session(sight: &Sight, own: Listed) -> Result<Lineage, Trouble> {
    let begun = Instant::now();
    let (above, mut note) = up(sight, &own).await?;
    let (below, cut) = down(sight, vec![own.clone()], begun).await?;
    note = note.or(cut);
    Ok(Lineage { key: None, above, own: vec![own], below, note })
}

/// What a long-term key opened, and what grew from that.
pub(super) async fn of_key(sight: &Sight, key: &str, opened: &Newest) -> Result<Lineage, Trouble> {
    let first: Result<Vec<Listed>, _> = opened.rows.rows.iter().cloned().map(value).collect();
    let first = first?;
    let (mut below, note) = down(sight, first.clone(), Instant::now()).await?;
    below.extend(first);
    let notes: Vec<String> = note.into_iter().chain(opened.rows.note.clone()).collect();
    let note = (!notes.is_empty()).then(|| notes.join(" "));
    Ok(Lineage { key: Some(key.to_owned()), above: Vec::new(), own: Vec::new(), below, note })
}

/// The sessions above, the first at the root.
async fn up(sight: &Sight, own: &Listed) -> Result<(Vec<Listed>, Option<String>), Trouble> {
    let mut above: Vec<Listed> = Vec::new();
    let mut met: HashSet<String> = HashSet::from([own.session_id.clone()]);
    let mut child = own.clone();
    let mut note = None;
    while let Some(parent) = child.parent_session_id.clone() {
        if above.len() >= MOST_STEPS || !met.insert(parent.clone()) {
            note = Some(format!("The line goes on above: its root is {}.", own.root_principal));
            break;
        }
        let span = match child.caller_created_at {
            Some(at) => Window { from: at.plus_seconds(-60), until: at.plus_seconds(60) },
            None => Window {
                from: child.created_at.plus_seconds(-PARENT_DAYS * 86_400),
                until: child.created_at.plus_seconds(60),
            },
        };
        let Some(found) = sight.sessions("session_by_id", span, &parent).await?.pop() else {
            note = Some(format!(
                "The session `{parent}` above it was not found; the root is {}.",
                own.root_principal
            ));
            break;
        };
        child = found.clone();
        above.push(found);
    }
    above.reverse();
    Ok((above, note))
}

/// All sessions below some, level by level.
async fn down(
    sight: &Sight,
    first: Vec<Listed>,
    begun: Instant,
) -> Result<(Vec<Listed>, Option<String>), Trouble> {
    let mut met: HashSet<String> = first.iter().map(|session| session.session_id.clone()).collect();
    let mut below: Vec<Listed> = Vec::new();
    let mut level = first;
    for _ in 0..MOST_STEPS {
        let Some(span) = lives(&level) else { return Ok((below, None)) };
        let parents = list(level.iter().map(|session| session.session_id.as_str()));
        let found: Vec<Listed> =
            sight.values("sessions_below", span, &[("parents", parents)]).await?;
        level =
            found.into_iter().filter(|session| met.insert(session.session_id.clone())).collect();
        if below.len() + level.len() > MOST {
            level.truncate(MOST - below.len());
            below.extend(level);
            return Ok((below, Some(format!("Only {MOST} of the sessions below are drawn."))));
        }
        below.extend(level.iter().cloned());
        if begun.elapsed() > PATIENCE && !level.is_empty() {
            return Ok((
                below,
                Some(
                    "The line was followed as far down as time allowed: open a session to go on."
                        .to_owned(),
                ),
            ));
        }
    }
    Ok((below, Some(format!("The line was followed {MOST_STEPS} steps down."))))
}

/// The time in which sessions can have opened others; none of no sessions.
fn lives(sessions: &[Listed]) -> Option<Window> {
    let end = |session: &Listed| -> Time {
        let ends = [session.expires_at, session.last_used_at].into_iter().flatten().max();
        ends.unwrap_or(session.created_at.plus_seconds(LONGEST)).plus_seconds(60)
    };
    let from = sessions.iter().map(|session| session.created_at).min()?;
    let until = sessions.iter().map(end).max()?;
    Some(Window { from: from.plus_seconds(-60), until })
}
