//! The line of a credential: up to its root, and down to everything that it opened.

use std::collections::{HashMap, HashSet};

use rolecall_model::{Time, key};
use serde::Deserialize;

use super::link::{about_key, about_principal};
use crate::instant::{self, minutes};
use crate::names::{account_of, short};
use crate::numbers::{counted, grouped};
use crate::text::{cut, shortened};

/// Deeper steps are not drawn further to the right.
const MOST_INDENTED: usize = 8;

/// A session as the lookup `listed` has it, as far as a line shows it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Listed {
    /// Its id in the lake.
    pub session_id: String,
    /// Whose session it is.
    pub principal: String,
    /// The unique id with the session name.
    pub principal_id: Option<String>,
    /// The name that the caller gave it.
    pub session_name: Option<String>,
    /// Its ARN.
    pub session_arn: Option<String>,
    /// The account in which it acts.
    pub account_id: Option<String>,
    /// When it was issued.
    #[serde(deserialize_with = "instant::read")]
    pub created_at: Time,
    /// Until when it is valid.
    #[serde(default, deserialize_with = "instant::maybe")]
    pub expires_at: Option<Time>,
    /// Its last call.
    #[serde(default, deserialize_with = "instant::maybe")]
    pub last_used_at: Option<Time>,
    /// How it was issued.
    pub issued_by: Option<String>,
    /// The key that was handed out.
    pub issued_key: Option<String>,
    /// The events that tell of its issuance, separated by blanks.
    pub issue_event_ids: Option<String>,
    /// Every key seen in it, separated by blanks.
    pub keys_seen: Option<String>,
    /// Who asked for it.
    pub caller_principal: Option<String>,
    /// When the caller's own session was issued.
    #[serde(default, deserialize_with = "instant::maybe")]
    pub caller_created_at: Option<Time>,
    /// The session that opened it.
    pub parent_session_id: Option<String>,
    /// How that was found.
    pub parent_link: Option<String>,
    /// The sessions that may have opened it.
    pub parent_candidates: Option<String>,
    /// What its lineage starts from.
    pub root_kind: String,
    /// Who is at the start.
    pub root_principal: String,
    /// The long-term key at the start.
    pub root_credential: Option<String>,
    /// Hops before it.
    pub depth: i64,
    /// Its calls.
    pub calls: i64,
    /// Those of its calls that failed.
    pub failed_calls: i64,
    /// The networks it was used from, separated by blanks.
    pub networks: Option<String>,
    /// The accounts that recorded its calls, separated by blanks.
    pub used_in_accounts: Option<String>,
}

/// A line, as the lake tells it.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// The long-term key whose line it is, if it is one's.
    pub key: Option<String>,
    /// The sessions above, the first at the root.
    pub above: Vec<Listed>,
    /// What was asked for.
    pub own: Vec<Listed>,
    /// Everything below, in any order.
    pub below: Vec<Listed>,
    /// What is missing, if anything is.
    pub note: Option<String>,
}

/// A line as it is drawn: from the root downwards.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    pub(crate) steps: Vec<Step>,
    pub(crate) note: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Step {
    /// How far to the right, up to a limit.
    pub(crate) indent: usize,
    /// How deep, from 1.
    pub(crate) level: usize,
    pub(crate) is_own: bool,
    pub(crate) name: String,
    pub(crate) whole: String,
    pub(crate) link: String,
    pub(crate) account: Option<String>,
    pub(crate) called: Option<String>,
    /// The key, or what leads to the session without one.
    pub(crate) key: Option<(String, String)>,
    pub(crate) how: String,
    pub(crate) used: String,
}

impl Lineage {
    pub(crate) fn drawn(&self) -> Drawn {
        let mut steps = Vec::new();
        let first = self.above.first().or(self.own.first()).or(self.below.first());
        steps.extend(first.map(|first| root(first, self.key.as_deref())));
        for session in &self.above {
            steps.push(step(session, steps.len(), false));
        }
        let mut children: HashMap<&str, Vec<&Listed>> = HashMap::new();
        let own: HashSet<&str> = self.own.iter().map(|own| own.session_id.as_str()).collect();
        let met: HashSet<&str> = self.below.iter().map(|below| below.session_id.as_str()).collect();
        let mut open: Vec<(&Listed, usize)> = Vec::new();
        let base = steps.len();
        for session in &self.below {
            match session.parent_session_id.as_deref() {
                Some(parent) if own.contains(parent) || met.contains(parent) => {
                    children.entry(parent).or_default().push(session);
                }
                _ => open.push((session, base)),
            }
        }
        open.extend(self.own.iter().map(|session| (session, base)));
        let order =
            |(session, _): &(&Listed, usize)| (session.created_at, session.session_id.clone());
        open.sort_by_key(|each| std::cmp::Reverse(order(each)));
        let mut drawn: HashSet<&str> = HashSet::new();
        while let Some((session, level)) = open.pop() {
            // No session is its own ancestor; what says so is drawn once.
            if !drawn.insert(&session.session_id) {
                continue;
            }
            steps.push(step(session, level, own.contains(session.session_id.as_str())));
            let mut below: Vec<_> =
                children.remove(session.session_id.as_str()).unwrap_or_default();
            below.sort_by_key(|child| {
                std::cmp::Reverse((child.created_at, child.session_id.clone()))
            });
            open.extend(below.into_iter().map(|child| (child, level + 1)));
        }
        Drawn { steps, note: self.note.clone() }
    }
}

/// Who is at the start.
fn root(first: &Listed, asked: Option<&str>) -> Step {
    let key = asked.or(first.root_credential.as_deref());
    let principal = &first.root_principal;
    Step {
        indent: 0,
        level: 1,
        is_own: asked.is_some(),
        name: shortened(short(principal), 80),
        whole: cut(principal, 400),
        link: about_principal(principal),
        account: account_of(principal).map(str::to_owned),
        called: None,
        key: key.filter(|key| key::is_whole(key)).map(|key| (key.to_owned(), about_key(key))),
        how: format!("the root: {}", first.root_kind),
        used: String::new(),
    }
}

fn step(session: &Listed, level: usize, is_own: bool) -> Step {
    let until = session.expires_at.map(|at| format!(" until {}", minutes(at)));
    let by = match (session.issued_by.as_deref(), session.parent_link.as_deref()) {
        (None, _) => "seen in use only".to_owned(),
        (Some(by), Some(link)) if link != "key" => format!("{by}, tied by {link}"),
        (Some(by), _) => by.to_owned(),
    };
    let doubt = match session.parent_candidates {
        Some(_) => " · its parent is ambiguous: several sessions share name and second",
        None => "",
    };
    let id = &session.session_id;
    let shown = session.issued_key.as_deref().unwrap_or("session without a known key");
    Step {
        indent: level.min(MOST_INDENTED),
        level: level + 1,
        is_own,
        name: shortened(short(&session.principal), 80),
        whole: cut(&session.principal, 400),
        link: about_principal(&session.principal),
        account: session.account_id.clone(),
        called: session.session_name.as_deref().map(|name| shortened(name, 80)),
        key: Some((cut(shown, 60), about_key(id))),
        how: format!("{by} · {}{}{doubt}", minutes(session.created_at), until.unwrap_or_default()),
        used: used(session),
    }
}

fn used(session: &Listed) -> String {
    if session.calls == 0 {
        return "not seen in use".to_owned();
    }
    let failed = match session.failed_calls {
        0 => String::new(),
        failed => format!(" ({} failed)", grouped(failed)),
    };
    let list = |word: &str, texts: &Option<String>| match texts.as_deref() {
        Some(texts) if !texts.is_empty() => {
            format!(" {word} {}", shortened(&texts.replace(' ', ", "), 160))
        }
        _ => String::new(),
    };
    let last = session.last_used_at.map(|at| format!(", last {}", minutes(at))).unwrap_or_default();
    format!(
        "{}{failed}{}{}{last}",
        counted(session.calls, "call", "calls"),
        list("from", &session.networks),
        list("in", &session.used_in_accounts)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: &str, parent: Option<&str>, at: i64) -> Listed {
        Listed {
            session_id: id.to_owned(),
            principal: format!("arn:aws:iam::222222222222:role/{id}"),
            parent_session_id: parent.map(str::to_owned),
            created_at: Time::from_seconds(at),
            root_principal: "arn:aws:iam::111111111111:user/mara".to_owned(),
            root_kind: "long-term key".to_owned(),
            ..Listed::default()
        }
    }

    fn drawn(lineage: &Lineage) -> Vec<String> {
        let shown = |step: &Step| {
            format!(
                "{}{}{}",
                ">".repeat(step.level - 1),
                step.name,
                if step.is_own { "!" } else { "" }
            )
        };
        lineage.drawn().steps.iter().map(shown).collect()
    }

    #[test]
    fn a_line_goes_from_the_root_down() {
        let lineage = Lineage {
            above: vec![session("top", None, 1)],
            own: vec![session("own", Some("top"), 2)],
            below: vec![
                session("late", Some("own"), 9),
                session("deep", Some("early"), 5),
                session("early", Some("own"), 3),
            ],
            ..Lineage::default()
        };
        assert_eq!(drawn(&lineage), ["mara", ">top", ">>own!", ">>>early", ">>>>deep", ">>>late"]);
    }

    #[test]
    fn a_key_is_the_root_and_loops_end() {
        let mut loops = session("a", Some("b"), 2);
        loops.depth = 1;
        let lineage = Lineage {
            key: Some("AKIAQAAAAAAAAAAAAAAA".to_owned()),
            below: vec![session("first", None, 1), loops, session("b", Some("a"), 3)],
            ..Lineage::default()
        };
        assert_eq!(drawn(&lineage), ["mara!", ">first"]);
        assert!(drawn(&Lineage::default()).is_empty());
    }
}
