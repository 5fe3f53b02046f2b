//! The cross-account map: accounts and providers of identities in layers, from those who come in to those
//! who are entered; edges as wide as they are used.

mod layers;
mod places;

use std::collections::BTreeMap;

use crate::instant::minutes;
use crate::material::{Edge, Finding, Material};
use crate::names::{Names, account_of, steps};
use crate::numbers::{counted, grouped, lasting};
use crate::text::{cut, ended};
use places::{Drawing, NODE_WIDTH, placed};

/// More than these are not drawn; the table below the map has all.
const MOST_NODES: usize = 36;
const MOST_LINKS: usize = 110;
/// The longest text about one, in characters.
const LONGEST: usize = 160;

/// The map, in pixels.
#[derive(Debug, Default)]
pub(crate) struct Map {
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) nodes: Vec<Node>,
    pub(crate) links: Vec<Link>,
    /// Walks through nodes, for the script: `0 3 5;0 3`.
    pub(crate) chains: String,
    pub(crate) note: String,
}

/// An account or provider.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) number: usize,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) name: String,
    pub(crate) below: String,
    /// own, partner, outside or provider: also the class.
    pub(crate) kind: &'static str,
    pub(crate) findings: usize,
    pub(crate) tip: String,
}

/// An edge.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) line: String,
    pub(crate) head: String,
    pub(crate) width: String,
    pub(crate) is_new: bool,
    /// own, partner or outside: also the class.
    pub(crate) whose: String,
    pub(crate) label: String,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) tip: String,
}

/// Which places are drawn, by name, with their number.
#[derive(Default)]
pub(crate) struct Drawn<'a>(BTreeMap<&'a str, usize>);

impl Drawn<'_> {
    /// The numbers of the places of a walk, as far as they are drawn: `0 3 5`.
    pub(crate) fn walk<'p>(&self, places: impl IntoIterator<Item = &'p str>) -> String {
        let mut numbers: Vec<String> = Vec::new();
        for place in places {
            if let Some(number) = self.0.get(place).map(usize::to_string)
                && numbers.last() != Some(&number)
            {
                numbers.push(number);
            }
        }
        numbers.join(" ")
    }
}

/// The accounts of a finding in the order of its path, or else as it names them.
pub(crate) fn walked(finding: &Finding) -> Vec<&str> {
    let path: Vec<&str> =
        finding.path.iter().flat_map(|path| steps(path)).filter_map(account_of).collect();
    let named =
        || finding.accounts.iter().flat_map(|accounts| accounts.split_whitespace()).collect();
    if path.is_empty() { named() } else { path }
}

pub(crate) fn map<'a>(material: &'a Material, names: &Names<'_>) -> (Map, Drawn<'a>) {
    let between = || material.edges.iter().filter(|edge| edge.from_where != edge.to_account_id);
    let places = weighed(material, names);
    let mut order: Vec<(&&str, &Weight)> = places.iter().collect();
    order.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    order.truncate(MOST_NODES);
    let numbers: BTreeMap<&str, usize> =
        order.iter().enumerate().map(|(number, (place, _))| (**place, number)).collect();
    let ends = |edge: &Edge| {
        Some((*numbers.get(edge.from_where.as_str())?, *numbers.get(edge.to_account_id.as_str())?))
    };
    let mut drawn: Vec<(&Edge, (usize, usize))> =
        between().filter_map(|edge| Some((edge, ends(edge)?))).collect();
    let strange = |edge: &Edge| edge.is_new || is_outside(edge, names);
    drawn.sort_by_key(|(edge, _)| !strange(edge));
    drawn.truncate(MOST_LINKS);
    let links: Vec<(usize, usize, i64)> =
        drawn.iter().map(|(edge, (from, to))| (*from, *to, edge.sessions)).collect();
    let drawing = placed(order.len(), &links);
    let most = drawn.iter().map(|(edge, _)| edge.sessions).max().unwrap_or(1).max(1);
    let nodes = order
        .iter()
        .enumerate()
        .map(|(number, (place, weight))| node(number, place, weight, material, names, &drawing));
    let lines = drawn
        .iter()
        .enumerate()
        .map(|(at, (edge, ends))| link(at, edge, *ends, most, names, &drawing));
    let all = between().count();
    let within: i64 =
        material.edges.iter().filter(|e| e.from_where == e.to_account_id).map(|e| e.sessions).sum();
    let note = note(material, (order.len(), places.len()), (drawn.len(), all), within);
    let mut map = Map {
        width: drawing.width,
        height: drawing.height,
        nodes: nodes.collect(),
        links: lines.collect(),
        chains: String::new(),
        note,
    };
    let drawn = Drawn(numbers);
    let walks = material.chains.iter().map(|chain| {
        drawn.walk(chain.begun.as_deref().into_iter().chain(steps(&chain.account_path)))
    });
    let mut walks: Vec<String> = walks.filter(|walk| walk.contains(' ')).collect();
    walks.sort();
    walks.dedup();
    map.chains = walks.join(";");
    (map, drawn)
}

pub(crate) fn is_outside(edge: &Edge, names: &Names<'_>) -> bool {
    edge.from_kind == "account" && names.whose(&edge.from_where) != "own"
}

/// What is said of an edge in words: new, and partner or outside.
pub(crate) fn marks<'n>(edge: &Edge, names: &'n Names<'_>) -> Vec<&'n str> {
    let whose = names.whose(&edge.from_where);
    let marks = [(edge.is_new, "new"), (is_outside(edge, names), whose)];
    marks.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect()
}

/// Why a place is drawn before others. Ordered.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    findings: usize,
    is_outside: bool,
    has_new: bool,
    sessions: i64,
    kind: &'static str,
}

fn weighed<'a>(material: &'a Material, names: &Names<'_>) -> BTreeMap<&'a str, Weight> {
    let mut places: BTreeMap<&str, Weight> = BTreeMap::new();
    for edge in material.edges.iter().filter(|edge| edge.from_where != edge.to_account_id) {
        for (place, kind) in
            [(&edge.from_where, edge.from_kind.as_str()), (&edge.to_account_id, "account")]
        {
            let weight = places.entry(place.as_str()).or_default();
            weight.sessions = weight.sessions.saturating_add(edge.sessions);
            weight.has_new |= edge.is_new;
            weight.kind = match (kind, names.whose(place)) {
                ("account", "own") => "own",
                ("account", "partner") => "partner",
                ("account", _) => "outside",
                _ => "provider",
            };
            weight.is_outside = matches!(weight.kind, "outside" | "partner");
        }
    }
    for finding in &material.findings {
        let mut met = walked(finding);
        met.sort_unstable();
        met.dedup();
        for place in met {
            if let Some(weight) = places.get_mut(place) {
                weight.findings += 1;
            }
        }
    }
    places
}

fn node(
    number: usize,
    place: &str,
    weight: &Weight,
    material: &Material,
    names: &Names<'_>,
    drawing: &Drawing,
) -> Node {
    let spot = &drawing.nodes[number];
    let (name, mut below) = match (weight.kind, names.name(place)) {
        ("provider", _) => (place.to_owned(), "identity provider".to_owned()),
        (_, Some(name)) => (name.to_owned(), place.to_owned()),
        (_, None) => (place.to_owned(), String::new()),
    };
    if matches!(weight.kind, "partner" | "outside") {
        let parted = if below.is_empty() { "" } else { " · " };
        below = format!("{below}{parted}{}", weight.kind);
    }
    let sum = |which: &dyn Fn(&&Edge) -> bool| -> i64 {
        material.edges.iter().filter(which).map(|edge| edge.sessions).sum()
    };
    let is_self = |edge: &Edge| edge.from_where == edge.to_account_id;
    let out = sum(&|edge| edge.from_where == place && !is_self(edge));
    let into = sum(&|edge| edge.to_account_id == place && !is_self(edge));
    let within = sum(&|edge| edge.to_account_id == place && is_self(edge));
    let mut tip = format!("{} ({})", place_name(place, names), weight.kind);
    for (count, how) in [(into, "entered by"), (out, "gives out"), (within, "within it")] {
        if count > 0 {
            tip.push_str(&format!(" · {how} {}", counted(count, "session", "sessions")));
        }
    }
    if weight.findings > 0 {
        tip.push_str(&format!(
            " · named in {}",
            counted(weight.findings as i64, "finding", "findings")
        ));
    }
    Node {
        number,
        x: spot.x,
        y: spot.y,
        width: NODE_WIDTH,
        height: spot.height,
        name: ended(&name, 19),
        below: ended(&below, 25),
        kind: weight.kind,
        findings: weight.findings,
        tip: cut(&tip, LONGEST),
    }
}

/// The account's name and id, or what the provider is called.
pub(crate) fn place_name(place: &str, names: &Names<'_>) -> String {
    names.name(place).map_or_else(|| place.to_owned(), |name| format!("{name} {place}"))
}

fn link(
    at: usize,
    edge: &Edge,
    (from, to): (usize, usize),
    most: i64,
    names: &Names<'_>,
    drawing: &Drawing,
) -> Link {
    let line = &drawing.links[at];
    let is_outside = is_outside(edge, names);
    let share = edge.sessions.max(0) as f64 / most as f64;
    let mut tip = format!(
        "{} → {} · {} · {}",
        place_name(&edge.from_where, names),
        place_name(&edge.to_account_id, names),
        counted(edge.sessions, "session", "sessions"),
        counted(edge.roles, "role", "roles"),
    );
    if let Some(longest) = edge.longest_seconds {
        tip.push_str(&format!(" · longest {}", lasting(longest)));
    }
    if edge.is_new {
        tip.push_str(&format!(" · NEW, first seen {}", minutes(edge.first_at)));
    }
    if is_outside {
        tip.push_str(&format!(" · from {}", names.whose(&edge.from_where).to_uppercase()));
    }
    let marks = marks(edge, names).join(", ");
    let parted = if marks.is_empty() { "" } else { " · " };
    Link {
        from,
        to,
        line: line.line.clone(),
        head: line.head.clone(),
        width: format!("{:.1}", 1.5 + 6.5 * share.sqrt()),
        is_new: edge.is_new,
        whose: if is_outside { names.whose(&edge.from_where) } else { "own" }.to_owned(),
        label: format!("{marks}{parted}{}", grouped(edge.sessions)),
        x: line.label.0,
        y: line.label.1,
        tip: cut(&tip, LONGEST),
    }
}

fn note(material: &Material, nodes: (usize, usize), links: (usize, usize), within: i64) -> String {
    let mut said = Vec::new();
    if nodes.0 < nodes.1 || links.0 < links.1 {
        said.push(format!(
            "Drawn are {} of {} accounts and providers and {} of {} edges: those that findings name, those from outside, new ones, and then the most used. The table below has more.",
            grouped(nodes.0 as i64),
            grouped(nodes.1 as i64),
            grouped(links.0 as i64),
            grouped(links.1 as i64)
        ));
    } else {
        said.push(format!(
            "All {} and {} are drawn.",
            counted(nodes.1 as i64, "account or provider", "accounts and providers"),
            counted(links.1 as i64, "edge", "edges")
        ));
    }
    if within > 0 {
        said.push(format!(
            "Not drawn: {} from roles taken within an account.",
            counted(within, "session", "sessions")
        ));
    }
    said.push("Roles that AWS services take for workloads are no edges.".to_owned());
    said.push(match material.head.new_since {
        Some(since) => format!("New means: seen first since {}.", minutes(since)),
        None => {
            "Nothing is marked as new, because the lake's history is too short to tell.".to_owned()
        }
    });
    said.join(" ")
}
