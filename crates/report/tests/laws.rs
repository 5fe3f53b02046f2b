//! What holds for every page, whatever the data: hostile text stays text, nothing is fetched, the same material
//! gives the same bytes, the size has a bound, and as much is drawn as the page says.

mod support;

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};
use proptest::prelude::*;
use rolecall_model::Time;
use rolecall_report::{MOST_BYTES, Material, Session, page};
use sha2::{Digest, Sha256};
use support::{elements, huge, material, tags};

/// Text that tries to become something else.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        "]]>",
        "<!--",
        "--><b>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)' autofocus='",
        "{{ 7*7 }}",
        "&lt;script&gt;",
        "\u{202e}gnp.exe",
        "a\u{0}b\u{1b}[31m\u{7}",
        "\u{2066}\u{200f}\u{feff}\u{ad}",
        "javascript:alert(1)",
        "=cmd()|' /C calc'!A0",
        "a > b > <i>",
        "東京 ñandú 🦀",
    ]);
    prop_oneof![known.prop_map(str::to_owned), any::<String>()]
}

/// Elements and attributes that the templates have; whatever else stands in a page came from the data.
const ELEMENTS: &str = "a abbr article b body caption circle code dd defs details div dl dt figcaption figure footer \
    g h1 h2 h3 h4 head header html li line main meta nav ol p path pattern pre rect script section span style \
    summary svg table tbody td text th thead time title tr tspan ul !doctype";
const ATTRIBUTES: &str = "aria-hidden aria-label aria-labelledby charset class content d data-chains data-from \
    data-name data-node data-to data-walk dx dy fill height hidden href html http-equiv id lang name patternTransform \
    patternUnits role rx scope stroke-width tabindex text-anchor title viewBox width x x1 x2 y y1 y2";

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
            prop_assert!(name != "href" || value.starts_with('#'), "a link to {value}");
        }
    }
    for once in ["script", "style", "body", "main"] {
        prop_assert_eq!(found.iter().filter(|tag| tag.name == once).count(), 1, "<{}>", once);
    }
    let steers = |c: char| {
        (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{200f}'
    };
    prop_assert!(!html.contains(steers), "a character that steers");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn hostile_text_stays_text(text in hostile()) {
        let html = page(&material(&text, 3)).unwrap();
        only_the_templates_speak(&html)?;
        prop_assert_eq!(html, page(&material(&text, 3)).unwrap());
    }

    #[test]
    fn as_much_is_drawn_as_there_is(
        ends in prop::collection::vec((0..12usize, 0..12usize, 1..500i64, any::<bool>()), 0..60),
    ) {
        let mut material = material("x", 0);
        let mut pairs = BTreeSet::new();
        material.edges.clear();
        for (from, to, sessions, is_new) in ends {
            if pairs.insert((from, to)) {
                material.edges.push(support::edge(&support::account(from), &support::account(to), sessions, is_new));
            }
        }
        let html = page(&material).unwrap();
        let between: Vec<_> = pairs.iter().filter(|(from, to)| from != to).collect();
        let places: BTreeSet<usize> = between.iter().flat_map(|(from, to)| [*from, *to]).collect();
        prop_assert_eq!(elements(&html, "link"), between.len());
        prop_assert_eq!(elements(&html, "node"), places.len());
        let new = material.edges.iter().filter(|edge| edge.is_new && edge.from_where != edge.to_account_id);
        prop_assert_eq!(elements(&html, "link new"), new.count());
    }
}

#[test]
fn every_session_of_a_small_lake_is_a_bar_and_every_finding_an_entry() {
    let material = material("x", 20);
    let html = page(&material).unwrap();
    assert_eq!(elements(&html, "bar"), material.sessions.len());
    assert_eq!(elements(&html, "finding"), material.findings.len());
    assert_eq!(
        elements(&html, "bar named"),
        material.sessions.iter().filter(|s| s.is_named).count()
    );
    assert!(html.contains("All 20 sessions are drawn."), "the page says how many are drawn");
}

#[test]
fn a_bar_ends_where_its_legend_says() {
    let mut material = material("x", 1);
    let span = material.head.until.0 - material.head.from.0;
    let at = |part: i64| Some(Time(material.head.from.0 + span * part / 100));
    let one = Session {
        created_at: at(10).unwrap(),
        first_used_at: at(20),
        ..material.sessions.remove(0)
    };
    let ends = |expires: Option<Time>, used: Option<Time>| {
        let session = Session { expires_at: expires, last_used_at: used, ..one.clone() };
        let html = page(&Material { sessions: vec![session], ..material.clone() }).unwrap();
        let end = |class: &str| {
            let found = tags(&html).into_iter().find(|tag| {
                tag.name == "rect"
                    && tag.attributes.iter().any(|(name, value)| name == "class" && value == class)
            });
            let of_it = |wanted: &str| -> f64 {
                let tag = found.as_ref().unwrap();
                let value = &tag.attributes.iter().find(|(name, _)| name == wanted).unwrap().1;
                value.trim_end_matches('%').parse().unwrap()
            };
            (of_it("x") + of_it("width")).round() as i64
        };
        (end("granted"), end("used"), html.contains("used AFTER its expiry"))
    };
    assert_eq!(ends(at(40), at(30)), (40, 30, false), "used while it was valid");
    assert_eq!(ends(at(40), at(60)), (40, 60, true), "used after its expiry");
    assert_eq!(ends(None, at(60)), (60, 60, false), "no expiry is known");
}

#[test]
fn an_empty_lake_has_a_page_that_says_so() {
    let html = page(&Material::default()).unwrap();
    only_the_templates_speak(&html).unwrap();
    assert!(html.contains("Nothing was found in this span."));
    assert_eq!(elements(&html, "bar") + elements(&html, "node") + elements(&html, "finding"), 0);
}

#[test]
fn the_largest_page_has_room_and_says_what_it_left_out() {
    for text in ["arn:aws:iam::222222222222:role/some-role", "\u{202e}<&\"東京", "x"] {
        let material = huge(text);
        let html = page(&material).unwrap();
        assert!(html.len() <= MOST_BYTES, "{} bytes with {text}", html.len());
        let bars = elements(&html, "bar");
        assert!(bars > 50, "{bars} bars");
        assert!(
            html.contains(&format!("{bars} of 100,000 sessions are drawn as bars")),
            "{bars} bars"
        );
        let named = elements(&html, "bar named");
        assert!(html.contains(&format!("{named} of 3,000 that findings name")), "{named} bars");
        assert!(html.contains(&format!("The {} worst of", elements(&html, "finding"))));
        assert!(html.contains("accounts and providers and"), "the map says what it left out");
        assert!(html.contains("rows are here"), "tables say what they left out");
        let keys = 3012 - elements(&html, "key");
        assert!(html.contains(&format!(
            "{},{:03} more keys are not drawn.",
            keys / 1000,
            keys % 1000
        )));
        only_the_templates_speak(&html).unwrap();
    }
}

#[test]
fn the_policy_allows_this_style_and_this_script_and_nothing_else() {
    let html = page(&material("x", 3)).unwrap();
    let between = |from: &str, to: &str| {
        let begin = html.find(from).unwrap() + from.len();
        html[begin..begin + html[begin..].find(to).unwrap()].to_owned()
    };
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    let expected = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(&between("<style>", "</style>")),
        hash(&between("<script>", "</script>"))
    );
    let policy = tags(&html).into_iter().find_map(|tag| {
        let of_it = |name: &str| {
            tag.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone())
        };
        of_it("http-equiv").and(of_it("content"))
    });
    assert_eq!(policy.unwrap(), expected);
}
