//! `rolecall lineage`: everything above and below a credential.

use std::collections::{HashMap, HashSet};

use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;

use super::rows::{ask, literal};
use crate::args::Format;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::{cell, plain};
use crate::output::tree::Node;
use crate::output::{Out, Row};

/// Show where a credential came from and what grew from it
///
/// Give an access key (AKIA… or ASIA…), the ARN of a session, role or user, the name of a session or
/// role, or a session id of `rolecall sessions`. The tree goes up to the root, which is who really did it, and
/// down to every descendant, with where each was used.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall lineage ASIAEXAMPLEEXAMPLE00\n  rolecall lineage arn:aws:iam::111111111111:user/mara\n  rolecall lineage nightly-build --format json"
)]
pub(crate) struct Lineage {
    /// An access key, an ARN, a session name or a session id
    #[arg(value_name = "KEY|ARN|SESSION-NAME|SESSION-ID")]
    what: String,
    /// Show at most so many trees, the newest first
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
}

/// What is read of a session.
const COLUMNS: &str = "session_id, principal, session_name, session_arn, issued_key, keys_seen, created_at, expires_at, \
    issued_by, granted_seconds, caller_key, parent_session_id, parent_link, parent_candidates, root_session_id, root_kind, \
    root_principal, root_credential, depth, use_link, siblings, first_used_at, last_used_at, calls, failed_calls, networks, \
    used_in_accounts, issue_source_ip";

impl Lineage {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let trees = trees(desk, &self.what).await?;
        if desk.out.format != Format::Text {
            let mut columns: Vec<String> =
                COLUMNS.split(',').map(|name| name.trim().to_owned()).collect();
            columns.push("asked_for".to_owned());
            let rows: Vec<Row> = trees.iter().flat_map(Tree::rows).collect();
            desk.out.rows(&columns, &rows)?;
            return Ok(Exit::Done);
        }
        let shown = self.limit.min(trees.len());
        for tree in &trees[..shown] {
            desk.out.text(&tree.node(&desk.out).render(&desk.out).join("\n"))?;
        }
        if shown < trees.len() {
            let all = trees.len();
            desk.out.say(&format!(
                "{shown} of {all} trees, the newest first: `--limit {all}` shows all, and `rolecall sessions` filters"
            ))?;
        }
        Ok(Exit::Done)
    }
}

/// The sessions that share a root, of which some were asked for.
pub(crate) struct Tree {
    sessions: HashMap<String, Row>,
    children: HashMap<String, Vec<String>>,
    tops: Vec<String>,
    asked: HashSet<String>,
}

/// The trees that hold what was asked for.
pub(crate) async fn trees(desk: &Desk, what: &str) -> Result<Vec<Tree>> {
    let engine = desk.engine().await?;
    let text = literal(what);
    let word = literal(&format!(" {what} "));
    let matches = format!(
        "session_id = {text} OR issued_key = {text} OR session_arn = {text} OR session_name = {text} OR principal = {text} \
         OR principal_id = {text} OR role_arn = {text} OR role_name(principal) = {text} OR root_principal = {text} OR root_credential = {text} \
         OR strpos(' ' || coalesce(keys_seen, '') || ' ', {word}) > 0"
    );
    let (_, asked) = ask(&engine, &format!("SELECT session_id, root_session_id FROM session WHERE {matches} ORDER BY created_at DESC, session_id")).await?;
    if asked.is_empty() {
        let (_, count) = ask(&engine, "SELECT count(*) AS n FROM session").await?;
        bail!(
            "nothing in the lake's {} sessions has the key, ARN, name or id `{}`: `rolecall sessions --name '*…*'` finds \
             parts of a name",
            count[0]["n"],
            plain(what)
        );
    }
    let id = |row: &Row, column: &str| row[column].as_str().map(str::to_owned);
    let asked_ids: HashSet<String> = asked.iter().filter_map(|row| id(row, "session_id")).collect();
    let mut roots: Vec<String> = asked
        .iter()
        .filter_map(|row| id(row, "root_session_id").or_else(|| id(row, "session_id")))
        .collect();
    let mut seen = HashSet::new();
    roots.retain(|root| seen.insert(root.clone()));
    let mut trees = Vec::new();
    for root in roots {
        let root = literal(&root);
        let sql = format!(
            "SELECT {COLUMNS} FROM session WHERE root_session_id = {root} OR session_id = {root} ORDER BY created_at, session_id"
        );
        let (_, rows) = ask(&engine, &sql).await?;
        trees.push(Tree::of(rows, &asked_ids));
    }
    Ok(trees)
}

impl Tree {
    fn of(rows: Vec<Row>, asked: &HashSet<String>) -> Tree {
        let id = |row: &Row, column: &str| row[column].as_str().map(str::to_owned);
        let ids: HashSet<String> = rows.iter().filter_map(|row| id(row, "session_id")).collect();
        let mut tree = Tree {
            sessions: HashMap::new(),
            children: HashMap::new(),
            tops: Vec::new(),
            asked: asked.clone(),
        };
        for row in rows {
            let Some(own) = id(&row, "session_id") else { continue };
            match id(&row, "parent_session_id").filter(|parent| ids.contains(parent)) {
                Some(parent) => tree.children.entry(parent).or_default().push(own.clone()),
                None => tree.tops.push(own.clone()),
            }
            tree.sessions.insert(own, row);
        }
        tree
    }

    /// How many sessions it has.
    pub(crate) fn size(&self) -> usize {
        self.sessions.len()
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self.sessions.values().cloned().collect();
        rows.sort_by_key(|row| (row["created_at"].to_string(), row["session_id"].to_string()));
        for row in &mut rows {
            let asked = row["session_id"].as_str().is_some_and(|id| self.asked.contains(id));
            row.insert("asked_for".to_owned(), json!(asked));
        }
        rows
    }

    /// The tree for people: the root above all, each session with its facts.
    pub(crate) fn node(&self, out: &Out) -> Node {
        let first = self.tops.first().and_then(|id| self.sessions.get(id));
        let text = |name: &str| first.map(|row| cell(&row[name])).unwrap_or_default();
        let key = text("root_credential");
        let key = if key.is_empty() { key } else { format!(" {key}") };
        let root = format!(
            "{} {}",
            out.paint.bold(&text("root_principal")),
            out.paint.dim(&format!("({}{key})", text("root_kind")))
        );
        let children = self.tops.iter().map(|id| self.session(id, out)).collect();
        Node { lines: vec![root], children }
    }

    fn session(&self, id: &str, out: &Out) -> Node {
        let Some(row) = self.sessions.get(id) else { return Node::default() };
        let paint = out.paint;
        let text = |name: &str| cell(&row[name]);
        let name = text("session_name");
        let name = if name.is_empty() { String::new() } else { format!(" as {name}") };
        let mark = if self.asked.contains(id) { paint.mark() } else { String::new() };
        let how = match text("issued_by") {
            how if how.is_empty() => "seen in use only".to_owned(),
            how => match text("parent_link") {
                link if link.is_empty() => format!("{how}{}", from(row)),
                link => format!("{how}{}, tied by {link}", from(row)),
            },
        };
        let created = text("created_at");
        let until = since(&created, &text("expires_at"));
        let until = if until.is_empty() { String::new() } else { format!(" until {until}") };
        let mut lines = vec![
            format!("{mark}{}{}", paint.bold(&text("principal")), plain(&name)),
            paint.dim(&format!("{how} · {}", key(row))),
            paint.dim(&format!("{created}{until}{}", last(row, &created))),
            paint.dim(&used(row)),
        ];
        if row["parent_candidates"].is_string() {
            lines
                .push(paint.dim("its parent is ambiguous: several sessions share name and second"));
        }
        let children = self.children.get(id).into_iter().flatten();
        Node { lines, children: children.map(|child| self.session(child, out)).collect() }
    }
}

/// From where it was asked for.
fn from(row: &Row) -> String {
    row["issue_source_ip"].as_str().map(|ip| format!(" from {}", plain(ip))).unwrap_or_default()
}

fn key(row: &Row) -> String {
    match (row["issued_key"].as_str(), row["keys_seen"].as_str()) {
        (Some(key), _) => plain(key),
        (None, Some(keys)) => format!("keys seen {}", plain(keys)),
        (None, None) => "no key seen".to_owned(),
    }
}

/// A second instant after a first: its time alone if the day is the same.
fn since(first: &str, second: &str) -> String {
    let day = first.split(' ').next().unwrap_or_default();
    second.strip_prefix(day).map_or(second, str::trim_start).to_owned()
}

fn last(row: &Row, created: &str) -> String {
    let last = cell(&row["last_used_at"]);
    if last.is_empty() { last } else { format!(" · last used {}", since(created, &last)) }
}

fn used(row: &Row) -> String {
    let text = |name: &str| cell(&row[name]);
    let calls = row["calls"].as_i64().unwrap_or_default();
    if calls == 0 {
        return "not seen in use".to_owned();
    }
    let failed = match row["failed_calls"].as_i64() {
        Some(failed) if failed > 0 => format!(" ({failed} failed)"),
        _ => String::new(),
    };
    let tie = match text("use_link") {
        link if link.is_empty() || link == "key" => String::new(),
        link => format!(" · tied by {link}"),
    };
    format!("{calls} calls{failed} from {} in {}{tie}", text("networks"), text("used_in_accounts"))
}
