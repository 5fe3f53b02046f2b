//! Puts the page together.

use askama::Template;

use crate::coverage::{Coverage, coverage};
use crate::findings::{Findings, findings};
use crate::grid::{Cell, Grid, Head, heads};
use crate::instant::minutes;
use crate::keys::{Keys, keys};
use crate::lengths::{Lengths, lengths};
use crate::map::{Drawn, Map, map, marks, place_name};
use crate::material::{Material, Table};
use crate::names::{Names, steps};
use crate::numbers::lasting;
use crate::policy::policy;
use crate::room::Room;
use crate::story::{Block, blocks};
use crate::summary::{Summary, summary};
use crate::text::{cut, visible};
use crate::timeline::{DENSITY, Timeline, timeline};

/// The styles and the script, which the page holds as they are.
const STYLE: &str = include_str!("../assets/page.css");
const SCRIPT: &str = include_str!("../assets/page.js");

/// Room for what grows with the data, in bytes. With the map, which has a limit of its own, they stay below
/// [`MOST_BYTES`](crate::MOST_BYTES) together.
const FINDINGS: usize = 600_000;
const TABLES: usize = 800_000;
const TIMELINE: usize = 450_000;
const KEYS: usize = 250_000;
const COVERAGE: usize = 150_000;
const OTHERS: usize = 80_000;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
#[error("could not write the page: {0}")]
pub struct PageError(#[from] askama::Error);

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    script: &'static str,
    lake: String,
    from: String,
    until: String,
    made_at: String,
    version: &'a str,
    summary: Summary,
    findings: Findings,
    map: Map,
    edges: Grid,
    chains: Grid,
    timeline: Timeline,
    density: i64,
    lengths: Lengths,
    keys: Keys,
    topics: Vec<Topic<'a>>,
    coverage: Coverage,
}

/// The answers of the reports about one topic.
struct Topic<'a> {
    name: &'a str,
    answers: Vec<Answer>,
}

struct Answer {
    about: Vec<Block>,
    grid: Grid,
}

/// The page, as HTML. The same material gives the same bytes.
///
/// # Errors
/// If the templates cannot be written, which they always can into memory.
pub fn page(material: &Material) -> Result<String, PageError> {
    let names = Names::of(&material.accounts);
    let (map, drawn) = map(material, &names);
    let lengths = lengths(&material.lengths);
    let chains = chains(material, &names, &drawn);
    let page = Page {
        policy: policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        lake: cut(&material.head.lake, 200),
        from: minutes(material.head.from),
        until: minutes(material.head.until),
        made_at: minutes(material.head.made_at),
        version: &material.head.version,
        summary: summary(material, &names, &lengths),
        findings: findings(material, &names, &drawn, &mut Room::of(FINDINGS)),
        edges: edges(material, &names, &drawn),
        chains,
        timeline: timeline(material, &names, &drawn, &mut Room::of(TIMELINE)),
        density: DENSITY,
        lengths,
        keys: keys(material, &mut Room::of(KEYS)),
        topics: topics(&material.tables),
        coverage: coverage(material, &names, &mut Room::of(COVERAGE), &mut Room::of(OTHERS)),
        map,
    };
    Ok(visible(page.render()?))
}

fn edges(material: &Material, names: &Names<'_>, drawn: &Drawn<'_>) -> Grid {
    let between = || material.edges.iter().filter(|edge| edge.from_where != edge.to_account_id);
    let rows = between().map(|edge| {
        let marks = marks(edge, names);
        vec![
            Cell::of(place_name(&edge.from_where, names)),
            Cell::of(place_name(&edge.to_account_id, names)),
            Cell::of(marks.join(", ")),
            Cell::number(edge.sessions),
            Cell::number(edge.roles),
            Cell::number(edge.new_roles),
            Cell::number(edge.with_external_id),
            Cell::of(edge.longest_seconds.map(lasting).unwrap_or_default()),
            Cell::of(minutes(edge.first_at)),
            Cell::of(minutes(edge.last_at)),
        ]
    });
    let heads = heads(&[
        ("from", "The account or identity provider that asked.", false),
        ("to", "The account that was entered.", false),
        ("marks", "Whether it is new, and whether it comes from outside the organisation.", false),
        ("sessions", "Sessions of the days (UTC) that the span touches.", true),
        ("roles", "Roles that were taken.", true),
        ("new roles", "Roles that were never taken from there before.", true),
        ("with external id", "Sessions that came with an external id.", true),
        ("longest", "The longest lifetime granted.", false),
        ("first seen", "Also before the span (UTC).", false),
        ("last seen", "UTC.", false),
    ]);
    let caption = "Edges: who enters which account";
    let mut grid =
        Grid::fill("edges", caption, heads, rows, between().count(), &mut Room::of(OTHERS));
    let walk = |edge: &crate::Edge| drawn.walk([edge.from_where.as_str(), &edge.to_account_id]);
    grid.walks = between().take(grid.rows.len()).map(walk).collect();
    grid
}

fn chains(material: &Material, names: &Names<'_>, drawn: &Drawn<'_>) -> Grid {
    let rows = material.chains.iter().map(|chain| {
        let mut way: Vec<String> = chain.begun.iter().map(|begun| cut(begun, 60)).collect();
        way.extend(steps(&chain.account_path).into_iter().map(|account| names.account(account)));
        let mut last = Cell::of(chain.example.as_str());
        last.shown =
            steps(&last.shown).into_iter().map(crate::names::short).collect::<Vec<_>>().join(" → ");
        vec![
            Cell::of(way.join(" → ")),
            Cell::number(chain.depth),
            Cell::number(chain.sessions),
            Cell::number(chain.roots),
            Cell::of(minutes(chain.last_at)),
            last,
        ]
    });
    let walks = material.chains.iter().map(|chain| {
        drawn.walk(chain.begun.as_deref().into_iter().chain(steps(&chain.account_path)))
    });
    let heads = heads(&[
        ("walk", "Where it began, and every account on the way.", false),
        ("deepest", "Steps from the root.", true),
        ("sessions", "Sessions at its end.", true),
        ("roots", "Principals at its start.", true),
        ("last seen", "UTC.", false),
        ("one of them", "Every principal on the way of one of them.", false),
    ]);
    let all = material.chains.len();
    let caption = "Walks through accounts, the deepest first";
    let mut grid = Grid::fill("walks", caption, heads, rows, all, &mut Room::of(OTHERS));
    grid.walks = walks.take(grid.rows.len()).collect();
    grid
}

/// The answers by topic, each with an equal share of the room.
fn topics(tables: &[Table]) -> Vec<Topic<'_>> {
    let mut topics: Vec<Topic<'_>> = Vec::new();
    let share = TABLES / tables.len().max(1);
    for table in tables {
        let answer = answer(table, &mut Room::of(share));
        match topics.iter_mut().find(|topic| topic.name == table.topic) {
            Some(topic) => topic.answers.push(answer),
            None => topics.push(Topic { name: &table.topic, answers: vec![answer] }),
        }
    }
    topics
}

fn answer(table: &Table, room: &mut Room) -> Answer {
    let is_number = |at: usize| {
        let mut values =
            table.rows.iter().filter_map(|row| row.get(at)).filter(|value| !value.is_null());
        values.clone().next().is_some() && values.all(serde_json::Value::is_number)
    };
    let head = |(at, column): (usize, &crate::Column)| Head {
        name: cut(&column.name.replace('_', " "), 60),
        about: cut(&column.about, 300),
        is_number: is_number(at),
    };
    let about = if room.take([table.about.as_str(), &table.title], 1_500) {
        blocks(&table.about)
    } else {
        Vec::new()
    };
    let rows = table.rows.iter().map(|row| {
        let cell = |at: usize| row.get(at).map(Cell::value).unwrap_or_default();
        (0..table.columns.len().min(60)).map(cell).collect()
    });
    let heads = table.columns.iter().take(60).enumerate().map(head).collect();
    let all = table.rows.len();
    let grid = Grid::fill(&table.name, cut(&table.title, 300), heads, rows, all, room);
    Answer { about, grid }
}
