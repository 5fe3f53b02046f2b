//! Lineages as trees.

use super::Out;

/// A node: its lines, and what grew from it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) lines: Vec<String>,
    pub(crate) children: Vec<Node>,
}

impl Node {
    /// The tree, a line at a time.
    pub(crate) fn render(&self, out: &Out) -> Vec<String> {
        let mut lines = self.lines.clone();
        for (at, child) in self.children.iter().enumerate() {
            let last = at + 1 == self.children.len();
            let (first, rest) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            for (at, line) in child.render(out).into_iter().enumerate() {
                let lead = if at == 0 { first } else { rest };
                lines.push(format!("{}{line}", out.paint.dim(lead)));
            }
        }
        lines
    }
}
