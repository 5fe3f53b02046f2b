//! The open set of sessions: what is stored for some days, plus what is new.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rolecall_model::{Day, Event, Row, Session, Usage};

use crate::name::{Name, Tie};
use crate::usage::Use;
use crate::{caller, copies, issuance, pack, root, row, words};

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

/// A session and what resolving needs beside its row.
pub(crate) struct Node {
    /// Boxed: a row is 1.5 KB, and is moved often until it lies here.
    pub(crate) row: Box<Session>,
    /// Whether storage has the row.
    pub(crate) stored: bool,
    /// The digest of the stored row, taken before its first change.
    pub(crate) was: Option<u64>,
    /// False once another session has absorbed it.
    pub(crate) alive: bool,
    /// Whether an issuance is known, or only uses.
    pub(crate) issued: bool,
    /// Whether calls are known, and not only a sign-in.
    pub(crate) called: bool,
    /// Whether the stored parent is not loaded: then the stored lineage holds.
    pub(crate) foreign: bool,
    /// How the parents were found.
    pub(crate) tie: Option<Tie>,
    /// The parent, or all candidates.
    pub(crate) parents: Vec<u32>,
    /// Sessions that have, or once had, this one among their parents.
    pub(crate) children: Vec<u32>,
}

/// What is compared when a session is looked for: small, and all of one second lie together.
#[derive(Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) node: u32,
    pub(crate) issued: bool,
    pub(crate) name: Name,
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

    pub(crate) fn node(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    /// Gives out a node for changing, and remembers what storage has.
    pub(crate) fn change(&mut self, node: u32) -> &mut Node {
        let node = &mut self.nodes[node as usize];
        if node.stored && node.was.is_none() {
            node.was = Some(row::digest(&node.row));
        }
        node
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

    pub(crate) fn slots(&mut self, second: i64) -> &mut Vec<Slot> {
        self.at.entry(second).or_default()
    }

    /// Adds a session, stored or new.
    pub(crate) fn push(&mut self, row: Box<Session>, stored: bool) -> u32 {
        let node = self.nodes.len() as u32;
        self.ids.insert(row::number(&row.session_id).unwrap_or_default(), node);
        self.nodes.push(Node {
            issued: row.issued_by.is_some(),
            called: row.calls > 0,
            stored,
            was: None,
            alive: true,
            foreign: false,
            tie: None,
            parents: Vec::new(),
            children: Vec::new(),
            row,
        });
        self.index(node);
        node
    }

    fn index(&mut self, node: u32) {
        let Node { row, issued, .. } = self.node(node);
        let slot = Slot { node, issued: *issued, name: Name::of_session(row) };
        let second = row.created_at.seconds();
        let caller = row.caller_created_at.map(|at| at.seconds());
        let waits = match caller {
            None if *issued && root::is_session_caller(row) => Some(caller::question(row)),
            _ => None,
        };
        self.slots(second).push(slot);
        if let Some(caller) = caller {
            self.callers.entry(caller).or_default().push(node);
        }
        if let Some(hash) = waits {
            self.waiting.entry(hash).or_default().push(node);
        }
    }
}

impl Node {
    fn differs(&self) -> bool {
        !self.stored || self.was.is_some_and(|was| was != row::digest(&self.row))
    }
}

/// Adds a use to those of its identity, or as another.
pub(crate) fn add(uses: &mut Vec<Use>, one: Use) {
    match uses.iter_mut().find(|known| known.identity() == one.identity()) {
        Some(known) => known.add(one),
        None => uses.push(one),
    }
}
