//! The lists of columns are complete: a row that has only those gives the same sessions.

use rolecall_lineage::{
    EDGE_COLUMNS, EVENT_COLUMNS, FOOTPRINT_COLUMNS, Forest, USAGE_COLUMNS, edges, footprints,
};
use rolecall_model::{Event, Row, Session, Source, Time, Usage};

/// Serves a value for every column, or only for some: what a narrow read would give.
struct Filled<'a> {
    texts: Vec<String>,
    only: Option<&'a [&'a str]>,
    names: Vec<&'static str>,
}

impl<'a> Filled<'a> {
    fn new<R: Row>(only: Option<&'a [&'a str]>, words: impl Fn(&str) -> String) -> Self {
        let names: Vec<_> = R::TABLE.columns.iter().map(|column| column.name).collect();
        for name in only.unwrap_or_default() {
            assert!(names.contains(name), "{name} is no column");
        }
        Filled { texts: names.iter().map(|name| words(name)).collect(), only, names }
    }

    fn has(&self, at: usize) -> bool {
        self.only.is_none_or(|only| only.contains(&self.names[at]))
    }
}

impl Source for Filled<'_> {
    fn text(&self, at: usize) -> Option<&str> {
        (self.has(at) && !self.texts[at].is_empty()).then(|| self.texts[at].as_str())
    }
    fn long(&self, at: usize) -> Option<i64> {
        self.has(at).then_some(at as i64 + 900)
    }
    fn flag(&self, at: usize) -> Option<bool> {
        (self.has(at) && !self.texts[at].is_empty()).then_some(true)
    }
    fn time(&self, at: usize) -> Option<Time> {
        self.has(at).then_some(Time::from_seconds(1_000_000))
    }
    fn bytes(&self, _: usize) -> Option<&[u8]> {
        None
    }
}

fn event_words(api: &str, caller: &str) -> impl Fn(&str) -> String {
    move |column| {
        match column {
            "event_source" => "sts.amazonaws.com",
            "event_name" => api,
            "user_identity_type" => caller,
            "role_arn" => "arn:aws:iam::111111111111:role/build",
            "target_principal" => "111111111111",
            "issued_arn" if api != "AssumeRole" => "",
            other => return format!("{other}-value"),
        }
        .to_owned()
    }
}

fn sessions(of: impl FnOnce(&mut Forest)) -> Vec<Session> {
    let mut forest = Forest::new([]);
    of(&mut forest);
    forest.resolve();
    let mut sessions: Vec<_> = forest.sessions().cloned().collect();
    sessions.sort_by(|a, b| a.session_id.cmp(&b.session_id));
    assert!(!sessions.is_empty());
    sessions
}

#[test]
fn issuances_need_no_other_column() {
    for api in [
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRoot",
        "GetSessionToken",
        "GetFederationToken",
    ] {
        for caller in [
            "IAMUser",
            "AssumedRole",
            "AWSService",
            "AWSAccount",
            "SAMLUser",
            "WebIdentityUser",
            "Root",
        ] {
            let of = |only| {
                let event = Event::take(&Filled::new::<Event>(only, event_words(api, caller)));
                sessions(|forest| forest.event(event))
            };
            assert_eq!(of(None), of(Some(EVENT_COLUMNS)), "{api} by {caller}");
        }
    }
}

#[test]
fn uses_need_no_other_column() {
    // A record that says neither whether it reads nor that it failed is told by its name.
    for (caller, says_nothing) in [
        ("AssumedRole", false),
        ("IAMUser", false),
        ("FederatedUser", false),
        ("Root", false),
        ("AssumedRole", true),
    ] {
        let of = |only| {
            let usage = Usage::take(&Filled::new::<Usage>(only, |column| match column {
                "user_identity_type" => caller.to_owned(),
                "access_key_id" => "ASIAEXAMPLE".to_owned(),
                "event_name" => "ListUsers".to_owned(),
                "read_only" | "error_code" if says_nothing => String::new(),
                other => format!("{other}-value"),
            }));
            (sessions(|forest| forest.usage(usage.clone())), usage)
        };
        assert_eq!(of(None).0, of(Some(USAGE_COLUMNS)).0, "{caller}");
        let (all, narrow) = (of(None).1, of(Some(FOOTPRINT_COLUMNS)).1);
        assert_eq!(footprints([&all]), footprints([&narrow]), "{caller}");
    }
}

#[test]
fn edges_need_no_other_column() {
    for caller in ["AssumedRole", "AWSAccount"] {
        let of = |only| {
            let session = Session::take(&Filled::new::<Session>(only, |column| match column {
                "caller_type" => caller.to_owned(),
                "path" => "a > b > c".to_owned(),
                other => format!("{other}-value"),
            }));
            edges([&session])
        };
        assert_eq!(of(None), of(Some(EDGE_COLUMNS)), "{caller}");
        assert!(!of(None).is_empty());
    }
}
