//! The open set of sessions: what is stored for some days, plus what is new.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rolecall_model::{Day, Event, Row, Session, Usage};

use crate::name::Tie;
use crate::node::{Node, Slot};
use crate::usage::{Use, add};
use crate::{copies, issuance, pack, row, words};

/// An open set of sessions: what is stored for some days, plus what is new.
///
/// ```
/// use rolecall_lineage::Forest;
/// let mut forest = Forest::new([]);
/// // forest.event(event); forest.usage(usage); for all that is new
/// forest.resolve();
/// assert_eq!(forest.changed().count(), 0);
/// ```
#[derive(Default)]
pub struct Forest {
    pub(crate) nodes: Vec<Node>,
    /// Living sessions by the second of their creation.
    pub(crate) at: HashMap<i64, Vec<Slot>>,
    /// Living sessions by the number of their id.
    pub(crate) ids: HashMap<u64, u32>,
    /// Issuances by the second in which their caller's session was created.
    pub(crate) callers: HashMap<i64, Vec<u32>>,
    /// Issuances whose caller shows no such second, by the hash of the caller's key or unique id.
    pub(crate) waiting: HashMap<u64, Vec<u32>>,
    /// Uses that are not yet in a row, by second.
    pub(crate) fresh: HashMap<i64, Vec<Use>>,
    /// All sign-ins, by second.
    pub(crate) sign_ins: BTreeMap<i64, Vec<Use>>,
    /// Seconds in which something is new.
    pub(crate) dirty: HashSet<i64>,
    /// Issuances that gained a copy, so that their lineage must be told anew.
    pub(crate) merged: HashSet<u32>,
    /// Issuances whose parent must be looked for.
    pub(crate) relink: Vec<u32>,
}

impl Forest {
    /// Opens the stored sessions of the days around what is new (36 hours either side suffice: no
    /// temporary credential lives longer).
    pub fn new(stored: impl IntoIterator<Item = Session>) -> Forest {
        let mut forest = Forest::default();
        for session in stored {
            if session.from_console {
                let sign_ins = pack::unpack(&session.uses).into_iter().filter(|one| one.sign_in);
                sign_ins.for_each(|one| forest.sign_in(one));
            }
            forest.push(Box::new(session), true);
        }
        for child in 0..forest.nodes.len() as u32 {
            forest.adopt(child);
        }
        forest
    }

    /// Restores the links of a stored row.
    fn adopt(&mut self, child: u32) {
        let row = &self.nodes[child as usize].row;
        let tie = row.parent_link.as_deref().and_then(Tie::parse);
        let listed =
            words::split(&row.parent_session_id).chain(words::split(&row.parent_candidates));
        let found: Vec<Option<u32>> = listed
            .map(|id| row::number(id).and_then(|number| self.ids.get(&number).copied()))
            .collect();
        // One ambiguous candidate marks a circle: how it was found has to be asked again.
        if tie == Some(Tie::Ambiguous) && found.len() == 1 {
            self.relink.push(child);
        }
        let node = &mut self.nodes[child as usize];
        node.foreign = found.iter().any(Option::is_none);
        node.tie = tie;
        node.parents = found.into_iter().flatten().collect();
        for parent in node.parents.clone() {
            self.nodes[parent as usize].children.push(child);
        }
    }

    /// Takes one event; those that issue no session and open no console change nothing. Taking the
    /// same twice changes nothing.
    pub fn event(&mut self, event: Event) {
        if let Some(sign_in) = Use::of_sign_in(&event) {
            self.dirty.insert(sign_in.created_at.seconds());
            self.sign_in(sign_in);
        } else if let Some(session) = issuance::session(event) {
            self.issue(session);
        }
    }

    /// Takes one row of `usage` that no earlier run has taken (uses add up). Rows without the
    /// creation time of a session belong to long-term keys and services, and change nothing.
    pub fn usage(&mut self, usage: Usage) {
        let Some(one) = Use::of_usage(usage) else { return };
        let second = one.created_at.seconds();
        self.dirty.insert(second);
        add(self.fresh.entry(second).or_default(), one);
    }

    /// Links what is new, and whatever that changes among the stored: late parents, siblings,
    /// descendants.
    pub fn resolve(&mut self) {
        let seconds = self.seconds();
        // What a session shows no longer matters to those who asked for it as much as what is new.
        self.ask_again(&seconds);
        self.settle(&seconds);
        self.ask_again(&seconds);
        let changed = self.find_callers(&seconds);
        self.descend(changed);
    }

    /// All sessions.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.nodes.iter().filter(|node| node.alive).map(|node| &*node.row)
    }

    /// Sessions added or changed since [`Forest::new`], i.e. what differs from storage.
    pub fn changed(&self) -> impl Iterator<Item = &Session> {
        self.nodes.iter().filter(|node| node.alive && node.differs()).map(|node| &*node.row)
    }

    /// The ids of stored sessions that are no more: an issuance has claimed their uses.
    pub fn removed(&self) -> impl Iterator<Item = &str> {
        let gone = |node: &&Node| node.stored && !node.alive;
        self.nodes.iter().filter(gone).map(|node| node.row.session_id.as_str())
    }

    /// The days on which a session was added, changed or removed.
    pub fn changed_days(&self) -> BTreeSet<Day> {
        let touched = |node: &&Node| if node.alive { node.differs() } else { node.stored };
        self.nodes.iter().filter(touched).map(|node| node.row.day()).collect()
    }

    fn sign_in(&mut self, one: Use) {
        add(self.sign_ins.entry(one.created_at.seconds()).or_default(), one);
    }

    fn issue(&mut self, session: Box<Session>) {
        let second = session.created_at.seconds();
        let number = row::number(&session.session_id).unwrap_or_default();
        let node = match self.ids.get(&number).copied() {
            None => self.push(session, false),
            Some(node) => {
                self.ask_again_for([node]);
                let known = self.change(node);
                let learned = known.row.learned.clone();
                if known.issued {
                    row::unlearn(&mut known.row);
                    if !copies::merge(&mut known.row, *session) && learned.is_none() {
                        return;
                    }
                } else {
                    let uses = std::mem::take(&mut known.row.uses);
                    known.row = session;
                    known.row.uses = uses;
                    known.issued = true;
                }
                known.foreign = false;
                self.slots(second).retain(|slot| slot.node != node);
                self.index(node);
                self.merged.insert(node);
                node
            }
        };
        self.dirty.insert(second);
        self.relink.push(node);
    }
}
