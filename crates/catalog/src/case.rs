//! Cases: Markdown that proves a detection, with small tables in and expected rows out.
//!
//! `Window of every case: A until B.` binds the window. A heading `## fires: …` or `## silent: …`
//! (of a report: `## gives: …` or `## empty: …`) begins a case. A line `with NAME = VALUE` turns a parameter. In a table, the first header cell
//! names the table and its first column (`session.created_at`), the others name columns; a table
//! named `finding` (of a report: `answer`) holds what is expected. Cells that are empty are NULL; columns that are not named
//! are NULL, or nothing where the table has no NULL. Instants are UTC.

use rolecall_model::table::DATE;
use rolecall_model::{Time, Window, askable, nearest};

use crate::{Flaw, Param, ParamValue};

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it shows.
    pub title: String,
    /// The line of its heading in `cases.md`, from 1.
    pub line: usize,
    /// Whether the detection must find something.
    pub fires: bool,
    /// What is asked about.
    pub window: Window,
    /// The parameters that differ from their defaults.
    pub params: Vec<(String, ParamValue)>,
    /// The rows that are given.
    pub tables: Vec<CaseTable>,
    /// The rows that are expected; only the columns that are named count.
    pub expected: Option<CaseTable>,
}

/// Rows of a table, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseTable {
    /// The table.
    pub name: String,
    /// The columns that matter.
    pub columns: Vec<String>,
    /// A cell for each column; `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
}

const WINDOW: &str = "Window of every case:";

/// What stands for a window that is missing or cannot be read: the file is refused by then, and only
/// read on for its other flaws.
const ANY_WINDOW: Window = Window { from: Time(0), until: Time(1) };

/// The words of a kind of case.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    /// How the heading of a case begins in which something is expected.
    pub(crate) yes: &'static str,
    /// And in which nothing is.
    pub(crate) no: &'static str,
    /// The name of the table that holds what is expected.
    pub(crate) expected: &'static str,
}

/// Reads all cases of a file, or says everything that is wrong with it.
///
/// Without the parameters, since the metadata cannot be read, nothing is said of those it turns.
pub(crate) fn parse(
    text: &str,
    params: Option<&[Param]>,
    words: Words,
) -> Result<Vec<Case>, Vec<Flaw>> {
    let (cases, flaws) = (Vec::new(), Vec::new());
    let mut reader = Reader { params, words, window: None, is_lost: false, cases, flaws };
    let mut lines = text.lines().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        let number = at + 1;
        let line = line.trim();
        if let Some(rest) = line.strip_prefix(WINDOW) {
            reader.window(number, rest);
        } else if let Some(title) = line.strip_prefix("## ") {
            reader.begin(number, title);
        } else if let Some(rest) = line.strip_prefix("with ") {
            reader.turn(number, rest);
        } else if line.starts_with('|') {
            let mut rows = vec![(number, cells(line))];
            while let Some((at, line)) = lines.next_if(|(_, line)| line.trim().starts_with('|')) {
                rows.push((at + 1, cells(line.trim())));
            }
            reader.table(&rows);
        }
    }
    reader.finish()
}

/// The name that was probably meant, as the end of a message.
fn meant<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> String {
    nearest(word, names).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default()
}

/// The cells of a table's line; `\|` is a bar within a cell.
fn cells(line: &str) -> Vec<String> {
    const BAR: &str = "\u{1}";
    let line = line.replace("\\|", BAR);
    let inside = line.trim_start_matches('|').trim_end_matches('|');
    inside.split('|').map(|cell| cell.trim().replace(BAR, "|")).collect()
}

struct Reader<'a> {
    params: Option<&'a [Param]>,
    words: Words,
    window: Option<Window>,
    /// Below a heading that begins no case, where one mistake shall not look like many.
    is_lost: bool,
    cases: Vec<Case>,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn wrong(&mut self, line: usize, why: impl Into<String>) {
        self.flaws.push(Flaw::Case { line, why: why.into() });
    }

    fn window(&mut self, line: usize, text: &str) {
        let ends = text.trim().trim_end_matches('.').split_once(" until ");
        let ends = ends.and_then(|(from, until)| Some((from.parse().ok()?, until.parse().ok()?)));
        match ends {
            Some((from, until)) if from < until => self.window = Some(Window { from, until }),
            _ => {
                self.window.get_or_insert(ANY_WINDOW);
                self.wrong(
                    line,
                    "write `Window of every case: 2026-03-10 00:00 until 2026-03-11 00:00.`",
                );
            }
        }
    }

    fn begin(&mut self, line: usize, title: &str) {
        let (fires, what) = match title.split_once(": ") {
            Some((word, what)) if word == self.words.yes => (true, what),
            Some((word, what)) if word == self.words.no => (false, what),
            _ => {
                let Words { yes, no, .. } = self.words;
                self.is_lost = true;
                return self.wrong(line, format!("a heading begins with `{yes}: ` or `{no}: `"));
            }
        };
        self.is_lost = false;
        if self.window.is_none() {
            self.wrong(line, format!("`{WINDOW} …` must stand before the first case"));
        }
        let window = *self.window.get_or_insert(ANY_WINDOW);
        let title = what.trim().to_owned();
        if self.cases.iter().any(|case| case.title == title) {
            self.wrong(line, "two cases have this title");
        }
        let (params, tables) = (Vec::new(), Vec::new());
        self.cases.push(Case { title, line, fires, window, params, tables, expected: None });
    }

    fn turn(&mut self, line: usize, text: &str) {
        let Some((name, value)) = text.trim_end_matches('.').split_once('=') else {
            return self.wrong(line, "write `with NAME = VALUE`");
        };
        let (name, value) = (name.trim(), value.trim());
        let Some(params) = self.params else { return };
        let Some(param) = params.iter().find(|param| param.name == name) else {
            return self.wrong(line, format!("`{name}` is no parameter"));
        };
        let case = if self.is_lost { None } else { self.cases.last_mut() };
        match (param.default.like(value), case) {
            (Ok(value), Some(case)) => case.params.push((name.to_owned(), value)),
            (Err(why), _) => self.wrong(line, format!("`{name}` {why}")),
            (Ok(_), None) if self.is_lost => {}
            (Ok(_), None) => self.wrong(line, "a parameter is turned inside a case"),
        }
    }

    fn table(&mut self, lines: &[(usize, Vec<String>)]) {
        let [(line, header), (_, rule), rows @ ..] = lines else {
            return self.wrong(lines[0].0, "a table has a header, a rule and rows");
        };
        if rule.iter().any(|cell| cell.is_empty() || cell.chars().any(|c| !"-: ".contains(c))) {
            return self.wrong(line + 1, "the line below the header is a rule of hyphens");
        }
        let Some((name, first)) = header[0].split_once('.') else {
            return self.wrong(
                *line,
                "the first header cell names table and column, such as `session.created_at`",
            );
        };
        let columns: Vec<String> = [first]
            .into_iter()
            .chain(header[1..].iter().map(String::as_str))
            .map(str::to_owned)
            .collect();
        self.check_columns(*line, name, &columns);
        let mut table = CaseTable { name: name.to_owned(), columns, rows: Vec::new() };
        for (line, cells) in rows {
            if cells.len() != table.columns.len() {
                self.wrong(
                    *line,
                    format!("{} cells below {} columns", cells.len(), table.columns.len()),
                );
            }
            table
                .rows
                .push(cells.iter().map(|cell| (!cell.is_empty()).then(|| cell.clone())).collect());
        }
        if self.is_lost {
            return;
        }
        let Some(case) = self.cases.last_mut() else {
            return self.wrong(*line, "a table stands inside a case");
        };
        let taken = case.tables.iter().any(|known| known.name == table.name);
        match (name == self.words.expected, case.fires, case.expected.is_some(), taken) {
            (true, false, ..) => {
                self.wrong(*line, "a case that expects something says so in its heading")
            }
            (true, true, true, _) | (false, _, _, true) => {
                self.wrong(*line, format!("this case has a table `{name}` already"));
            }
            (true, true, false, _) => case.expected = Some(table),
            (false, _, _, false) => case.tables.push(table),
        }
    }

    fn check_columns(&mut self, line: usize, name: &str, columns: &[String]) {
        if name == self.words.expected {
            return; // What a query gives is known only when it is planned.
        }
        let Some(table) = askable().find(|table| table.name == name) else {
            let near = meant(name, askable().map(|table| table.name));
            return self.wrong(line, format!("`{name}` is no table{near}"));
        };
        for column in columns {
            let is_partition = column == DATE.name && table.is_stored();
            if table.index(column).is_none() && !is_partition {
                let near = meant(column, table.columns.iter().map(|column| column.name));
                self.wrong(line, format!("`{name}` has no column `{column}`{near}"));
            }
        }
    }

    fn finish(mut self) -> Result<Vec<Case>, Vec<Flaw>> {
        let lacking: Vec<(usize, String)> = self
            .cases
            .iter()
            .filter(|case| {
                case.fires && case.expected.as_ref().is_none_or(|table| table.rows.is_empty())
            })
            .map(|case| (case.line, case.title.clone()))
            .collect();
        let Words { yes, expected, .. } = self.words;
        for (line, title) in lacking {
            self.wrong(
                line,
                format!("`{yes}: {title}` has no table `{expected}` that says what is found"),
            );
        }
        if self.flaws.is_empty() { Ok(self.cases) } else { Err(self.flaws) }
    }
}
