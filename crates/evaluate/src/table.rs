//! An evaluation as tables in Markdown, for documents and terminals alike.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::{Evaluation, Verdict};

/// The sums, every attack, and the noise by detection.
pub fn markdown(evaluation: &Evaluation) -> String {
    let mut text = String::from(
        "| events | attacks | found | recall | findings ≥ medium | precision | noise per million events |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let _ = writeln!(
        text,
        "| {} | {} | {} | {:.3} | {} | {:.3} | {:.2} |",
        evaluation.events,
        evaluation.attacks.len(),
        evaluation.found(),
        evaluation.recall(),
        evaluation.explained + evaluation.noise.len() as u64,
        evaluation.precision(),
        evaluation.noise_per_million()
    );
    if !evaluation.attacks.is_empty() {
        text.push_str("\n| attack | found by | after |\n| --- | --- | ---: |\n");
        for attack in &evaluation.attacks {
            let _ = writeln!(text, "| {} | {} | {} |", attack.attack, by(attack), after(attack));
        }
    }
    if !evaluation.noise.is_empty() {
        text.push_str("\n| noise of | times | such as |\n| --- | ---: | --- |\n");
        let mut noise: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for one in &evaluation.noise {
            noise.entry(&one.detection).or_default().push(&one.subject);
        }
        for (detection, subjects) in noise {
            let such = subjects[0].replace('|', "\\|");
            let _ = writeln!(text, "| `{detection}` | {} | {such} |", subjects.len());
        }
    }
    text
}

fn by(attack: &Verdict) -> String {
    if attack.found_by.is_empty() {
        return "**missed**".to_owned();
    }
    let names: Vec<String> = attack.found_by.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn after(attack: &Verdict) -> String {
    match attack.after_seconds {
        None => String::new(),
        Some(seconds) if seconds < 120 => format!("{seconds} s"),
        Some(seconds) if seconds < 7200 => format!("{} min", seconds / 60),
        Some(seconds) => format!("{} h", seconds / 3600),
    }
}
