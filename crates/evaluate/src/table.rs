//! An evaluation as tables in Markdown, for documents and terminals alike.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::noise::noise;
use crate::{Evaluation, Sample, Verdict};

/// The sums, every attack, those that are out of scope and why, the noise, and how published rules
/// compare. Each noise has its line, unless there is more of it than `most`: then each detection has.
pub fn markdown(evaluation: &Evaluation, most: Option<usize>) -> String {
    let mut text = String::from(
        "| events | attacks | found | recall | findings ≥ medium | precision | noise per million events |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let _ = writeln!(
        text,
        "| {} | {} | {} | {:.3} | {} | {:.3} | {:.2} |",
        evaluation.events,
        evaluation.in_scope().count(),
        evaluation.found(),
        evaluation.recall(),
        evaluation.explained + evaluation.noise.len() as u64,
        evaluation.precision(),
        evaluation.noise_per_million()
    );
    by_client_name(&mut text, evaluation);
    attacks(&mut text, evaluation);
    out_of_scope(&mut text, evaluation);
    noise(&mut text, &evaluation.noise, most);
    rules(&mut text, &evaluation.samples);
    text
}

fn by_client_name(text: &mut String, evaluation: &Evaluation) {
    let found = evaluation.found();
    if found == 0 {
        return;
    }
    let alone = evaluation.found_by_client_name_alone();
    let were = if alone == 1 { "was" } else { "were" };
    let _ = writeln!(
        text,
        "\n{alone} of the {found} found attacks {were} found by the client's name alone, which the \
         attacker chooses."
    );
}

fn attacks(text: &mut String, evaluation: &Evaluation) {
    if evaluation.in_scope().next().is_none() {
        return;
    }
    text.push_str("\n| attack | found by | after |\n| --- | --- | ---: |\n");
    for attack in evaluation.in_scope() {
        let _ = writeln!(text, "| {} | {} | {} |", attack.attack, by(attack), after(attack));
    }
}

fn out_of_scope(text: &mut String, evaluation: &Evaluation) {
    let mut reasons: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
    for attack in &evaluation.attacks {
        if let Some(why) = &attack.out_of_scope {
            reasons.entry(why).or_default().push(attack);
        }
    }
    if reasons.is_empty() {
        return;
    }
    text.push_str(
        "\n| not ours to find, because | attacks | found all the same |\n| --- | ---: | ---: |\n",
    );
    for (why, attacks) in reasons {
        let found = attacks.iter().filter(|attack| !attack.found_by.is_empty()).count();
        let _ = writeln!(text, "| {} | {} | {found} |", cell(why), attacks.len());
    }
}

fn rules(text: &mut String, samples: &[Sample]) {
    if samples.is_empty() {
        return;
    }
    let ours = || samples.iter().filter(|sample| !sample.stand_for.is_empty());
    let mut rules: BTreeMap<&str, Vec<&Sample>> = BTreeMap::new();
    for sample in ours() {
        rules.entry(&sample.rule).or_default().push(sample);
    }
    text.push_str(
        "\n| published rule | our detections | samples | agree |\n| --- | --- | ---: | ---: |\n",
    );
    for (rule, samples) in &rules {
        let agree = samples.iter().filter(|sample| sample.agrees()).count();
        let stand_for = names(&samples[0].stand_for);
        let _ = writeln!(text, "| {} | {stand_for} | {} | {agree} |", cell(rule), samples.len());
    }
    if ours().any(|sample| !sample.agrees()) {
        text.push_str("\n| sample | the rule | we | because |\n| --- | --- | --- | --- |\n");
    }
    for sample in ours().filter(|sample| !sample.agrees()) {
        let say = |fires: bool| if fires { "fires" } else { "is silent" };
        let file = sample.file.rsplit('/').next().unwrap_or_default();
        let why = sample.why.as_deref().map_or("**nobody knows**".to_owned(), cell);
        let (they, we) = (say(sample.fires), say(!sample.fires).replace("is silent", "are silent"));
        let we = we.replace("fires", "fire");
        let _ =
            writeln!(text, "| {}: {} | {they} | {we} | {why} |", cell(&sample.rule), cell(file));
    }
    let others = samples.iter().filter(|sample| sample.stand_for.is_empty());
    let left: BTreeSet<&str> = others.clone().map(|sample| sample.rule.as_str()).collect();
    if !left.is_empty() {
        let left: Vec<String> = left.into_iter().map(cell).collect();
        let _ = writeln!(
            text,
            "\n{} more rules with {} samples have no detection of ours, for they are about other things \
             than credentials, or need other logs: {}.",
            left.len(),
            others.count(),
            left.join(", ")
        );
    }
}

fn by(attack: &Verdict) -> String {
    if attack.found_by.is_empty() { "**missed**".to_owned() } else { names(&attack.found_by) }
}

fn names(detections: &[String]) -> String {
    detections.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Text in a cell: a bar would begin the next.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn after(attack: &Verdict) -> String {
    match attack.after_seconds {
        None => String::new(),
        Some(seconds) if seconds < 120 => format!("{seconds} s"),
        Some(seconds) if seconds < 7200 => format!("{} min", seconds / 60),
        Some(seconds) => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attack(name: &str, found_by: &[&str], out_of_scope: Option<&str>) -> Verdict {
        Verdict {
            attack: name.to_owned(),
            scenario: String::new(),
            found_by: found_by.iter().map(|name| (*name).to_owned()).collect(),
            as_expected: false,
            by_client_name_alone: found_by == ["attack-tool-client"],
            after_seconds: None,
            out_of_scope: out_of_scope.map(str::to_owned),
        }
    }

    #[test]
    fn what_is_out_of_scope_is_listed_and_not_counted() {
        let attacks = vec![
            attack("a", &["key-looks-around"], None),
            attack("b", &[], Some("data | alone")),
            attack("c", &["root-used"], Some("data | alone")),
        ];
        let text = markdown(&Evaluation { events: 10, attacks, ..Evaluation::default() }, None);
        assert!(text.contains("| 10 | 1 | 1 | 1.000 |"), "{text}");
        assert!(text.contains("| data \\| alone | 2 | 1 |"), "{text}");
        assert!(!text.contains("| b |"), "{text}");
    }

    #[test]
    fn what_only_the_name_of_the_client_gave_away_is_counted() {
        let attacks = vec![
            attack("a", &["attack-tool-client"], None),
            attack("b", &["attack-tool-client", "root-used"], None),
            attack("c", &[], None),
        ];
        let text = markdown(&Evaluation { attacks, ..Evaluation::default() }, None);
        assert!(
            text.contains("\n1 of the 2 found attacks was found by the client's name"),
            "{text}"
        );
        let text = markdown(&Evaluation::default(), None);
        assert!(!text.contains("client's name"), "{text}");
    }

    #[test]
    fn samples_that_differ_say_why() {
        let sample = |file: &str, fires, found: &[&str], why: Option<&str>| Sample {
            rule: "R".into(),
            file: file.into(),
            stand_for: vec!["d".into()],
            fires,
            found_by: found.iter().map(|name| (*name).to_owned()).collect(),
            why: why.map(str::to_owned),
        };
        let left =
            Sample { stand_for: Vec::new(), rule: "Other".into(), ..sample("o", true, &[], None) };
        let samples = vec![
            sample("r/1.json", true, &["d"], None),
            sample("r/2.json", false, &["d"], Some("by design")),
            sample("r/3.json", true, &[], None),
            left,
        ];
        let text = markdown(&Evaluation { samples, ..Evaluation::default() }, None);
        assert!(text.contains("| R | `d` | 3 | 1 |"), "{text}");
        assert!(text.contains("| R: 2.json | is silent | fire | by design |"), "{text}");
        assert!(text.contains("| R: 3.json | fires | are silent | **nobody knows** |"), "{text}");
        assert!(text.contains("1 more rules with 1 samples"), "{text}");
    }
}
