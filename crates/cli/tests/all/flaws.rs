//! `rolecall check` tells every flaw at once: no mistake hides another.

use crate::support::{Desk, Said};

/// A desk with two detections as `rolecall new` makes them.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.answer(&["new", "healthy-one"]);
    desk.answer(&["new", "broken-one"]);
    desk
}

/// Changes the text of a file.
fn change(desk: &Desk, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(desk.path(file)).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    std::fs::write(desk.path(file), text.replacen(from, to, 1)).unwrap();
}

fn check(desk: &Desk, names: &[&str]) -> Said {
    desk.run(&[&["check", "--queries", "detections"], names].concat())
}

fn assert_tells(said: &Said, parts: &[&str]) {
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    for part in parts {
        assert!(said.out.contains(part), "no `{part}` in\n{}\n{}", said.out, said.err);
    }
}

#[test]
fn what_is_new_passes_and_is_only_begun() {
    let desk = desk();
    let said = check(&desk, &["healthy-one", "broken-one"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.err.contains("2 queries checked, 0 flaws"), "{}", said.err);
    assert!(
        said.out.contains("begun   healthy-one · 3 cases\n  its query is that"),
        "{}",
        said.out
    );
    change(&desk, "detections/healthy-one/detection.sql", "count(*) AS", "count(1) AS");
    let said = check(&desk, &["healthy-one"]);
    assert!(said.out.contains("good    healthy-one · 3 cases\n"), "{}", said.out);
}

#[test]
fn a_report_is_begun_where_reports_are() {
    let desk = Desk::new();
    desk.answer(&["new", "--in", "queries/reports", "roles-at-night"]);
    desk.answer(&["new", "--report", "roles-at-dawn"]);
    assert!(desk.path("queries/reports/roles-at-night/report.sql").is_file());
    assert!(desk.path("reports/roles-at-dawn/report.sql").is_file());
    for (queries, name) in [("queries", "roles-at-night"), ("reports", "roles-at-dawn")] {
        let said = desk.run(&["check", "--queries", queries, name]);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        assert!(said.out.contains(&format!("begun   {name} · 3 cases")), "{}", said.out);
        let listed = desk.answer(&["report", "--queries", queries]);
        assert!(listed.contains(name), "{listed}");
    }
}

#[test]
fn no_stage_hides_the_next() {
    let desk = desk();
    desk.write(
        "rolecall.toml",
        "[organization]\naccounts_file = \"nowhere.json\"\n[[account]]\nid = \"1\"\n\
         [detection.healthy-one]\nparam.hour = 3\n[detection.healty-one]\nenabled = false\n\
         [detection.broken-one]\nenabled = true\n[networks]\ncsv = [\"nowhere.csv\"]\n",
    );
    change(&desk, "detections/healthy-one/cases.md", "| deploy          | ana", "| me | ana");
    change(&desk, "detections/broken-one/detection.sql", "FROM session", "FROM sesion");
    desk.write("detections/lonely/cases.md", "# Cases\n");
    let report = "/*\n+++\ntitle = \"x\"\ntopic = \"x\"\n+++\n*/\nSELECT 1\n";
    desk.write("detections/odd-report/report.sql", report);
    std::fs::write(desk.path("detections/odd-report/cases.md"), b"\xff\n").unwrap();
    assert_tells(
        &check(&desk, &["healthy-one", "broken-one", "lonely", "odd-report"]),
        &[
            "rolecall.toml:2:17: the accounts file `nowhere.json` cannot be read",
            "rolecall.toml:4:6: `1` is no account id",
            "rolecall.toml:6:14: `3` turns `hour`, which is no parameter",
            "help: its parameters are from_hour",
            "rolecall.toml:7:12: there is no detection `healty-one`",
            "help: did you mean `healthy-one`?",
            "rolecall.toml:12:8: could not read the network database",
            "FLAWED  healthy-one",
            "cases.md:8: case `somebody takes a role at eleven in the evening` fails",
            "FLAWED  broken-one",
            "there is no table `sesion`; did you mean `session`?",
            "FLAWED  lonely",
            "detection.sql: `detection.sql` is missing",
            "FLAWED  odd-report",
            "cases.md:1: this is no text in UTF-8",
            "report.sql:4: `topic` is none of",
        ],
    );
}

#[test]
fn flaws_of_a_query_have_file_line_and_remedy() {
    let desk = desk();
    let sql = "detections/broken-one/detection.sql";
    change(&desk, sql, "[param.from_hour]", "[column.ghost]\nabout = \"x\"\n\n[param.from_hour]");
    change(&desk, sql, "[\"root\", ", "[\"rooot\", ");
    change(&desk, sql, "count(*) AS count", "count(*) AS count,\n    'urgent' AS severity");
    assert_tells(
        &check(&desk, &["broken-one"]),
        &[
            "detection.sql:8: `rooot` of the fingerprint is no column of the query: select it",
            "detection.sql:11: `[column.ghost]` describes no column of the query: select it",
            "no finding: its `severity`",
        ],
    );
    // A detection that stands alone is not flawed by its neighbour.
    assert_eq!(check(&desk, &["healthy-one"]).code, 0);

    let desk = self::desk();
    change(&desk, sql, "AND date_part('hour', session.created_at) >= $from_hour", "");
    let said = check(&desk, &["broken-one"]);
    assert_tells(&said, &["detection.sql:11: `$from_hour` is not used by the query: use it, or"]);

    let desk = self::desk();
    change(&desk, sql, "= \"integer\"\ndefault = 22", "= \"list\"\ndefault = [\"22\"]");
    change(
        &desk,
        sql,
        "date_part('hour', session.created_at) >= $from_hour",
        "root_kind IN ($from_hour)",
    );
    let told =
        "`$from_hour` is a list: write `= ANY($from_hour)` for IN, `<> ALL($from_hour)` for NOT IN";
    assert_tells(&check(&desk, &["broken-one"]), &[told]);

    let desk = self::desk();
    let cases = "detections/broken-one/cases.md";
    change(&desk, cases, "| 2026-03-09 23:00   | deploy    | ana            |\n", "");
    let line = {
        let text = std::fs::read_to_string(desk.path(sql)).unwrap();
        text.lines().position(|line| line.contains("created_at >= $from")).unwrap() + 1
    };
    let told = format!("detection.sql:{line}: no case notices that");
    assert_tells(&check(&desk, &["broken-one"]), &[&told, "add such a case, or delete"]);
}

#[test]
fn an_unknown_name_is_told_with_what_helps() {
    let desk = desk();
    for command in ["check", "explain"] {
        let said = desk.run(&[command, "healthy-one"]);
        assert_eq!(said.code, 2, "{}", said.err);
        assert!(said.err.contains("`--queries DIR` adds your own"), "{}", said.err);
    }
    let said = check(&desk, &["healty-one"]);
    assert!(said.err.contains("did you mean `healthy-one`?"), "{}", said.err);
}

#[test]
fn entries_that_are_over_that_met_nothing_and_that_nobody_explains_are_told_and_are_no_flaws() {
    let desk = Desk::with_demo();
    desk.write(
        "rolecall.toml",
        "[[automation]]\nprincipals = [\"arn:aws:iam::*:role/*\"]\nowner = \"ops\"\nreason = \"all\"\n\
         expires = 2026-01-31\n\
         [[automation]]\nprincipals = [\"arn:aws:iam::*:role/nobody\"]\nowner = \"ops\"\n",
    );
    let said = desk.run(&["check", "--config", "rolecall.toml", "key-looks-around"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    let line = |begin: &str| {
        let found = lines.iter().position(|line| line.starts_with(begin));
        found.unwrap_or_else(|| panic!("no line begins `{begin}` in\n{}", said.out))
    };
    let advice = line("advice  rolecall.toml:6:1: ");
    assert!(lines[advice + 1].starts_with("  help: "), "{}", said.out);
    let expired = lines[line("expired rolecall.toml:1: ")];
    assert!(expired.contains("since 2026-02-01") && expired.contains("renew it"), "{expired}");
    assert!(lines[line("unused  rolecall.toml:6: ")].contains("met nothing"), "{}", said.out);
}
