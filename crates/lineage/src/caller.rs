//! Finds the session that signed an issuing call.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use rolecall_model::Session;

use crate::forest::{Forest, Slot};
use crate::name::{self, Name, Tie};
use crate::{root, words};

/// No temporary credential lives longer than GetSessionToken's and GetFederationToken's 36 hours.
const LONGEST_SECONDS: i64 = 36 * 3600;
/// Service hosts have clocks of their own: a session may seem to be used before it was issued.
const SKEW_SECONDS: i64 = 1;

/// Sessions by the hash of a key or unique id that somebody asks for, in order of creation.
type Asked = HashMap<u64, Vec<(i64, u32)>>;

impl Forest {
    /// Looks for the parents of new issuances and of all whose caller's second was settled; returns
    /// the sessions whose lineage has to be told anew.
    pub(crate) fn find_callers(&mut self, seconds: &[i64]) -> Vec<u32> {
        let mut children = std::mem::take(&mut self.relink);
        for second in seconds {
            children.extend(self.callers.get(second).into_iter().flatten());
        }
        children.sort_unstable();
        children.dedup();
        children.retain(|child| self.node(*child).alive);
        let asked = self.asked(&children);

        let mut changed = self.unlike_their_uses(seconds);
        for child in children {
            let (parents, tie) = self.parents(child, &asked);
            let node = &self.nodes[child as usize];
            if node.foreign && tie != Some(Tie::Key) {
                continue;
            }
            let same = node.parents == parents && node.tie == tie && !node.foreign;
            if same && !node.row.root_kind.is_empty() && !self.merged.contains(&child) {
                continue;
            }
            let node = &mut self.nodes[child as usize];
            let before = std::mem::replace(&mut node.parents, parents.clone());
            (node.tie, node.foreign) = (tie, false);
            for parent in parents.into_iter().filter(|parent| !before.contains(parent)) {
                self.nodes[parent as usize].children.push(child);
            }
            changed.push(child);
        }
        self.merged.clear();
        changed
    }

    /// Sessions known from uses alone whose lineage no longer says what their uses say.
    fn unlike_their_uses(&self, seconds: &[i64]) -> Vec<u32> {
        let slots = seconds.iter().filter_map(|second| self.at.get(second)).flatten();
        let unlike = |row: &Session| {
            row.root_kind.is_empty()
                || row.root_principal != row.principal
                || row.root_account_id != row.account_id
                || row.from_console != (row.root_kind == "console")
        };
        slots
            .filter(|slot| !slot.issued && unlike(&self.node(slot.node).row))
            .map(|slot| slot.node)
            .collect()
    }

    /// The parent of an issuance, or all candidates in the order of their ids.
    fn parents(&self, child: u32, asked: &Asked) -> (Vec<u32>, Option<Tie>) {
        let row = &self.node(child).row;
        if !root::is_session_caller(row) {
            return (Vec::new(), None);
        }
        let now = row.created_at.seconds();
        let (mut found, tie) = match row.caller_created_at.map(|at| at.seconds()) {
            Some(at) if lives(at).contains(&now) => self.caller_at(child, at),
            Some(_) => (Vec::new(), None),
            None => self.caller_asked(child, asked),
        };
        if found.len() > words::MOST {
            found.clear();
        }
        found.sort_by(|a, b| self.node(*a).row.session_id.cmp(&self.node(*b).row.session_id));
        (found, tie)
    }

    /// Among the sessions created in the second that the call shows: an issuance, or else one that
    /// is known from its uses.
    fn caller_at(&self, child: u32, second: i64) -> (Vec<u32>, Option<Tie>) {
        let row = &self.node(child).row;
        let key = row.caller_key.as_deref();
        let name = Name::new(key, row.caller_principal_id.as_deref(), row.caller_arn.as_deref());
        let Some(slots) = self.at.get(&second) else { return (Vec::new(), None) };
        let others: Vec<Slot>;
        let slots = if second == row.created_at.seconds() {
            others = slots.iter().filter(|slot| slot.node != child).copied().collect();
            &others
        } else {
            slots
        };
        let (found, tie) = self.signer(slots, name, key);
        if !found.is_empty() {
            return (found, tie);
        }
        let showed = |slot: &Slot| key.is_some_and(|key| shows(&self.node(slot.node).row, key));
        let unnamed = name.id == 0 && name.arn == 0;
        let found: Vec<u32> = slots
            .iter()
            .filter(|slot| !slot.issued)
            .filter(|slot| if unnamed { showed(slot) } else { slot.name.agrees(name) })
            .map(|slot| slot.node)
            .collect();
        let by_key = |node: &u32| key.is_some_and(|key| shows(&self.node(*node).row, key));
        let tie = match found.as_slice() {
            [] => None,
            [one] if by_key(one) => Some(Tie::Key),
            [_] => Some(Tie::Name),
            _ => Some(Tie::Ambiguous),
        };
        (found, tie)
    }

    /// Among the sessions that were valid when the call was made and have its key, or the unique
    /// id that the role owner's copy shows.
    fn caller_asked(&self, child: u32, asked: &Asked) -> (Vec<u32>, Option<Tie>) {
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
    fn asked(&self, children: &[u32]) -> Asked {
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

/// The seconds in which a session of this second can call.
fn lives(created: i64) -> RangeInclusive<i64> {
    created - SKEW_SECONDS..=created + LONGEST_SECONDS + SKEW_SECONDS
}

/// What an issuance whose caller shows no creation time asks for: a key, or a unique id.
pub(crate) fn question(row: &Session) -> u64 {
    name::of(row.caller_key.as_deref().or(row.caller_principal_id.as_deref()))
}

fn answers(row: &Session) -> impl Iterator<Item = u64> {
    let words = [row.principal_id.as_deref(), row.issued_key.as_deref()];
    words.into_iter().flatten().chain(words::split(&row.keys_seen)).map(|word| name::of(Some(word)))
}

fn shows(row: &Session, key: &str) -> bool {
    words::split(&row.keys_seen).any(|seen| seen == key)
}
