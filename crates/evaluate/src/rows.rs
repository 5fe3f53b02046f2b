//! An evaluation as rows for programs: the sums, every attack, and every noise.

use serde_json::{Map, Value, json};

use crate::{Evaluation, Noise, Verdict};

/// A row, whose column `kind` says what it is about: `sums`, `attack` or `noise`.
pub type Row = Map<String, Value>;

/// The columns of an attack, which a table of attacks alone has.
pub const ATTACK_COLUMNS: [&str; 7] = [
    "attack",
    "found_by",
    "as_expected",
    "after_seconds",
    "out_of_scope",
    "scenario",
    "by_client_name_alone",
];

/// The sums, then every attack, then every noise.
pub fn rows(evaluation: &Evaluation) -> Vec<Row> {
    let noise = evaluation.noise.iter().map(noise);
    std::iter::once(sums(evaluation)).chain(attacks(evaluation)).chain(noise).collect()
}

/// Every attack.
pub fn attacks(evaluation: &Evaluation) -> Vec<Row> {
    evaluation.attacks.iter().map(attack).collect()
}

fn sums(evaluation: &Evaluation) -> Row {
    row([
        ("kind", json!("sums")),
        ("events", json!(evaluation.events)),
        ("attacks", json!(evaluation.in_scope().count())),
        ("found", json!(evaluation.found())),
        ("found_by_client_name_alone", json!(evaluation.found_by_client_name_alone())),
        ("recall", json!(evaluation.recall())),
        ("explained", json!(evaluation.explained)),
        ("noise", json!(evaluation.noise.len())),
        ("precision", json!(evaluation.precision())),
        ("noise_per_million", json!(evaluation.noise_per_million())),
    ])
}

fn attack(attack: &Verdict) -> Row {
    row([
        ("kind", json!("attack")),
        ("attack", json!(attack.attack)),
        ("found_by", json!(attack.found_by.join(" "))),
        ("as_expected", json!(attack.as_expected)),
        ("after_seconds", json!(attack.after_seconds)),
        ("out_of_scope", json!(attack.out_of_scope)),
        ("scenario", json!(attack.scenario)),
        ("by_client_name_alone", json!(attack.by_client_name_alone)),
    ])
}

fn noise(noise: &Noise) -> Row {
    row([
        ("kind", json!("noise")),
        ("detection", json!(noise.detection)),
        ("severity", json!(noise.severity)),
        ("subject", json!(noise.subject)),
        ("first_at", json!(noise.first_at.to_string())),
        ("event_ids", json!(noise.event_ids)),
        ("file", json!(noise.file)),
    ])
}

fn row<const N: usize>(cells: [(&str, Value); N]) -> Row {
    cells.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluation() -> Evaluation {
        let attack = |name: &str, found_by: &[&str], out_of_scope: Option<&str>| Verdict {
            attack: name.into(),
            scenario: "s".into(),
            found_by: found_by.iter().map(|name| (*name).to_owned()).collect(),
            as_expected: false,
            by_client_name_alone: found_by == ["tool"],
            after_seconds: None,
            out_of_scope: out_of_scope.map(str::to_owned),
        };
        let noise = Noise {
            detection: "d".into(),
            severity: "high".into(),
            subject: "x".into(),
            first_at: "2026-03-10T10:05:00Z".parse().unwrap(),
            event_ids: (1..=9).map(|n| format!("e{n}")).collect(),
            file: Some("f".into()),
        };
        Evaluation {
            events: 1_000_000,
            attacks: vec![
                attack("a", &["tool"], None),
                attack("b", &["d", "tool"], None),
                attack("c", &[], Some("data")),
            ],
            explained: 3,
            noise: vec![noise],
            ..Evaluation::default()
        }
    }

    #[test]
    fn the_sums_are_those_of_the_table() {
        let expected = json!({
            "kind": "sums", "events": 1_000_000, "attacks": 2, "found": 2,
            "found_by_client_name_alone": 1, "recall": 1.0, "explained": 3, "noise": 1,
            "precision": 0.75, "noise_per_million": 1.0,
        });
        assert_eq!(Value::Object(rows(&evaluation()).remove(0)), expected);
    }

    #[test]
    fn every_row_says_what_it_is_and_noise_keeps_all_its_events() {
        let rows = rows(&evaluation());
        let kinds: Vec<&str> = rows.iter().map(|row| row["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["sums", "attack", "attack", "attack", "noise"]);
        assert_eq!(rows[4]["event_ids"].as_array().unwrap().len(), 9);
    }

    #[test]
    fn attacks_have_the_columns_that_are_promised() {
        for row in attacks(&evaluation()) {
            let columns: Vec<&str> = row.keys().skip(1).map(String::as_str).collect();
            assert_eq!(columns, ATTACK_COLUMNS);
        }
    }
}
