//! Finds callers whose records do not show when their session was created: by key or unique id.

use std::collections::{HashMap, HashSet};

use rolecall_model::Session;

use crate::caller::{LONGEST_SECONDS, SKEW_SECONDS, shows};
use crate::forest::Forest;
use crate::name::{self, Name, Tie};
use crate::{root, words};

/// Sessions by the hash of a key or unique id that somebody asks for, in order of creation.
pub(crate) type Asked = HashMap<u64, Vec<(i64, u32)>>;

impl Forest {
    /// Among the sessions that were valid when the call was made and have its key, or the unique
    /// id that the role owner's copy shows.
    pub(crate) fn caller_asked(&self, child: u32, asked: &Asked) -> (Vec<u32>, Option<Tie>) {
        let row = &self.node(child).row;
        let now = row.created_at.seconds();
        let known = asked.get(&question(row)).map_or(&[][..], Vec::as_slice);
        let from = known.partition_point(|(at, _)| *at < now - LONGEST_SECONDS - SKEW_SECONDS);
        let until = known.partition_point(|(at, _)| *at <= now + SKEW_SECONDS);
        let id = row.caller_principal_id.as_deref();
        let caller = Name::new(None, id, row.caller_arn.as_deref());
        let valid = |node: &u32| {
            let parent = &self.node(*node).row;
            let end = parent.expires_at.unwrap_or(parent.created_at.plus_seconds(LONGEST_SECONDS));
            *node != child && now <= end.seconds() + SKEW_SECONDS
        };
        let fits = |node: &u32| {
            let parent = &self.node(*node).row;
            let Some(key) = row.caller_key.as_deref() else {
                return parent.principal_id.as_deref() == id;
            };
            let name =
                Name::new(None, parent.principal_id.as_deref(), parent.session_arn.as_deref());
            let showed = parent.issued_key.as_deref() == Some(key) || shows(parent, key);
            showed && !name.contradicts(caller)
        };
        // One more than a row may list is enough to know that there are too many.
        let latest = known[from..until].iter().rev().map(|(_, node)| *node);
        let found: Vec<u32> = latest.filter(valid).filter(fits).take(words::MOST + 1).collect();
        let tie = match found.len() {
            0 => None,
            1 if row.caller_key.is_some() => Some(Tie::Key),
            1 => Some(Tie::Name),
            _ => Some(Tie::Ambiguous),
        };
        (found, tie)
    }

    /// Lets those ask again who asked for a session of these seconds without knowing its second.
    pub(crate) fn ask_again(&mut self, seconds: &[i64]) {
        if !self.waiting.is_empty() {
            let slots = seconds.iter().filter_map(|second| self.at.get(second)).flatten();
            self.ask_again_for(slots.map(|slot| slot.node).collect::<Vec<u32>>());
        }
    }

    /// Lets those ask again who asked for what these sessions show.
    pub(crate) fn ask_again_for(&mut self, nodes: impl IntoIterator<Item = u32>) {
        let shown: HashSet<u64> =
            nodes.into_iter().flat_map(|node| answers(&self.node(node).row)).collect();
        let children = shown.iter().filter_map(|answer| self.waiting.get(answer)).flatten();
        self.relink.extend(children);
    }

    /// All sessions that answer the questions of these children.
    pub(crate) fn asked(&self, children: &[u32]) -> Asked {
        let mut asked = Asked::new();
        let asks = |row: &Session| row.caller_created_at.is_none() && root::is_session_caller(row);
        let rows = children.iter().map(|child| &*self.node(*child).row);
        let questions: HashSet<u64> = rows.filter(|row| asks(row)).map(question).collect();
        if questions.is_empty() {
            return asked;
        }
        for (node, known) in self.nodes.iter().enumerate().filter(|(_, known)| known.alive) {
            for answer in answers(&known.row).filter(|answer| questions.contains(answer)) {
                let found = asked.entry(answer).or_default();
                found.push((known.row.created_at.seconds(), node as u32));
            }
        }
        for found in asked.values_mut() {
            found.sort_unstable();
            found.dedup();
        }
        asked
    }
}

/// What an issuance whose caller shows no creation time asks for: a key, or a unique id.
pub(crate) fn question(row: &Session) -> u64 {
    name::of(row.caller_key.as_deref().or(row.caller_principal_id.as_deref()))
}

fn answers(row: &Session) -> impl Iterator<Item = u64> {
    let words = [row.principal_id.as_deref(), row.issued_key.as_deref()];
    words.into_iter().flatten().chain(words::split(&row.keys_seen)).map(|word| name::of(Some(word)))
}
