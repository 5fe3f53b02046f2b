//! Gives every use its session.
//!
//! A session and its uses show the same second of creation, so each second can be settled by
//! itself; only sign-ins look a few seconds around.

use std::collections::HashSet;

use rolecall_model::{Session, Time};

use crate::forest::Forest;
use crate::name::{Name, Tie};
use crate::node::Slot;
use crate::sign_in::around;
use crate::usage::{Use, add};
use crate::{issuance, pack, row};

/// Which uses belong to which nodes.
#[derive(Default)]
pub(crate) struct Shares {
    pub(crate) uses: Vec<Use>,
    /// Node, place in `uses`, and how they were tied; sign-ins are tied by nothing.
    pub(crate) ties: Vec<(u32, usize, Option<Tie>)>,
}

impl Forest {
    /// Gives the uses and sign-ins of these seconds to their sessions, and adds them up.
    pub(crate) fn settle(&mut self, seconds: &[i64]) {
        let mut shares = Shares::default();
        for &second in seconds {
            self.share(second, &mut shares);
        }
        self.share_sign_ins(seconds, &mut shares);
        shares.ties.sort_unstable_by_key(|tie| (tie.0, tie.1));
        for &second in seconds {
            let slots = self.at.get(&second).cloned().unwrap_or_default();
            for (at, slot) in slots.iter().enumerate() {
                let from = shares.ties.partition_point(|tie| tie.0 < slot.node);
                let until = shares.ties.partition_point(|tie| tie.0 <= slot.node);
                let siblings = self.siblings(&slots, at);
                self.total(slot.node, &shares.uses, &shares.ties[from..until], siblings);
                if !slot.issued {
                    let name = Name::of_session(&self.node(slot.node).row);
                    self.slots(second)[at].name = name;
                }
            }
        }
    }

    /// The seconds to settle: those with news, and those whose sign-ins may move for it.
    pub(crate) fn seconds(&mut self) -> Vec<i64> {
        let mut all: HashSet<i64> = std::mem::take(&mut self.dirty);
        if !self.sign_ins.is_empty() {
            for second in all.clone() {
                for (&sign_in, _) in self.sign_ins.range(around(second)) {
                    all.extend(
                        around(sign_in).filter(|t| *t == sign_in || self.at.contains_key(t)),
                    );
                }
            }
        }
        let mut seconds: Vec<i64> = all.into_iter().collect();
        seconds.sort_unstable();
        seconds
    }

    /// Ties the uses of one second to its sessions; what no issuance claims becomes a session too.
    fn share(&mut self, second: i64, shares: &mut Shares) {
        let slots = self.at.get(&second).cloned().unwrap_or_default();
        let mut uses: Vec<Use> = Vec::new();
        for slot in &slots {
            for one in pack::unpack(&self.node(slot.node).row.uses) {
                // Siblings hold the same ambiguous uses: these count once.
                if !one.sign_in && !uses.iter().any(|known| known.identity() == one.identity()) {
                    uses.push(one);
                }
            }
            self.nodes[slot.node as usize].called = false;
        }
        for one in self.fresh.remove(&second).unwrap_or_default() {
            add(&mut uses, one);
        }
        uses.sort_unstable_by(|a, b| a.identity().cmp(&b.identity()));
        for one in uses {
            let (mut nodes, mut tie) = self.issued(&slots, &one);
            if nodes.is_empty() {
                nodes.push(self.unissued(&one));
                tie = None;
            }
            for node in nodes {
                self.nodes[node as usize].called = true;
                shares.ties.push((node, shares.uses.len(), tie));
            }
            shares.uses.push(one);
        }
    }

    /// The issuances that a use may belong to.
    fn issued(&self, slots: &[Slot], one: &Use) -> (Vec<u32>, Option<Tie>) {
        self.signer(slots, one.name(), one.key.as_deref())
    }

    /// The issuances among `slots` that handed out what `name` tells of: by key, else by name.
    pub(crate) fn signer(
        &self,
        slots: &[Slot],
        name: Name,
        key: Option<&str>,
    ) -> (Vec<u32>, Option<Tie>) {
        let pick = |fits: &dyn Fn(&Slot) -> bool| -> Vec<u32> {
            slots.iter().filter(|slot| slot.issued && fits(slot)).map(|slot| slot.node).collect()
        };
        let by_key = |slot: &Slot| {
            name.key != 0
                && slot.name.key == name.key
                && !slot.name.contradicts(name)
                && self.node(slot.node).row.issued_key.as_deref() == key
        };
        let mut found = pick(&|slot| by_key(slot) && slot.name.agrees(name));
        if found.is_empty() {
            found = pick(&by_key);
        }
        let mut tie = Tie::Key;
        if found.is_empty() {
            found = pick(&|slot| slot.name.agrees(name));
            tie = Tie::Name;
        }
        match found.len() {
            0 => (found, None),
            1 => (found, Some(tie)),
            _ => (found, Some(Tie::Ambiguous)),
        }
    }

    /// The session that is known from its uses alone, added if it is not there.
    pub(crate) fn unissued(&mut self, one: &Use) -> u32 {
        let word = one.principal_id.as_deref().or(one.arn.as_deref());
        let word = word.unwrap_or(one.key.as_deref().unwrap_or(&one.principal));
        let session_id = issuance::unissued_id(word, one.created_at);
        match row::number(&session_id).and_then(|number| self.ids.get(&number).copied()) {
            Some(node) => node,
            None => {
                let created_at = Time::from_seconds(one.created_at.seconds());
                let (principal_id, session_arn) = (one.principal_id.clone(), one.arn.clone());
                let row = Session {
                    session_id,
                    created_at,
                    principal_id,
                    session_arn,
                    ..Session::default()
                };
                self.push(Box::new(row), false)
            }
        }
    }
}
