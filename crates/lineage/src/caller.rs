//! Finds the session that signed an issuing call.

use std::ops::RangeInclusive;

use rolecall_model::Session;

use crate::asking::Asked;
use crate::forest::Forest;
use crate::name::{Name, Tie};
use crate::node::Slot;
use crate::{root, words};

/// No temporary credential lives longer than GetSessionToken's and GetFederationToken's 36 hours.
pub(crate) const LONGEST_SECONDS: i64 = 36 * 3600;
/// Service hosts have clocks of their own: a session may seem to be used before it was issued.
pub(crate) const SKEW_SECONDS: i64 = 1;

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
}

/// The seconds in which a session of this second can call.
fn lives(created: i64) -> RangeInclusive<i64> {
    created - SKEW_SECONDS..=created + LONGEST_SECONDS + SKEW_SECONDS
}

pub(crate) fn shows(row: &Session, key: &str) -> bool {
    words::split(&row.keys_seen).any(|seen| seen == key)
}
