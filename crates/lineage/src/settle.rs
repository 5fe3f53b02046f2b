//! Gives every use its session.
//!
//! A session and its uses show the same second of creation, so each second can be settled by
//! itself; only sign-ins look a few seconds around.

use std::collections::HashSet;

use rolecall_model::{Session, Time, arn as model_arn};

use crate::forest::{Forest, Slot, add};
use crate::name::{Name, Tie};
use crate::sign_in::around;
use crate::usage::{Use, least};
use crate::{issuance, pack, row, words};

/// Which uses belong to which nodes.
#[derive(Default)]
pub(crate) struct Shares {
    pub(crate) uses: Vec<Use>,
    /// Node, place in `uses`, and how they were tied; sign-ins are tied by nothing.
    pub(crate) ties: Vec<(u32, usize, Option<Tie>)>,
}

/// The sessions that share a session's name and second.
struct Siblings {
    ids: Option<String>,
    /// Whether any of them was used.
    called: bool,
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

    /// The other issuances of this second that share the name of one.
    fn siblings(&self, slots: &[Slot], at: usize) -> Siblings {
        let slot = slots[at];
        let other =
            |other: &&Slot| other.node != slot.node && other.issued && other.name.agrees(slot.name);
        let mut ids: Vec<&str> = Vec::new();
        let mut called = false;
        if slot.issued {
            for other in slots.iter().filter(other) {
                ids.push(&self.node(other.node).row.session_id);
                called |= self.nodes[other.node as usize].called;
            }
            ids.sort_unstable();
            ids.truncate(words::MOST);
        }
        Siblings { ids: words::join(&ids), called }
    }

    /// Writes what the uses of a session tell into its row.
    fn total(
        &mut self,
        node: u32,
        uses: &[Use],
        ties: &[(u32, usize, Option<Tie>)],
        siblings: Siblings,
    ) {
        // One session can show other keys than the issued one, so a use that a sibling's key claims
        // does not prove that this one was idle.
        let idle = siblings.called.then_some(Tie::Ambiguous);
        let row = &self.node(node).row;
        let same = row.siblings == siblings.ids && row.use_link.as_deref() == idle.map(Tie::word);
        if ties.is_empty() && row.uses.is_empty() && same {
            return;
        }
        let node = self.change(node);
        let issued = node.issued;
        let row = &mut node.row;
        row::unlearn(row);
        row.siblings = siblings.ids;
        let mut all = Use::default();
        let mut keys: Vec<&str> = Vec::new();
        let (mut id, mut arn): (Option<String>, Option<String>) = (None, None);
        row.ambiguous_calls = 0;
        let mut link: Option<Tie> = None;
        for (_, at, tie) in ties {
            let one = &uses[*at];
            all.add(one.clone());
            keys.extend(one.key.as_deref());
            least(&mut id, one.principal_id.clone());
            least(&mut arn, one.arn.clone());
            if *tie == Some(Tie::Ambiguous) {
                row.ambiguous_calls += one.calls;
            }
            // The surest tie names the link; ambiguous_calls tells of the others.
            link = match (link, *tie) {
                (Some(Tie::Key), _) | (_, Some(Tie::Key)) => Some(Tie::Key),
                (Some(Tie::Name), _) | (_, Some(Tie::Name)) => Some(Tie::Name),
                (known, other) => known.or(other),
            };
        }
        keys.sort_unstable();
        keys.dedup();
        row.keys_seen = words::join(&keys);
        row.use_link = link.or(idle).map(|link| link.word().to_owned());
        row.uses = pack::pack(ties.iter().map(|(_, at, _)| &uses[*at]));
        row.first_used_at = all.first;
        row.last_used_at = all.last;
        row.calls = all.calls;
        row.failed_calls = all.failed;
        row.networks = words::join(&all.networks);
        row.used_in_accounts = words::join(&all.accounts);
        row.from_console = all.from_console;
        if issued {
            let mut learned: Vec<&str> = Vec::new();
            learn("mfa", &mut row.mfa, all.mfa, &mut learned);
            learn("principal_id", &mut row.principal_id, id, &mut learned);
            learn("source_identity", &mut row.source_identity, all.source_identity, &mut learned);
            row.learned = words::join(&learned);
        } else {
            row.session_arn = arn;
            row.mfa = all.mfa;
            row.source_identity = all.source_identity;
            row.kind = kind(all.caller_type.as_deref()).to_owned();
            row.role_arn = (row.kind == "role").then(|| all.principal.clone());
            row.session_name =
                row.session_arn.as_deref().and_then(model_arn::session_name).map(str::to_owned);
            row.account_id = all.account_id;
            row.principal = all.principal;
        }
    }
}

fn learn<'a, T>(name: &'a str, fact: &mut Option<T>, shown: Option<T>, learned: &mut Vec<&'a str>) {
    if fact.is_none() && shown.is_some() {
        *fact = shown;
        learned.push(name);
    }
}

fn kind(caller_type: Option<&str>) -> &'static str {
    match caller_type {
        Some("AssumedRole" | "Role") => "role",
        Some("IAMUser") => "user",
        Some("FederatedUser") => "federated",
        Some("Root") => "root",
        _ => "unknown",
    }
}
