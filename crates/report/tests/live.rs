//! What holds for every page that is served: hostile text stays text, and everything that is fetched, sent or
//! linked stays on this server.

#[allow(dead_code)] // The other page's laws use the rest.
mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolecall_model::Time;
use rolecall_report::Finding;
use rolecall_report::live::{
    Ask, Chosen, Frame, Lineage, Listed, Outcome, ParamField, Rows, Saved, Sheet, Topic, UsedHour,
};
use serde_json::{Value, json};
use support::tags;

/// Text that tries to become something else.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "</textarea><script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)' autofocus='",
        "&id=other&q=\"",
        "//evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "a\u{0}b\u{1b}[31m\u{7}\u{202e}gnp.exe",
        "a > b > <i>",
        "%22%3E%3Cscript%3E",
        "東京 ñandú 🦀",
    ]);
    prop_oneof![known.prop_map(str::to_owned), any::<String>()]
}

const ELEMENTS: &str = "a abbr b body button caption code dd details div dl dt figcaption figure footer form g h1 h2 \
    h3 h4 head header html input label li line link main meta nav ol p path pre rect script section span summary svg \
    table tbody td text textarea th thead time title tr ul !doctype";
const ATTRIBUTES: &str = "action aria-current aria-describedby aria-hidden aria-label aria-labelledby aria-level \
    autocapitalize autocomplete charset class content d data-name defer for height hidden href html id lang maxlength method name \
    placeholder rel role rows scope spellcheck src tabindex text-anchor title type value viewBox width x x1 x2 y y1 y2";

fn only_the_templates_speak(html: &str) -> Result<(), TestCaseError> {
    let words = |of: &'static str| of.split_whitespace().collect::<BTreeSet<&str>>();
    let (known, attributes) = (words(ELEMENTS), words(ATTRIBUTES));
    let found = tags(html);
    for tag in &found {
        prop_assert!(
            known.contains(tag.name.to_lowercase().as_str()),
            "<{}> in the page",
            tag.name
        );
        for (name, value) in &tag.attributes {
            prop_assert!(
                attributes.contains(name.as_str()),
                "the attribute {name} in <{}>",
                tag.name
            );
            let is_own = value.starts_with('#')
                || value == "data:,"
                || (value.starts_with('/')
                    && !value.starts_with("//")
                    && !value.contains(['<', '"', '\'']));
            prop_assert!(
                !["href", "src", "action"].contains(&name.as_str()) || is_own,
                "{name} to {value}"
            );
        }
    }
    for once in ["script", "body", "main", "h1"] {
        prop_assert_eq!(found.iter().filter(|tag| tag.name == once).count(), 1, "<{}>", once);
    }
    let steers = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    prop_assert!(!html.contains(steers), "a character that steers");
    Ok(())
}

const COLUMNS: [&str; 9] = [
    "principal",
    "session_id",
    "access_key_id",
    "account_id",
    "source_ip_address",
    "network",
    "edge",
    "session_name",
    "anything",
];

fn rows(text: &str) -> Rows {
    let columns: Vec<String> =
        COLUMNS.iter().map(|name| (*name).to_owned()).chain([text.to_owned()]).collect();
    let row = columns.iter().map(|name| (name.clone(), json!(text))).collect();
    let two =
        columns.iter().map(|name| (name.clone(), json!(format!("{text} > {text}")))).collect();
    Rows {
        name: "some-rows".to_owned(),
        title: text.to_owned(),
        columns,
        rows: vec![row, two],
        ..Rows::default()
    }
}

fn frame(text: &str) -> Frame {
    Frame { lake: text.to_owned(), sought: text.to_owned(), ..Frame::default() }
}

fn sheet(text: &str) -> Sheet {
    let listed = |id: &str, parent: Option<&str>| Listed {
        session_id: id.to_owned(),
        parent_session_id: parent.map(str::to_owned),
        principal: text.to_owned(),
        session_name: Some(text.to_owned()),
        account_id: Some(text.to_owned()),
        issued_key: Some(text.to_owned()),
        networks: Some(text.to_owned()),
        root_principal: text.to_owned(),
        root_kind: text.to_owned(),
        calls: 3,
        ..Listed::default()
    };
    let finding = Finding {
        title: text.to_owned(),
        subject: text.to_owned(),
        path: Some(text.to_owned()),
        accounts: Some(text.to_owned()),
        evidence: json!({ text: text, "access_key_id": text }).to_string(),
        severity: text.to_owned(),
        detection: text.to_owned(),
        ..Finding::default()
    };
    Sheet {
        kind: text.to_owned(),
        name: text.to_owned(),
        about: text.to_owned(),
        facts: COLUMNS.iter().map(|name| ((*name).to_owned(), Value::from(text))).collect(),
        lineage: Some(Lineage {
            key: Some(text.to_owned()),
            above: vec![listed("above", None)],
            own: vec![listed("own", Some("above"))],
            below: vec![listed(text, Some("own"))],
            note: Some(text.to_owned()),
        }),
        findings: Some(vec![finding]),
        hours: vec![UsedHour { hour: Time(0), calls: 2, failed_calls: 1 }],
        tables: vec![rows(text)],
        more: vec![(text.to_owned(), "/sql".to_owned())],
        notes: vec![text.to_owned()],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn hostile_text_stays_text(text in hostile()) {
        only_the_templates_speak(&sheet(&text).page(&frame(&text)).unwrap())?;
        let chosen = Chosen {
            id: text.clone(),
            title: text.clone(),
            about: text.clone(),
            sql: text.clone(),
            params: vec![ParamField { field: text.clone(), name: text.clone(), value: text.clone(), about: text.clone() }],
        };
        let topics = vec![Topic { name: text.clone(), saved: vec![Saved { id: text.clone(), title: text.clone() }] }];
        for (chosen, outcome) in [
            (None, Outcome::Rows(rows(&text), text.clone(), "/sql.csv".to_owned())),
            (Some(chosen), Outcome::Refused(text.clone(), text.clone())),
        ] {
            let ask = Ask {
                statement: text.clone(),
                topics: topics.clone(),
                chosen,
                outcome,
                limits: text.clone(),
                tables: vec![(text.clone(), text.clone())],
            };
            only_the_templates_speak(&ask.page(&frame(&text)).unwrap())?;
        }
    }
}

#[test]
fn a_page_of_nothing_is_whole() {
    only_the_templates_speak(&Sheet::default().page(&Frame::default()).unwrap()).unwrap();
    only_the_templates_speak(&Ask::default().page(&Frame::default()).unwrap()).unwrap();
}
