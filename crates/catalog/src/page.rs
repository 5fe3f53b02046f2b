//! The page of a detection, in Markdown: what the terminal, the documents and an alert's link show.

use std::fmt::Write;

use rolecall_model::{KNOWN_TABLES, TABLES};

use crate::Detection;

/// The page; `columns` are what the query gives, in order.
pub fn page(detection: &Detection, columns: &[String]) -> String {
    let meta = &detection.meta;
    let mut page = format!("# {}\n\n", meta.title);
    let mut facts = vec![
        format!("`{}`", detection.id),
        format!("severity {}", meta.severity),
        format!("confidence {}", meta.confidence),
        meta.family.clone(),
    ];
    facts.extend(meta.attack.iter().map(|id| {
        format!("[{id}](https://attack.mitre.org/techniques/{}/)", id.replace('.', "/"))
    }));
    facts.extend(meta.covers.iter().cloned());
    if !meta.subsumes.is_empty() {
        facts.push(format!("serves the purpose of {}", meta.subsumes.join(" ")));
    }
    facts.extend(meta.baseline.iter().map(|age| format!("needs {age} of history")));
    let _ = write!(page, "{}\n\n{}\n", facts.join(" · "), detection.about);

    if !detection.params.is_empty() {
        page.push_str("\n## Parameters\n\n| name | type | default | what it does |\n| --- | --- | --- | --- |\n");
        for param in &detection.params {
            let (kind, default) = (param.default.kind(), code(&param.default.to_string()));
            let _ = writeln!(page, "| `{}` | {kind} | {default} | {} |", param.name, param.about);
        }
    }
    if !columns.is_empty() {
        page.push_str("\n## Columns\n\n| column | what it holds |\n| --- | --- |\n");
        for column in columns {
            let _ = writeln!(page, "| `{column}` | {} |", about(detection, column));
        }
    }
    let _ = write!(
        page,
        "\n## The query\n\n```sql\n{}\n```\n\n## Seen and not seen\n\n",
        detection.sql
    );
    for case in &detection.cases {
        let verdict = if case.fires { "fires" } else { "silent" };
        let _ = writeln!(page, "- {verdict}: {}", case.title);
    }
    if !meta.references.is_empty() {
        page.push_str("\n## References\n\n");
        for reference in &meta.references {
            let _ = writeln!(page, "- <{reference}>");
        }
    }
    page
}

/// A text in a cell of a table that is no Markdown, as patterns look like links; nothing if it is empty.
fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
}

/// What a column means: as the detection says, or as a table does; `finding` is asked first.
fn about<'a>(detection: &'a Detection, column: &str) -> &'a str {
    let own = detection.meta.columns.get(column).map(String::as_str);
    let tables = || {
        let mut all = TABLES.iter().rev().chain(&KNOWN_TABLES);
        all.find_map(|table| Some(table.columns[table.index(column)?].about))
    };
    own.or_else(tables).unwrap_or_default()
}
