//! Puts nodes into layers, so that most edges lead from left to right.

/// Each node's layer. An edge that would close a circle counts as if it led the other way, so that the ends
/// of no edge share a layer. Edges from a node to itself do not matter.
pub(crate) fn layers(nodes: usize, edges: &[(usize, usize, i64)]) -> Vec<usize> {
    let sequence = sequence(nodes, edges);
    let mut place = vec![0; nodes];
    for (at, node) in sequence.iter().enumerate() {
        place[*node] = at;
    }
    let mut layers = vec![0; nodes];
    for node in &sequence {
        for (from, to, _) in edges.iter().filter(|(from, to, _)| from != to) {
            let (first, second) =
                if place[*from] < place[*to] { (*from, *to) } else { (*to, *from) };
            if first == *node {
                layers[second] = layers[second].max(layers[first] + 1);
            }
        }
    }
    layers
}

/// The nodes in an order in which few sessions go backwards: what only gives is first, what only takes is
/// last, and circles are cut where most goes out and least comes in
/// (Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem, 1993).
fn sequence(nodes: usize, edges: &[(usize, usize, i64)]) -> Vec<usize> {
    let mut left: Vec<bool> = vec![true; nodes];
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    for _ in 0..nodes {
        let weigh = |node: usize| {
            let (mut out, mut into) = (0i64, 0i64);
            for (from, to, sessions) in
                edges.iter().filter(|(f, t, _)| f != t && left[*f] && left[*t])
            {
                let sessions = (*sessions).max(1);
                out = out.saturating_add(if *from == node { sessions } else { 0 });
                into = into.saturating_add(if *to == node { sessions } else { 0 });
            }
            (out, into)
        };
        let open: Vec<(usize, (i64, i64))> =
            (0..nodes).filter(|node| left[*node]).map(|node| (node, weigh(node))).collect();
        let source = open.iter().find(|(_, (_, into))| *into == 0);
        let sink = open.iter().find(|(_, (out, _))| *out == 0);
        let best = open.iter().min_by_key(|(node, (out, into))| (into.saturating_sub(*out), *node));
        match (source, sink, best) {
            (Some((node, _)), _, _) => {
                head.push(*node);
                left[*node] = false;
            }
            (None, Some((node, _)), _) => {
                tail.push(*node);
                left[*node] = false;
            }
            (None, None, Some((node, _))) => {
                head.push(*node);
                left[*node] = false;
            }
            (None, None, None) => break,
        }
    }
    head.extend(tail.into_iter().rev());
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_lead_right_and_circles_are_cut_where_least_flows() {
        // 0 → 1 → 2 → 3, and 0 → 3 past them.
        assert_eq!(layers(4, &[(0, 1, 5), (1, 2, 5), (2, 3, 5), (0, 3, 1)]), [0, 1, 2, 3]);
        // 0 ⇄ 1, much more one way.
        assert_eq!(layers(2, &[(1, 0, 1), (0, 1, 9)]), [0, 1]);
        assert_eq!(layers(2, &[(1, 0, 9), (0, 1, 1)]), [1, 0]);
        assert_eq!(layers(1, &[(0, 0, 9)]), [0]);
    }

    proptest::proptest! {
        #[test]
        fn the_ends_of_no_edge_share_a_layer(
            edges in proptest::collection::vec((0..9usize, 0..9usize, 0..50i64), 0..40),
        ) {
            let layers = layers(9, &edges);
            for (from, to, _) in edges.iter().filter(|(from, to, _)| from != to) {
                proptest::prop_assert_ne!(layers[*from], layers[*to]);
            }
        }
    }
}
