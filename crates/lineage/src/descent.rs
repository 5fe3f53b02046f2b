//! Tells lineages from the root downwards.
//!
//! A session cannot be its own ancestor. Wrong clocks or forged records may say so nonetheless:
//! then no link of that circle is asserted, its links stay visible as candidates, and each of its
//! sessions is the child of an unresolved root.

use crate::forest::Forest;
use crate::line::Line;
use crate::name::Tie;
use crate::node::Node;
use crate::root;
use crate::words;

/// Where a session stands in this descent.
const OUTSIDE: u32 = u32::MAX;

impl Forest {
    /// Tells the lineage of these sessions and of all their descendants anew.
    pub(crate) fn descend(&mut self, changed: Vec<u32>) {
        let mut place = vec![OUTSIDE; if changed.is_empty() { 0 } else { self.nodes.len() }];
        let all = self.with_descendants(changed, &mut place);
        let within = |parents: &[u32]| {
            let places = parents.iter().map(|parent| place[*parent as usize]);
            places.filter(|place| *place != OUTSIDE).collect::<Vec<u32>>()
        };
        // How many parents of each are still to be told.
        let mut open: Vec<usize> =
            all.iter().map(|node| within(&self.node(*node).parents).len()).collect();
        let mut ready: Vec<u32> =
            (0..all.len() as u32).filter(|at| open[*at as usize] == 0).collect();
        let mut told = vec![false; all.len()];
        let mut circles = Vec::new();
        loop {
            while let Some(at) = ready.pop() {
                if std::mem::replace(&mut told[at as usize], true) {
                    continue;
                }
                let node = all[at as usize];
                self.tell(node, circles.binary_search(&at).is_ok());
                for &child in &self.node(node).children {
                    let place = place[child as usize];
                    if place != OUTSIDE && self.node(child).parents.contains(&node) {
                        open[place as usize] = open[place as usize].saturating_sub(1);
                        if open[place as usize] == 0 {
                            ready.push(place);
                        }
                    }
                }
            }
            if circles.is_empty() {
                circles = circle(&told, |at| within(&self.node(all[at as usize]).parents));
            }
            let next = circles.iter().filter(|at| !told[**at as usize]);
            ready.extend(next);
            if ready.is_empty() {
                return;
            }
        }
    }

    /// Adds all descendants, and notes the place of each in the list.
    fn with_descendants(&self, from: Vec<u32>, place: &mut [u32]) -> Vec<u32> {
        let mut all: Vec<u32> = Vec::with_capacity(from.len());
        let mut enter = |node: u32, all: &mut Vec<u32>| {
            if place[node as usize] == OUTSIDE && self.node(node).alive && !self.node(node).foreign
            {
                place[node as usize] = all.len() as u32;
                all.push(node);
            }
        };
        for node in from {
            enter(node, &mut all);
        }
        let mut next = 0;
        while let Some(&node) = all.get(next) {
            for &child in &self.node(node).children {
                if self.node(child).parents.contains(&node) {
                    enter(child, &mut all);
                }
            }
            next += 1;
        }
        all
    }

    /// Writes the lineage of one session whose parents have theirs.
    fn tell(&mut self, node: u32, in_circle: bool) {
        let known = self.node(node);
        let mut line = match (known.tie, known.parents.as_slice()) {
            _ if !known.issued => Line::of_uses(known),
            _ if in_circle => Line::unresolved(known, "unresolved"),
            (Some(Tie::Ambiguous), []) => Line::unresolved(known, "ambiguous"),
            (_, []) if root::is_session_caller(&known.row) => Line::unresolved(known, "unresolved"),
            (_, []) => Line::from_root(root::of_issuance(&known.row)),
            (_, [parent]) => Line::below(self.node(*parent), known),
            (_, several) => {
                self.common(several, known).unwrap_or_else(|| Line::unresolved(known, "ambiguous"))
            }
        };
        let tie = if in_circle { Some(Tie::Ambiguous) } else { known.tie };
        let ids: Vec<&str> =
            known.parents.iter().map(|p| self.node(*p).row.session_id.as_str()).collect();
        let (parent, candidates) = match tie {
            Some(Tie::Ambiguous) => (None, words::join(&ids)),
            _ => (words::join(&ids), None),
        };
        if known.issued {
            line.enter(&known.row);
        }
        let row = &mut self.change(node).row;
        row.parent_session_id = parent;
        row.parent_candidates = candidates;
        row.parent_link = tie.map(|tie| tie.word().to_owned());
        row.root_session_id =
            if line.depth == 0 { Some(row.session_id.clone()) } else { line.root_session_id };
        row.root_kind = line.root.kind.to_owned();
        row.root_principal = line.root.principal;
        row.root_account_id = line.root.account_id;
        row.root_credential = line.root.credential;
        row.depth = line.depth;
        row.path = line.path;
        row.account_path = line.account_path;
        row.crossings = line.crossings;
        row.revisits = line.revisits;
    }

    /// The line that goes on from several candidates if all have one root: below the nearest to it.
    fn common(&self, candidates: &[u32], child: &Node) -> Option<Line> {
        let rows = || candidates.iter().map(|c| &self.node(*c).row);
        let nearest = candidates
            .iter()
            .min_by(|a, b| {
                let (a, b) = (&self.node(**a).row, &self.node(**b).row);
                (a.depth, &a.path, &a.session_id).cmp(&(b.depth, &b.path, &b.session_id))
            })
            .map(|nearest| self.node(*nearest))?;
        let one = &nearest.row;
        let agrees = rows().all(|row| {
            row.root_kind == one.root_kind
                && row.root_principal == one.root_principal
                && row.root_account_id == one.root_account_id
                && row.root_credential == one.root_credential
        });
        let mut line = agrees.then(|| Line::below(nearest, child))?;
        if rows().any(|row| row.root_session_id != one.root_session_id) {
            line.root_session_id = None;
        }
        Some(line)
    }
}

/// The sessions that lie on circles: those not told that have both a parent and a child among
/// themselves, again and again. Sorted.
fn circle(told: &[bool], parents: impl Fn(u32) -> Vec<u32>) -> Vec<u32> {
    let mut left: Vec<bool> = told.iter().map(|told| !told).collect();
    let mut children = vec![0usize; told.len()];
    let members = |left: &[bool]| -> Vec<u32> {
        (0..left.len() as u32).filter(|at| left[*at as usize]).collect()
    };
    for at in members(&left) {
        for parent in parents(at).into_iter().filter(|p| left[*p as usize]) {
            children[parent as usize] += 1;
        }
    }
    let mut leaves: Vec<u32> = members(&left);
    leaves.retain(|at| children[*at as usize] == 0);
    while let Some(at) = leaves.pop() {
        left[at as usize] = false;
        for parent in parents(at).into_iter().filter(|p| left[*p as usize]) {
            children[parent as usize] -= 1;
            if children[parent as usize] == 0 {
                leaves.push(parent);
            }
        }
    }
    members(&left)
}
