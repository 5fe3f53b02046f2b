//! Every flaw has its line and its remedy.

use rolecall_known::{EXAMPLE, Known, Scope, Spot};

/// A text, and for each of its flaws: where it is, a part of what is said, a part of the remedy.
type Case = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

const CASES: &[Case] = &[
    // Syntax
    ("id = ", &[("1:", "no TOML", "quotes")]),
    (
        "[organization]\nid = \"o-exampleorg1\"\nid = \"o-exampleorg1\"",
        &[("3:1", "duplicate key", "keep one")],
    ),
    ("[[account]]\nid = 012345678901", &[("2:6", "no TOML", "quotes: \"012345678901\"")]),
    (
        "[[account]]\nid = \n[[partner]]\naccount = \"1\"",
        &[("2:", "no TOML", ""), ("4:11", "no account id", "twelve digits")],
    ),
    // Keys
    (
        "[[parner]]\naccount = \"666666666666\"",
        &[("1:3", "`parner` is unknown in the file", "`partner`?")],
    ),
    (
        "[[account]]\nid = \"111111111111\"\nnmae = \"x\"",
        &[("3:1", "`nmae` is unknown in [[account]]", "`name`?")],
    ),
    (
        "[[account]]\nid = \"111111111111\"\ncolour = 1",
        &[("3:1", "`colour` is unknown", "known are `id`, `name`, `owner`")],
    ),
    ("[[account]]\nname = \"x\"", &[("1:1", "[[account]] has no `id`", "id = \"111111111111\"")]),
    ("[account]\nid = \"111111111111\"", &[("1:1", "`account` is a table", "`[[account]]`")]),
    ("account = [\"111111111111\"]", &[("1:12", "`account` is a text", "`[[account]]`")]),
    ("[[networks]]\nname = \"office\"", &[("1:1", "`networks` is a list", "`[[network]]`")]),
    ("[organization]\nid = \"exampleorg1\"", &[("2:6", "no organisation id", "o-exampleorg1")]),
    (
        "[organization]\naccounts_file = \"accounts.json\"",
        &[("2:17", "accounts file was not read", "list-accounts")],
    ),
    // Types
    (
        "[[account]]\nid = 111111111111",
        &[("2:6", "`id` is a number, not a text", "quotes: \"111111111111\"")],
    ),
    ("[[account]]\nid = \"1111-1111-1111\"", &[("2:6", "no account id", "\"111111111111\"")]),
    ("[[account]]\nid = \"\"", &[("2:6", "`id` is empty", "delete the line")]),
    (
        "[[partner]]\naccount = \"666666666666\"\nexternal_ids = []",
        &[("3:16", "`external_ids` is empty", "delete the line")],
    ),
    (
        "[[partner]]\naccount = \"666666666666\"\nexternal_ids = 4711",
        &[("3:16", "a number, not a list of texts", "external_ids = [")],
    ),
    (
        "[[partner]]\naccount = \"666666666666\"\nexternal_ids = [4711]",
        &[("3:17", "a number, not a text", "\"4711\"")],
    ),
    (
        "[[partner]]\naccount = \"666666666666\"\nexternal_ids = [\"a-*\"]",
        &[("3:17", "no external id", "no pattern")],
    ),
    (
        "[[account]]\nid = \"111111111111\"\nexpires = \"2027-01-31\"",
        &[("3:11", "a text, not a date", "without quotes")],
    ),
    (
        "[[account]]\nid = \"111111111111\"\nexpires = 07:32:00",
        &[("3:11", "`07:32:00` is no date", "2027-01-31")],
    ),
    // Networks
    (
        "[[network]]\nname = \"office\"",
        &[("1:1", "no `cidrs`, `places` or `countries`", "192.0.2.0/24")],
    ),
    ("[[network]]\ncidrs = [\"192.0.2.0/24\"]", &[("1:1", "no `name`", "office")]),
    (
        "[[network]]\nname = \"é\"\ncidrs = [\"192.0.2.0/24\", \"192.0.2.7/24\", \"office\"]",
        &[
            ("3:26", "behind its prefix", "\"192.0.2.0/24\""),
            ("3:42", "no address range", "192.0.2.0/24"),
        ],
    ),
    (
        "[[network]]\nname = \"x\"\nplaces = [\"as64500\"]\ncountries = [\"ch\"]",
        &[("3:11", "no place", "\"AS64500\""), ("4:14", "no country", "\"CH\"")],
    ),
    ("[[vpc_endpoint]]\nid = \"vpc-1\"", &[("2:6", "no VPC endpoint", "vpce-")]),
    (
        "network = [{ name = \"Zürich\", cidrs = \"z\" }]",
        &[("1:39", "no address range", "192.0.2.0/24")],
    ),
    // Patterns
    ("[[automation]]\nprincipals = [\"*\"]", &[("2:15", "fits everything", "enabled = false")]),
    (
        "[[automation]]\nprincipals = [\"arn:aws:iam::1*:role/(a|b)\"]",
        &[("2:15", "no pattern that could fit", "several patterns as a list")],
    ),
    (
        "[[automation]]\nprincipals = [\"arn:aws:sts::111111111111:assumed-role/ci/run\"]",
        &[("2:15", "names a session", "arn:aws:iam::111111111111:role/ci")],
    ),
    (
        "[[automation]]\nprincipals = [\"ci\", \"ci\"]",
        &[("2:21", "`ci` is there already, on line 2", "delete one")],
    ),
    (
        "[[role]]\nroles = [\"Admin*\"]\nkind = \"sensitive\"",
        &[("2:10", "fit no role's ARN", "\"*:role/Admin*\"")],
    ),
    (
        "[[quiet_api]]\napis = [\"DescribeRegions\"]",
        &[("2:9", "names no service", "\"ec2:DescribeRegions\"")],
    ),
    // Kinds, durations, scopes
    (
        "[[role]]\nroles = [\"*:role/x\"]\nkind = \"brakeglass\"",
        &[("3:8", "no `kind`", "\"break-glass\"?")],
    ),
    (
        "[[client]]\nuser_agents = [\"*x*\"]\nkind = \"evil\"",
        &[("3:8", "no `kind`", "`attack tool`, `scanner`, `expected`")],
    ),
    (
        "[[ceiling]]\nroles = [\"*:role/x\"]\nduration = \"12\"",
        &[("3:12", "no span of time", "12h")],
    ),
    (
        "[[ceiling]]\nroles = [\"*:role/x\"]\nduration = 43200",
        &[("3:12", "a number, not a span of time", "\"43200 seconds\"")],
    ),
    (
        "[[account]]\nid = \"111111111111\"\ndetections = [\"long session\"]",
        &[("3:15", "can be no detection", "XA-1")],
    ),
    // What repeats or contradicts
    (
        "[[account]]\nid = \"111111111111\"\n[[account]]\nid = \"111111111111\"",
        &[("3:1", "[[account]] with `111111111111` is there already, on line 1", "delete one")],
    ),
    (
        "[[partner]]\naccount = \"111111111111\"\n[[account]]\nid = \"111111111111\"",
        &[("1:1", "own account by line 3", "outside the organisation")],
    ),
    (
        "account = [{ id = \"111111111111\" }, { id = \"111111111111\" }]",
        &[("1:37", "there already", "delete one")],
    ),
    // Suppressions
    (
        "[[suppress]]\nsubjects = [\"x\"]",
        &[
            ("1:1", "no `detections`", "\"*\" stands for all"),
            ("1:1", "no `owner`", "owner ="),
            ("1:1", "no `reason`", "reason ="),
            ("1:1", "no `expires`", "expires ="),
        ],
    ),
    (
        "[[suppress]]\ndetections = [\"*\"]\nsubjects = [\"*\"]\nowner = \"a\"\nreason = \"b\"\nexpires = 2027-01-31",
        &[("1:1", "keep every finding quiet", "add subjects")],
    ),
    // Detections
    (
        "[detection.new-edge]\nseverity = \"bad\"\nenabled = \"no\"\nparm.x = 1",
        &[
            ("2:12", "no severity", "\"critical\""),
            ("3:11", "not true or false", "without quotes"),
            ("4:1", "`parm` is unknown", "`param`?"),
        ],
    ),
    ("[detection.XA-1]\nenabled = false", &[("1:12", "no detection's name", "folder")]),
    ("[detection]\nx = 1", &[("2:5", "`x` is a number", "`[detection.NAME]`")]),
    (
        "[detection.x]\nparam.history = 2027-01-31",
        &[("2:17", "`param.history` is a date", "60 days")],
    ),
    (
        "[networks]\nlists = \"tor.txt\"\nmmdb = 1",
        &[("2:9", "`lists` is a text", "tor-exits.txt"), ("3:8", "`mmdb` is a number", "mmdb = [")],
    ),
];

#[test]
fn each_flaw_has_its_line_and_its_remedy() {
    for (text, expected) in CASES {
        let flaws = Known::parse(text, None).expect_err(text);
        let found: Vec<String> = flaws.iter().map(|flaw| flaw.to_string()).collect();
        assert_eq!(found.len(), expected.len(), "{text}\n{found:#?}");
        for (found, (at, what, help)) in found.iter().zip(*expected) {
            let (said, remedy) = found.split_once("\n  help: ").unwrap();
            assert!(said.starts_with(at), "{text}\n{found}");
            assert!(said.contains(what), "{text}\n{found}");
            assert!(remedy.contains(help), "{text}\n{found}");
        }
    }
}

#[test]
fn flaws_name_the_file_as_editors_expect() {
    let flaws = Known::parse("[[account]]\nid = 1", None).unwrap_err();
    let expected =
        "rolecall.toml:2:6: `id` is a number, not a text\n  help: put it into quotes: \"1\"";
    assert_eq!(flaws[0].in_file("rolecall.toml").to_string(), expected);
}

#[test]
fn flaws_of_a_list_of_accounts_are_those_of_the_line_that_names_it() {
    let text = "[organization]\naccounts_file = \"accounts.json\"";
    let flaws = Known::parse(text, Some(r#"[{"Id":"1"},{"Id":"2"}]"#)).unwrap_err();
    let found: Vec<String> = flaws.iter().map(|flaw| flaw.to_string()).collect();
    assert_eq!(found.len(), 2);
    assert!(
        found[0].starts_with("2:17: the accounts file has `1` as its account 1"),
        "{}",
        found[0]
    );
}

#[test]
fn nobody_vouching_is_advice_where_something_may_pass() {
    let text = "[[account]]\nid = \"111111111111\"\n\
                [[role]]\nroles = \"*:role/x\"\nkind = \"decoy\"\n\
                [[client]]\nuser_agents = \"*x*\"\nkind = \"expected\"\nowner = \"a\"";
    let advice = Known::parse(text, None).unwrap().with_defaults().advice();
    let advice: Vec<String> = advice.iter().map(|flaw| flaw.to_string()).collect();
    assert_eq!(advice.len(), 1, "{advice:#?}");
    assert!(advice[0].starts_with("6:1: [[client]] has no `reason`, `expires`"), "{}", advice[0]);
}

#[test]
fn names_that_no_detection_has_are_said_with_the_nearest_one() {
    let covers = ["XA-1".to_owned()];
    let catalogue = [Scope { name: "chain-into-new-account", covers: &covers }];
    let text = "[[account]]\nid = \"111111111111\"\ndetections = [\"XA-*\", \"chain-in-new-account\", \"LS-1\"]\n\
                [detection.chain-into-new-accounts]\nenabled = true";
    let flaws = Known::parse(text, None).unwrap().unknown_detections(&catalogue);
    let flaws: Vec<String> = flaws.iter().map(|flaw| flaw.to_string()).collect();
    assert_eq!(flaws.len(), 3, "{flaws:#?}");
    assert!(flaws[0].starts_with("3:23: ") && flaws[0].ends_with("`chain-into-new-account`?"));
    assert!(flaws[1].starts_with("3:47: ") && flaws[1].contains("`LS-1`"));
    assert!(flaws[2].starts_with("4:12: ") && flaws[2].ends_with("`chain-into-new-account`?"));
}

#[test]
fn what_has_flaws_is_read_as_far_as_it_goes() {
    let text = "[organization]\naccounts_file = \"none.json\"\n[[account]]\nid = \"1\"\n\
                [detection.night]\nenabled = false\n[networks]\ncsv = [\"n.csv\"]";
    let (known, flaws) = Known::sift(text, Err("`none.json` cannot be read: it is not there"));
    let flaws: Vec<String> = flaws.iter().map(|flaw| flaw.to_string()).collect();
    assert_eq!(flaws.len(), 2, "{flaws:#?}");
    assert!(flaws[0].starts_with("2:17: the accounts file `none.json` cannot be read: it is not"));
    assert!(flaws[1].starts_with("4:6: "), "{}", flaws[1]);
    assert!(known.settings("night").is_some_and(|settings| !settings.enabled));
    assert_eq!(known.databases().spots["n.csv"], Spot { line: 8, column: 8 });
}

#[test]
fn the_remedy_for_a_number_is_a_span_of_time() {
    let text = |duration| format!("[[ceiling]]\nroles = [\"*:role/x\"]\nduration = {duration}");
    let help = Known::parse(&text("43200"), None).unwrap_err()[0].help();
    let (_, remedy) = help.split_once(": ").unwrap();
    Known::parse(&text(remedy), None).unwrap();
}

#[test]
fn the_example_has_no_flaws_and_uses_every_section() {
    let known = Known::parse(EXAMPLE, None).unwrap_or_else(|flaws| panic!("{flaws:#?}"));
    let sections: std::collections::BTreeSet<&str> =
        known.entries().map(|entry| entry.section).collect();
    assert_eq!(sections.len(), 13, "{sections:?}");
    assert!(known.organization().is_some() && !known.databases().mmdb.is_empty());
    assert!(known.settings("chain-into-new-account").is_some());
}

proptest::proptest! {
    #[test]
    fn any_text_is_known_or_flawed(text in ".{0,200}", accounts in ".{0,80}") {
        let _ = Known::parse(&text, Some(&accounts));
    }

    /// Pieces of the example in any order are nearly right, which is where readers stumble.
    #[test]
    fn pieces_of_a_file_are_known_or_flawed(cuts in proptest::collection::vec((0usize..9999, 0usize..80), 1..12)) {
        let characters: Vec<char> = EXAMPLE.chars().collect();
        let pieces = cuts.iter().map(|(at, length)| {
            characters.iter().skip(at % characters.len()).take(*length).collect::<String>()
        });
        let text = pieces.collect::<String>();
        let lines = text.lines().count().max(1) + 1;
        for flaw in Known::parse(&text, None).err().unwrap_or_default() {
            proptest::prop_assert!((1..=lines).contains(&flaw.spot.line), "{flaw}\n{text}");
            proptest::prop_assert!(!flaw.help().is_empty());
        }
    }
}
