//! A session as it is held while lineages are told, and where it is found.

use rolecall_model::Session;

use crate::forest::Forest;
use crate::name::{Name, Tie};
use crate::{asking, root, row};

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

    pub(crate) fn index(&mut self, node: u32) {
        let Node { row, issued, .. } = self.node(node);
        let slot = Slot { node, issued: *issued, name: Name::of_session(row) };
        let second = row.created_at.seconds();
        let caller = row.caller_created_at.map(|at| at.seconds());
        let waits = match caller {
            None if *issued && root::is_session_caller(row) => Some(asking::question(row)),
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
    pub(crate) fn differs(&self) -> bool {
        !self.stored || self.was.is_some_and(|was| was != row::digest(&self.row))
    }
}
