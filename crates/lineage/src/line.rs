//! One lineage: the root, and the principals and accounts from there on.

use std::borrow::Cow;

use rolecall_model::Session;

use crate::node::Node;
use crate::root::Root;

/// Between the steps of a path.
const STEP: &str = " > ";

/// A lineage in the making.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) root: Root,
    pub(crate) root_session_id: Option<String>,
    pub(crate) depth: i64,
    pub(crate) path: String,
    pub(crate) account_path: String,
    pub(crate) crossings: i64,
    pub(crate) revisits: bool,
}

impl Line {
    /// The line of a session that nothing but its uses tells of: it is its own root.
    pub(crate) fn of_uses(node: &Node) -> Line {
        let row = &node.row;
        Line::from_root(Root {
            kind: if row.from_console { "console" } else { "unresolved" },
            principal: row.principal.clone(),
            account_id: row.account_id.clone(),
            credential: None,
        })
    }

    /// A line that starts at a caller whose own session is unknown or uncertain.
    pub(crate) fn unresolved(node: &Node, kind: &'static str) -> Line {
        let row = &node.row;
        let root = Root {
            kind,
            principal: row.caller_principal.clone().unwrap_or_default(),
            account_id: row.caller_account_id.clone(),
            credential: None,
        };
        Line { depth: 1, ..Line::from_root(root) }
    }

    /// A line that starts at this root.
    pub(crate) fn from_root(root: Root) -> Line {
        Line {
            path: step(&root.principal).into_owned(),
            account_path: root.account_id.clone().unwrap_or_default(),
            root,
            ..Line::default()
        }
    }

    /// The line that goes on from a parent into a child.
    pub(crate) fn below(parent: &Node, child: &Node) -> Line {
        let row = &parent.row;
        let room = row.path.len() + STEP.len() + child.row.principal.len();
        let mut path = String::with_capacity(room);
        path.push_str(&row.path);
        Line {
            root: Root {
                kind: crate::root::kind(&row.root_kind),
                principal: row.root_principal.clone(),
                account_id: row.root_account_id.clone(),
                credential: row.root_credential.clone(),
            },
            root_session_id: row.root_session_id.clone(),
            depth: row.depth + 1,
            path,
            account_path: row.account_path.clone(),
            crossings: row.crossings,
            revisits: false,
        }
    }

    /// Takes the step into a session.
    pub(crate) fn enter(&mut self, row: &Session) {
        // A user's own session token is no return to the user.
        let principal = step(&row.principal);
        self.revisits = row.issued_by.as_deref() != Some("GetSessionToken")
            && self.path.split(STEP).any(|step| step == principal);
        self.path.push_str(STEP);
        self.path.push_str(&principal);
        if let Some(account) = row.account_id.as_deref()
            && self.account_path.rsplit(STEP).next() != Some(account)
        {
            if !self.account_path.is_empty() {
                self.crossings += 1;
                self.account_path.push_str(STEP);
            }
            self.account_path.push_str(account);
        }
    }
}

/// A principal as one step of a path: the subject that an identity provider names may hold what
/// separates steps, and must not forge any.
fn step(principal: &str) -> Cow<'_, str> {
    if principal.contains(STEP) {
        Cow::Owned(principal.replace(STEP, ">"))
    } else {
        Cow::Borrowed(principal)
    }
}
