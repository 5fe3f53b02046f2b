//! The timeline: all sessions by the time of their issuance, and some of them as bars from issued to expired,
//! with their use in them.

use std::collections::BTreeMap;

use crate::axis::{Axis, Tick};
use crate::instant::{minutes, seconds};
use crate::map::Drawn;
use crate::material::{Hour, Material, Session};
use crate::names::{Names, short, steps};
use crate::numbers::{counted, grouped, lasting, percent};
use crate::room::Room;
use crate::text::{cut, shortened};

/// More lanes, bars in a lane and rows of a lane than these are not drawn.
const MOST_LANES: usize = 48;
const MOST_BARS: usize = 24;
const MOST_ROWS: usize = 4;
/// Columns of the density.
const PARTS: usize = 168;
/// An upper bound of the markup of a bar and its joint, for each of its two texts, in bytes.
const MARKUP: usize = 210;
/// Pixels.
const LABEL: i64 = 18;
const ROW: i64 = 13;
const PAD: i64 = 9;
/// The smallest width of a bar, as a share of the whole.
const THIN: f64 = 0.006;

#[derive(Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) height: i64,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) joints: Vec<Joint>,
    pub(crate) density: Vec<Dense>,
    pub(crate) drawn: usize,
    pub(crate) note: String,
}

/// Sessions of one principal that began with the same root.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) y: i64,
    pub(crate) line: i64,
    pub(crate) label: String,
    pub(crate) whole: String,
    pub(crate) marks: String,
    pub(crate) bars: Vec<Bar>,
}

/// A session.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) x: String,
    pub(crate) width: String,
    pub(crate) y: i64,
    pub(crate) used: Option<(String, String)>,
    pub(crate) class: String,
    pub(crate) walk: String,
    pub(crate) tip: String,
}

/// The line from a session to one that it opened.
#[derive(Debug)]
pub(crate) struct Joint {
    pub(crate) x: String,
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Whether the session is more than a step from its root.
    pub(crate) is_deep: bool,
}

/// Sessions issued within a part of the span.
#[derive(Debug)]
pub(crate) struct Dense {
    pub(crate) x: String,
    pub(crate) width: String,
    pub(crate) all: i64,
    pub(crate) chained: i64,
    pub(crate) tip: String,
}

/// The height of the density, in pixels.
pub(crate) const DENSITY: i64 = 56;

pub(crate) fn timeline(
    material: &Material,
    names: &Names<'_>,
    drawn: &Drawn<'_>,
    room: &mut Room,
) -> Timeline {
    let axis = Axis::new(material.head.from, material.head.until);
    let mut timeline = Timeline { ticks: axis.ticks(), ..Timeline::default() };
    timeline.density = density(&material.hours, &axis);
    let mut spots: BTreeMap<&str, i64> = BTreeMap::new();
    let mut shown: Vec<(&Session, i64)> = Vec::new();
    let mut y = 0;
    for (label, sessions) in lanes(&material.sessions) {
        let mut rows: Vec<f64> = Vec::new();
        let mut bars = Vec::new();
        for session in sessions {
            let (from, until) = taken(session, &axis);
            let free = rows.iter().position(|end| *end <= from);
            let row = match free {
                Some(row) => row,
                None if rows.len() < MOST_ROWS => {
                    rows.push(0.0);
                    rows.len() - 1
                }
                None => continue,
            };
            rows[row] = until + 0.0005;
            let top = y + LABEL + row as i64 * ROW;
            let bar = bar(session, top, names, drawn, &axis);
            if !room.take([bar.tip.as_str(), &bar.walk], MARKUP) {
                continue;
            }
            spots.insert(&session.session_id, top);
            shown.push((session, top));
            bars.push(bar);
        }
        if bars.is_empty() {
            continue;
        }
        timeline.drawn += bars.len();
        let line = y + LABEL + rows.len() as i64 * ROW + PAD / 2;
        timeline.lanes.push(lane(label, y + LABEL - 5, line, bars, names, &material.sessions));
        y = line + PAD / 2;
    }
    timeline.height = y;
    timeline.joints = joints(&shown, &spots, &axis);
    let named = shown.iter().filter(|(session, _)| session.is_named).count();
    let all = material.sums.sessions.max(shown.len() as i64);
    let all_named = material.named_sessions.max(named as i64);
    timeline.note = note(shown.len() as i64, named as i64, all_named, all);
    timeline
}

/// What a lane is of: root, principal, account.
type Label<'a> = (&'a str, &'a str, &'a str);

/// The lanes that are drawn, those that matter most first, each with its bars by time.
fn lanes(sessions: &[Session]) -> Vec<(Label<'_>, Vec<&Session>)> {
    let mut lanes: BTreeMap<Label<'_>, Vec<&Session>> = BTreeMap::new();
    for session in sessions {
        let account = session.account_id.as_deref().unwrap_or_default();
        let label = (session.root_principal.as_str(), session.principal.as_str(), account);
        lanes.entry(label).or_default().push(session);
    }
    let mut lanes: Vec<(Label<'_>, Vec<&Session>)> = lanes.into_iter().collect();
    for (_, sessions) in &mut lanes {
        sessions.sort_by(|a, b| weight(b).cmp(&weight(a)).then(a.session_id.cmp(&b.session_id)));
        sessions.truncate(MOST_BARS);
    }
    lanes.sort_by(|a, b| weight(b.1[0]).cmp(&weight(a.1[0])).then(a.0.cmp(&b.0)));
    lanes.truncate(MOST_LANES);
    for (_, sessions) in &mut lanes {
        sessions.sort_by(|a, b| (a.created_at, &a.session_id).cmp(&(b.created_at, &b.session_id)));
    }
    lanes
}

/// Why a session is drawn before others. Ordered.
fn weight(session: &Session) -> (bool, bool, bool, i64, i64) {
    let is_deep = session.depth > 1;
    (session.is_named, session.is_above, is_deep, session.seconds as i64, session.created_at.0)
}

/// Where the bar begins and ends: 0 to 1. Where no expiry is known, it ends with the last use.
fn ends(session: &Session, axis: &Axis) -> (f64, f64) {
    let from = axis.share(session.created_at).min(1.0 - THIN);
    let end = session.expires_at.or(session.last_used_at).unwrap_or(session.created_at);
    (from, axis.share(end).max(from + THIN))
}

/// What the bar takes of its row, with a use that goes on after the expiry.
fn taken(session: &Session, axis: &Axis) -> (f64, f64) {
    let (from, until) = ends(session, axis);
    (from, session.last_used_at.map_or(until, |last| axis.share(last).max(until)))
}

fn bar(session: &Session, y: i64, names: &Names<'_>, drawn: &Drawn<'_>, axis: &Axis) -> Bar {
    let (from, until) = ends(session, axis);
    let (_, most) = taken(session, axis);
    let mut class = String::from("bar");
    for (holds, word) in [
        (session.is_named, " named"),
        (session.is_above, " above"),
        (session.expires_at.is_none(), " open"),
        (session.depth > 0, " chained"),
    ] {
        if holds {
            class.push_str(word);
        }
    }
    let used = session.first_used_at.zip(session.last_used_at).map(|(first, last)| {
        let start = axis.share(first).clamp(from, most);
        let end = axis.share(last).clamp(start, most).max((start + THIN / 3.0).min(most));
        (percent(start), percent(end - start))
    });
    let walk = drawn.walk(steps(&session.account_path));
    let tip = cut(&tip(session, names), 700);
    Bar { x: percent(from), width: percent(until - from), y, used, class, walk, tip }
}

fn tip(session: &Session, names: &Names<'_>) -> String {
    let account = session.account_id.as_deref().unwrap_or_default();
    let mut said = vec![format!(
        "{} in {}",
        short(&session.principal),
        crate::map::place_name(account, names)
    )];
    if let Some(name) = &session.session_name {
        said.push(format!("session name {name}"));
    }
    said.push(format!("root {}", session.root_principal));
    said.push(match session.expires_at {
        Some(until) => format!(
            "issued {}, valid until {} ({})",
            seconds(session.created_at),
            seconds(until),
            lasting(until.seconds() - session.created_at.seconds())
        ),
        None => format!("issued {}, its end is not in the lake", seconds(session.created_at)),
    });
    said.push(match session.first_used_at.zip(session.last_used_at) {
        Some((first, last)) => format!(
            "used from {} until {}, {}",
            seconds(first),
            seconds(last),
            counted(session.calls, "call", "calls")
        ),
        None => "never used".to_owned(),
    });
    if session.expires_at.is_some_and(|end| session.last_used_at > Some(end)) {
        said.push("used AFTER its expiry".to_owned());
    }
    if session.depth > 0 {
        said.push(format!("{} from its root", counted(session.depth, "step", "steps")));
    }
    if session.is_above {
        said.push(format!("ABOVE its ceiling of {}", lasting(session.ceiling_seconds)));
    }
    if session.is_named {
        said.push("named in a FINDING".to_owned());
    }
    said.join(" · ")
}

fn lane(
    (root, principal, account): Label<'_>,
    y: i64,
    line: i64,
    bars: Vec<Bar>,
    names: &Names<'_>,
    sessions: &[Session],
) -> Lane {
    let of_it = || sessions.iter().filter(|s| s.root_principal == root && s.principal == principal);
    let whole = format!("{root} → {principal}");
    let who = if root == principal {
        String::new()
    } else {
        format!("{} → ", shortened(short(root), 24))
    };
    let label = format!(
        "{who}{} @ {}",
        shortened(short(principal), 28),
        shortened(&names.account(account), 18)
    );
    let mut marks = Vec::new();
    if of_it().any(|session| session.is_named) {
        marks.push("▲ finding");
    }
    if of_it().any(|session| session.is_above) {
        marks.push("too long");
    }
    if of_it().any(|session| session.depth > 1) {
        marks.push("chain");
    }
    Lane { y, line, label, whole: cut(&whole, 400), marks: marks.join(" · "), bars }
}

fn joints(shown: &[(&Session, i64)], spots: &BTreeMap<&str, i64>, axis: &Axis) -> Vec<Joint> {
    let joint = |(session, y): &(&Session, i64)| {
        let from = *spots.get(session.parent_session_id.as_deref()?)?;
        let (from, to) = if from < *y { (from + 10, *y) } else { (from, *y + 10) };
        (from != to).then(|| Joint {
            x: axis.x(session.created_at),
            from,
            to,
            is_deep: session.depth > 1,
        })
    };
    shown.iter().filter_map(joint).collect()
}

fn density(hours: &[Hour], axis: &Axis) -> Vec<Dense> {
    let parts = PARTS.min((axis.seconds() / 3600).max(1) as usize);
    let mut sums = vec![(0i64, 0i64); parts];
    for hour in hours {
        let sum = &mut sums[axis.part(hour.hour, parts)];
        *sum = (sum.0.saturating_add(hour.sessions), sum.1.saturating_add(hour.chained));
    }
    let most = sums.iter().map(|(all, _)| *all).max().unwrap_or(1).max(1) as f64;
    let high = |count: i64| (count as f64 / most * DENSITY as f64).ceil() as i64;
    let width = percent(1.0 / parts as f64);
    let dense = |(part, (all, chained)): (usize, (i64, i64))| {
        let from = minutes(axis.part_from(part, parts));
        let lasts = lasting(axis.seconds() / parts as i64);
        let sessions = counted(all, "session", "sessions");
        let tip =
            format!("{from} and {lasts} on · {sessions} · {} of them chained", grouped(chained));
        let x = percent(part as f64 / parts as f64);
        Dense { x, width: width.clone(), all: high(all), chained: high(chained), tip }
    };
    sums.into_iter().enumerate().filter(|(_, (all, _))| *all > 0).map(dense).collect()
}

fn note(shown: i64, named: i64, all_named: i64, all: i64) -> String {
    let every = if named == all_named {
        format!("every one that a finding names ({})", grouped(named))
    } else {
        format!("{} of {} that findings name", grouped(named), grouped(all_named))
    };
    if shown == all {
        return format!("All {} are drawn.", counted(all, "session", "sessions"));
    }
    format!(
        "{} of {} sessions are drawn as bars: {every}, and of each root and principal the longest and the deepest. All of them are in the density above the bars.",
        grouped(shown),
        grouped(all)
    )
}
