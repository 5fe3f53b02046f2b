//! Material for pages, and a reader of the pages' tags.

#![allow(missing_docs, clippy::unwrap_used)]

use rolecall_model::{Day, Time};
use rolecall_report::*;
use serde_json::json;

const HOUR: i64 = 3600;
const BEGIN: i64 = 1_772_323_200; // 2026-03-01

fn at(hours: i64) -> Time {
    Time::from_seconds(BEGIN + hours * HOUR)
}

pub(crate) fn account(number: usize) -> String {
    format!("{:012}", 111_111_111_111u64 + number as u64)
}

pub(crate) fn edge(from: &str, to: &str, sessions: i64, is_new: bool) -> Edge {
    Edge {
        from_where: from.to_owned(),
        from_kind: "account".to_owned(),
        to_account_id: to.to_owned(),
        sessions,
        roles: 1,
        first_at: at(1),
        last_at: at(2),
        is_new,
        ..Edge::default()
    }
}

/// A page's material in which `text` stands wherever text from events may stand.
pub(crate) fn material(text: &str, sessions: usize) -> Material {
    let some = || Some(text.to_owned());
    let session = |number: usize| Session {
        session_id: format!("{number:04}"),
        parent_session_id: (number > 0).then(|| format!("{:04}", number - 1)),
        principal: format!("arn:aws:iam::222222222222:role/{text}"),
        session_name: some(),
        account_id: Some(account(number % 3)),
        account_path: format!("{} > {text}", account(0)),
        root_principal: text.to_owned(),
        depth: number as i64 % 3,
        created_at: at(number as i64 * 3),
        expires_at: (!number.is_multiple_of(5)).then(|| at(number as i64 * 3 + 2)),
        first_used_at: Some(at(number as i64 * 3 + 1)),
        last_used_at: Some(at(number as i64 * 3 + 1)),
        seconds: 7200.0,
        ceiling_seconds: HOUR,
        is_above: number.is_multiple_of(2),
        is_named: number.is_multiple_of(4),
        calls: 7,
    };
    Material {
        head: Head {
            lake: text.to_owned(),
            from: at(0),
            until: at(24 * 16),
            made_at: at(24 * 17),
            new_since: Some(at(24 * 9)),
            version: "0".to_owned(),
        },
        sums: Sums { sessions: sessions as i64, roots: 1, ..Sums::default() },
        findings: vec![finding(text, "high"), finding(text, "low")],
        finding_counts: vec![FindingCount {
            detection: text.into(),
            title: text.into(),
            severity: "high".into(),
            told: 2,
            ..FindingCount::default()
        }],
        stories: vec![Story {
            detection: text.into(),
            about: format!("{text}\n\n## {text}\n\n- `{text}`"),
        }],
        accounts: vec![Account { account_id: account(0), name: some(), whose: "own".into() }],
        edges: vec![edge(&account(0), &account(1), 4, true), edge(text, &account(0), 1, false)],
        chains: vec![Chain {
            begun: some(),
            account_path: format!("{} > {text}", account(0)),
            example: text.into(),
            last_at: at(3),
            ..Chain::default()
        }],
        sessions: (0..sessions).map(session).collect(),
        named_sessions: sessions.div_ceil(4) as i64,
        hours: (0..5).map(|hour| Hour { hour: at(hour), sessions: 3, chained: 1 }).collect(),
        lengths: vec![Length {
            kind: text.into(),
            up_to_seconds: Some(900),
            sessions: 4,
            above: 1,
            ceiling_seconds: Some(900),
            ..Length::default()
        }],
        keys: vec![text.to_owned()],
        more_keys: 0,
        key_hours: vec![key_hour(text, text, 3)],
        tables: vec![Table {
            name: "some-report".into(),
            title: text.into(),
            topic: text.into(),
            about: text.into(),
            columns: vec![
                Column { name: text.into(), about: text.into() },
                Column { name: "n".into(), about: String::new() },
            ],
            rows: vec![
                vec![json!(text), json!(1)],
                vec![json!(null), json!(2.5)],
                vec![json!([text]), json!(true)],
            ],
        }],
        coverage_days: vec![CoverageDay {
            account: text.into(),
            day: Day::from(at(0)),
            hours: 24,
            records: 5,
            rejected: 1,
        }],
        coverage_regions: vec![CoverageRegion {
            account: text.into(),
            region: text.into(),
            ..CoverageRegion::default()
        }],
        rejected: vec![Rejected {
            what: "record".into(),
            reason: text.into(),
            times: 1,
            first_object: text.into(),
        }],
    }
}

fn finding(text: &str, severity: &str) -> Finding {
    let some = || Some(text.to_owned());
    Finding {
        fingerprint: text.into(),
        detection: text.into(),
        title: text.into(),
        severity: severity.into(),
        confidence: text.into(),
        subject: text.into(),
        root: some(),
        path: Some(format!("{text} > arn:aws:iam::{}:role/{text}", account(1))),
        accounts: some(),
        networks: some(),
        first_at: at(1),
        last_at: at(2),
        count: 3,
        event_ids: some(),
        evidence: json!({ text: text, "n": 3, "none": null }).to_string(),
        more: some(),
    }
}

fn key_hour(key: &str, place: &str, hour: i64) -> KeyHour {
    KeyHour {
        access_key_id: key.into(),
        principal: place.into(),
        place: place.into(),
        country: Some(place.into()),
        operator: Some(place.into()),
        hour: at(hour),
        calls: 5,
        failed_calls: 4,
    }
}

/// More of everything than the queries give, of a lake with 100,000 sessions.
pub(crate) fn huge(text: &str) -> Material {
    let long = text.repeat(60);
    let mut material = material(text, 0);
    material.sums.sessions = 100_000;
    material.named_sessions = 3000;
    let one = material_session(text);
    material.sessions = (0..1000)
        .map(|number| Session {
            session_id: format!("{number:05}"),
            root_principal: format!("{text}{}", number % 90),
            created_at: at(number % 380),
            ..one.clone()
        })
        .collect();
    material.findings = (0..500)
        .map(|number| {
            let evidence = (0..30)
                .map(|at| (format!("fact_{at}"), json!(long)))
                .collect::<serde_json::Map<_, _>>();
            Finding {
                subject: format!("{text}{number}"),
                evidence: json!(evidence).to_string(),
                ..finding(&long, "high")
            }
        })
        .collect();
    material.finding_counts[0].told = 9000;
    material.stories =
        (0..60).map(|at| Story { detection: format!("d{at}"), about: long.clone() }).collect();
    material.edges = (0..2000)
        .map(|at| edge(&format!("{text}{}", at % 60), &account(at % 50), at as i64, at % 3 == 0))
        .collect();
    material.chains = (0..300)
        .map(|at| Chain {
            account_path: [account(at % 50), account(at % 49 + 1)].join(" > "),
            example: long.clone(),
            ..Chain::default()
        })
        .collect();
    material.hours =
        (0..9000).map(|hour| Hour { hour: at(hour), sessions: 11, chained: 5 }).collect();
    material.keys = (0..40).map(|at| format!("AKIA{at:016}")).collect();
    material.more_keys = 3000;
    material.key_hours = (0..12 * 9 * 300)
        .map(|n| key_hour(&format!("AKIA{:016}", n % 12), &format!("{text}{}", n % 9), n / 100))
        .collect();
    let row = || vec![json!(long), json!(123_456), json!(text), json!("2026-03-01T00:00:00Z")];
    let columns =
        ["a", "b", "c", "d"].map(|name| Column { name: name.into(), about: long.clone() });
    let table = |at| Table {
        name: format!("report-{at}"),
        title: long.clone(),
        topic: "keys".into(),
        about: long.clone(),
        columns: columns.to_vec(),
        rows: (0..3000).map(|_| row()).collect(),
    };
    material.tables = (0..12).map(table).collect();
    let day = |at: i64| CoverageDay {
        account: format!("{text}{}", at % 300),
        day: Day::from(self::at(at / 300 * 24)),
        hours: at % 25,
        records: 99_999,
        rejected: at % 2,
    };
    material.coverage_days = (0..300 * 16).map(day).collect();
    let region = |at: i64| CoverageRegion {
        account: long.clone(),
        region: format!("{text}{at}"),
        ..CoverageRegion::default()
    };
    material.coverage_regions = (0..4000).map(region).collect();
    material
}

fn material_session(text: &str) -> Session {
    material(text, 1).sessions.remove(0)
}

/// A tag that opens an element.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

/// The tags of a page as a browser reads them: what stands in `style` and `script` is text.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if let Some(closing) = rest.strip_prefix('/') {
            rest = &closing[closing.find('>').unwrap() + 1..];
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap();
        let mut tag = Tag { name: rest[..end].to_owned(), attributes: Vec::new() };
        rest = &rest[end..];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '=').unwrap();
            let name = rest[..end].to_owned();
            rest = &rest[end..];
            assert!(!name.is_empty(), "a malformed tag <{}", tag.name);
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix("=\"") {
                let end = after.find('"').unwrap();
                value = unescaped(&after[..end]);
                rest = &after[end + 1..];
            }
            tag.attributes.push((name, value));
        }
        if tag.name == "style" || tag.name == "script" {
            rest = &rest[rest.find(&format!("</{}", tag.name)).unwrap()..];
        }
        tags.push(tag);
    }
    tags
}

fn unescaped(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// How many elements have all these classes.
pub(crate) fn elements(html: &str, classes: &str) -> usize {
    let has =
        |value: &str| classes.split(' ').all(|class| value.split(' ').any(|found| found == class));
    let of_it =
        |tag: &Tag| tag.attributes.iter().any(|(name, value)| name == "class" && has(value));
    tags(html).iter().filter(|tag| of_it(tag) && tag.name != "li").count()
}
