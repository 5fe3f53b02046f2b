//! Gives nodes and lines their coordinates: a column for each layer, and a way through the columns for each
//! edge that passes them.

use super::layers::layers;

pub(crate) const NODE_WIDTH: i64 = 184;
const BETWEEN: i64 = 104;
const MARGIN: i64 = 12;
const GAP: i64 = 22;
/// The same between lines that pass.
const NARROW: i64 = 3;
/// The height that a line needs where it passes a column.
const PASSAGE: i64 = 14;
/// The height of a node, and how much of it an edge needs.
const NODE_HEIGHT: i64 = 46;
const PORT: i64 = 13;
/// How often columns are sorted by what they are connected to.
const SWEEPS: usize = 8;

/// A node's corner and height.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) height: i64,
}

/// A line, its arrow head and where its label stands, as SVG paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub(crate) line: String,
    pub(crate) head: String,
    pub(crate) label: (i64, i64),
}

#[derive(Debug, Default)]
pub(crate) struct Drawing {
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) nodes: Vec<Spot>,
    pub(crate) links: Vec<Line>,
}

/// What stands in columns: the nodes by number, and after them the passages of edges.
struct Columns {
    columns: Vec<Vec<usize>>,
    heights: Vec<i64>,
    /// Each edge from its left end over its passages to its right end.
    ways: Vec<Vec<usize>>,
}

pub(crate) fn placed(nodes: usize, edges: &[(usize, usize, i64)]) -> Drawing {
    if nodes == 0 {
        return Drawing::default();
    }
    let layers = layers(nodes, edges);
    let mut columns = columns(nodes, edges, &layers);
    sort(&mut columns);
    let gap = |pair: &[usize]| if pair.iter().all(|item| *item >= nodes) { NARROW } else { GAP };
    let needed = |column: &Vec<usize>| {
        let items = column.iter().map(|item| columns.heights[*item]).sum::<i64>();
        items + column.windows(2).map(gap).sum::<i64>()
    };
    let height = columns.columns.iter().map(needed).max().unwrap_or(0) + 2 * MARGIN;
    let mut tops = vec![0; columns.heights.len()];
    for column in &columns.columns {
        let mut y = (height - needed(column)) / 2;
        for (at, item) in column.iter().enumerate() {
            tops[*item] = y;
            y += columns.heights[*item] + column.get(at..at + 2).map_or(0, gap);
        }
    }
    let x = |layer: usize| MARGIN + layer as i64 * (NODE_WIDTH + BETWEEN);
    let middle = |item: usize| tops[item] + columns.heights[item] / 2;
    let ports = ports(&columns, nodes, &middle, &tops);
    let links = edges.iter().enumerate().map(|(at, (from, to, _))| {
        let way = &columns.ways[at];
        let is_forward = layers[*from] < layers[*to];
        let first_layer = layers[*from].min(layers[*to]);
        line(way, is_forward, ports[at], &|step| x(first_layer + step), &middle)
    });
    Drawing {
        width: x(columns.columns.len() - 1) + NODE_WIDTH + MARGIN,
        height,
        links: links.collect(),
        nodes: (0..nodes)
            .map(|node| Spot { x: x(layers[node]), y: tops[node], height: columns.heights[node] })
            .collect(),
    }
}

fn columns(nodes: usize, edges: &[(usize, usize, i64)], layers: &[usize]) -> Columns {
    let mut columns = vec![Vec::new(); layers.iter().max().map_or(1, |most| most + 1)];
    for node in 0..nodes {
        columns[layers[node]].push(node);
    }
    let side = |node: usize, is_right: bool| {
        let on_it = edges.iter().filter(|(from, to, _)| {
            let other = if *from == node { *to } else { *from };
            (*from == node || *to == node) && (layers[other] > layers[node]) == is_right
        });
        on_it.count() as i64
    };
    let high = |node| NODE_HEIGHT.max(PORT * side(node, true).max(side(node, false)) + 8);
    let mut heights: Vec<i64> = (0..nodes).map(high).collect();
    let mut ways = Vec::new();
    for (from, to, _) in edges {
        let (left, right) = if layers[*from] < layers[*to] { (*from, *to) } else { (*to, *from) };
        let mut way = vec![left];
        for column in columns.iter_mut().take(layers[right]).skip(layers[left] + 1) {
            way.push(heights.len());
            column.push(heights.len());
            heights.push(PASSAGE);
        }
        way.push(right);
        ways.push(way);
    }
    Columns { columns, heights, ways }
}

/// Sorts each column by the middle of what its items are connected to, to and fro.
fn sort(columns: &mut Columns) {
    let mut left = vec![Vec::new(); columns.heights.len()];
    let mut right = vec![Vec::new(); columns.heights.len()];
    for way in &columns.ways {
        for pair in way.windows(2) {
            right[pair[0]].push(pair[1]);
            left[pair[1]].push(pair[0]);
        }
    }
    let mut place = vec![0.0; columns.heights.len()];
    let note = |column: &[usize], place: &mut [f64]| {
        for (at, item) in column.iter().enumerate() {
            place[*item] = (at as f64 + 0.5) / column.len() as f64;
        }
    };
    for column in &columns.columns {
        note(column, &mut place);
    }
    let many = columns.columns.len();
    for sweep in 0..SWEEPS {
        let beside = if sweep % 2 == 0 { &left } else { &right };
        for at in 0..many {
            let at = if sweep % 2 == 0 { at } else { many - 1 - at };
            let column = &mut columns.columns[at];
            let middle = |item: &usize| {
                let near = &beside[*item];
                if near.is_empty() {
                    return place[*item];
                }
                near.iter().map(|item| place[*item]).sum::<f64>() / near.len() as f64
            };
            let mut keyed: Vec<(f64, usize)> =
                column.iter().map(|item| (middle(item), *item)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            *column = keyed.into_iter().map(|(_, item)| item).collect();
            note(column, &mut place);
        }
    }
}

/// Where each edge leaves its left end and reaches its right end: beside each other, in the order of where
/// they lead.
fn ports(
    columns: &Columns,
    nodes: usize,
    middle: &dyn Fn(usize) -> i64,
    tops: &[i64],
) -> Vec<(i64, i64)> {
    let mut ports = vec![(0, 0); columns.ways.len()];
    for (node, top) in tops.iter().enumerate().take(nodes) {
        for is_right in [true, false] {
            let mut here: Vec<(i64, usize)> = Vec::new();
            for (at, way) in columns.ways.iter().enumerate() {
                let (first, next) = (way[0], way[1]);
                let (last, before) = (way[way.len() - 1], way[way.len() - 2]);
                if is_right && first == node {
                    here.push((middle(next), at));
                } else if !is_right && last == node {
                    here.push((middle(before), at));
                }
            }
            here.sort_unstable();
            let many = here.len() as i64 + 1;
            for (place, (_, at)) in here.into_iter().enumerate() {
                let y = top + columns.heights[node] * (place as i64 + 1) / many;
                if is_right { ports[at].0 = y } else { ports[at].1 = y }
            }
        }
    }
    ports
}

fn line(
    way: &[usize],
    is_forward: bool,
    (y_from, y_to): (i64, i64),
    x: &dyn Fn(usize) -> i64,
    middle: &dyn Fn(usize) -> i64,
) -> Line {
    const HEAD: i64 = 8;
    let last = way.len() - 1;
    let start = x(0) + NODE_WIDTH + if is_forward { 0 } else { HEAD };
    let end = x(last) - if is_forward { HEAD } else { 0 };
    let mut line = format!("M{start} {y_from}");
    let (mut at, mut y) = (start, y_from);
    let label = (x(0) + NODE_WIDTH + HEAD + 4, y_from);
    for (step, item) in way.iter().enumerate().skip(1) {
        let (to, y_next) = if step == last { (end, y_to) } else { (x(step), middle(*item)) };
        let half = (at + to) / 2;
        line.push_str(&format!("C{half} {y} {half} {y_next} {to} {y_next}"));
        (at, y) = (to, y_next);
        if step < last {
            at += NODE_WIDTH;
            line.push_str(&format!("H{at}"));
        }
    }
    let head = if is_forward {
        format!("M{} {y_to}l-9 -5v10z", x(last))
    } else {
        format!("M{} {y_from}l9 -5v10z", x(0) + NODE_WIDTH)
    };
    Line { line, head, label }
}
