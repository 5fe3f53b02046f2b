//! What must hold whatever the order, the repetitions and the split of the input.

use crate::common::*;
use proptest::prelude::*;
use rolecall_model::{Event, Session, Usage};

const SECONDS: [i64; 7] = [0, 0, 1, 3, 60, 61, 4000];
/// Seconds over three days, some of them around midnight.
const DAYS: [i64; 7] = [0, 43_198, 43_201, 86_400, 86_403, 129_599, 216_000];
const SESSIONS: [&str; 2] = ["ada", "i-0123"];

fn roles() -> [String; 3] {
    [role(1, "a"), role(1, "b"), role(2, "c")]
}

/// Few enough keys that masked and repeated ones collide often.
const KEYS: [&str; 6] = [
    "ASIAAAAAAAAAAAAAAAA1",
    "ASIAAAAAAAAAAAAAAAA2",
    "ASIAAAAAAAAAAAAAAAA3",
    "ASIAAAAAAAAAAAAAAAA4",
    "ASIA****************",
    "ASIA****************",
];

prop_compose! {
    fn session(seconds: [i64; 7])(r in 0..3usize, s in 0..2usize, k in 0..7usize, t in 0..7usize) -> By {
        let key = KEYS.get(k).map(|key| (*key).to_owned());
        By::Session(roles()[r].clone(), SESSIONS[s].to_owned(), key, seconds[t])
    }
}

prop_compose! {
    fn temporary(seconds: [i64; 7])(k in 0..6usize, t in 0..7usize) -> By {
        By::Temporary("BOB", KEYS[k].to_owned(), seconds[t])
    }
}

fn caller(seconds: [i64; 7]) -> impl Strategy<Value = By> {
    let role = || (0..3usize, 0..2usize, 0..6usize);
    prop_oneof![
        2 => Just(By::User("BOB")),
        2 => Just(By::Service("ec2.amazonaws.com")),
        5 => session(seconds),
        1 => temporary(seconds),
        2 => role().prop_map(|(r, s, _)| By::Foreign(id(&roles()[r], SESSIONS[s]))),
        1 => role().prop_map(|(r, s, k)| {
            By::Undated(roles()[r].clone(), SESSIONS[s].to_owned(), KEYS[k].to_owned())
        }),
    ]
}

/// Some copies do not show what was opened.
fn bare(event: Event, is_bare: bool) -> Fact {
    let shown = |text: Option<String>| text.filter(|_| !is_bare);
    Event {
        issued_arn: shown(event.issued_arn),
        issued_principal_id: shown(event.issued_principal_id),
        ..event
    }
    .into()
}

fn issuances(seconds: [i64; 7]) -> impl Strategy<Value = Vec<Fact>> {
    let opened = (0..3usize, 0..2usize, 0..6usize, 0..7usize);
    (caller(seconds), opened, any::<bool>(), prop::array::uniform2(prop::bool::weighted(0.2)))
        .prop_map(move |(by, (r, s, k, t), both, bares)| {
            let mut event = assume(seconds[t], &by, &roles()[r], SESSIONS[s], KEYS[k]);
            event.expires_at = Some(event.event_time.plus_seconds(seconds[6] * 6 / 10));
            let mut copies = vec![bare(event.clone(), bares[0])];
            if both {
                copies.push(bare(copy(&event), bares[1]));
            }
            copies
        })
}

/// Sessions of users, federated users and roots.
fn others(seconds: [i64; 7]) -> impl Strategy<Value = Event> {
    (0..3usize, 0..6usize, 0..7usize).prop_map(move |(api, k, t)| {
        let (api, id) =
            [("GetSessionToken", ""), ("AssumeRoot", ""), ("GetFederationToken", "1:eve")][api];
        let arn = if id.is_empty() { "" } else { "arn:aws:sts::111111111111:federated-user/eve" };
        Event { target_principal: text("222222222222"), ..issue(seconds[t], api, arn, id, KEYS[k]) }
    })
}

/// Calls of a session, seen some time after it was created; some records lack id or ARN.
fn calls(seconds: [i64; 7]) -> impl Strategy<Value = Usage> {
    let who = prop_oneof![6 => session(seconds), 1 => temporary(seconds)];
    let lacks = prop::array::uniform2(prop::bool::weighted(0.1));
    (who, 1..9i64, 0..5i64, lacks).prop_map(move |(by, calls, later, [id, arn])| {
        let mut usage = uses(&by, calls);
        usage.hour = usage.hour.plus_seconds(later * seconds[6] / 10).hour();
        usage.principal_id = usage.principal_id.filter(|_| !id);
        usage.principal_arn = usage.principal_arn.filter(|_| !arn);
        usage
    })
}

/// A small world: issuances, some in two copies; uses; sign-ins.
fn world(seconds: [i64; 7]) -> impl Strategy<Value = Vec<Fact>> {
    let console = prop_oneof![3 => session(seconds), 1 => temporary(seconds)];
    let part = prop_oneof![
        8 => issuances(seconds),
        1 => others(seconds).prop_map(|event| vec![event.into()]),
        6 => calls(seconds).prop_map(|usage| vec![usage.into()]),
        2 => (console, 0..7usize).prop_map(move |(by, t)| vec![sign_in(seconds[t], &by).into()]),
    ];
    prop::collection::vec(part, 1..14).prop_map(|parts| parts.concat())
}

fn events(facts: &[Fact]) -> Vec<Fact> {
    facts.iter().filter(|fact| matches!(fact, Fact::Event(_))).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn order_does_not_matter((facts, shuffled) in world(SECONDS).prop_flat_map(|facts| {
        (Just(facts.clone()), Just(facts).prop_shuffle())
    })) {
        prop_assert_eq!(run(Vec::new(), &facts), run(Vec::new(), &shuffled));
    }

    #[test]
    fn events_taken_twice_count_once(facts in world(SECONDS)) {
        let twice = [facts.clone(), events(&facts)].concat();
        prop_assert_eq!(run(Vec::new(), &facts), run(Vec::new(), &twice));
        let once = run(Vec::new(), &facts);
        prop_assert_eq!(run(once.clone(), &events(&facts)), once);
    }

    #[test]
    fn runs_of_parts_equal_one_run(facts in world(SECONDS), cuts in prop::collection::vec(0..14usize, 2)) {
        let mut rest = facts.as_slice();
        let mut stored = Vec::new();
        for cut in cuts {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            stored = run(stored, now);
            rest = later;
        }
        prop_assert_eq!(run(stored, rest), run(Vec::new(), &facts));
    }

    #[test]
    fn the_days_around_are_enough(facts in world(DAYS), cuts in prop::collection::vec(0..14usize, 2)) {
        let mut rest = facts.as_slice();
        let mut stored = Vec::new();
        for cut in cuts {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            stored = trace(stored, now);
            rest = later;
        }
        prop_assert_eq!(trace(stored, rest), run(Vec::new(), &facts));
    }

    #[test]
    fn rows_are_sound(facts in world(SECONDS)) {
        let rows = run(Vec::new(), &facts);
        let find = |id: &str| rows.iter().find(|row| row.session_id == id);
        for row in &rows {
            prop_assert!(rows.iter().filter(|other| other.session_id == row.session_id).count() == 1);
            prop_assert!(!row.root_kind.is_empty() && !row.kind.is_empty());
            if let Some(parent) = &row.parent_session_id {
                let parent = find(parent).expect("the parent is a row");
                prop_assert_eq!(row.depth, parent.depth + 1);
                prop_assert!(parent.created_at <= row.created_at.plus_seconds(1));
                prop_assert_eq!(&row.root_principal, &parent.root_principal);
                prop_assert!(row.parent_candidates.is_none());
                prop_assert!(row.path.starts_with(&parent.path));
                prop_assert!(!above(&rows, parent).contains(&row.session_id.as_str()));
            }
            prop_assert_eq!(row.account_path.matches(" > ").count() as i64, row.crossings);
            for candidate in row.parent_candidates.iter().flat_map(|ids| ids.split(' ')) {
                prop_assert!(find(candidate).is_some());
            }
        }
    }

    #[test]
    fn no_call_is_lost_and_only_ambiguous_ones_show_twice(facts in world(SECONDS)) {
        let rows = run(Vec::new(), &facts);
        let taken: i64 = facts.iter().map(|fact| match fact {
            Fact::Usage(usage) => usage.calls,
            Fact::Event(_) => 0,
        }).sum();
        let sure: i64 = rows.iter().map(|row| row.calls - row.ambiguous_calls).sum();
        let shown: i64 = rows.iter().map(|row| row.calls).sum();
        prop_assert!(sure <= taken && taken <= shown);
        if rows.iter().all(|row| row.ambiguous_calls == 0) {
            prop_assert_eq!(shown, taken);
        }
    }

    #[test]
    fn whole_keys_agree_with_the_oracle(steps in prop::collection::vec((0..9usize, 0..3usize), 1..9),
                                        order in Just((0..9usize).collect::<Vec<_>>()).prop_shuffle()) {
        // Step n is called by step steps[n].0 if that came before it, else by a user.
        let key = |n: usize| format!("ASIABBBBBBBBBBBBBBB{n}");
        let name = |n: usize| format!("s{n}");
        let facts: Vec<Fact> = steps.iter().enumerate().map(|(n, (from, to))| {
            let by = match steps[..n].get(*from) {
                Some((_, role)) => By::Session(roles()[*role].clone(), name(*from), Some(key(*from)), *from as i64),
                None => By::User("BOB"),
            };
            assume(n as i64, &by, &roles()[*to], &name(n), &key(n)).into()
        }).collect();
        let shuffled: Vec<Fact> = order.iter().filter_map(|n| facts.get(*n).cloned()).collect();
        let rows = run(Vec::new(), &shuffled);
        prop_assert_eq!(rows.len(), steps.len());
        for (n, _) in steps.iter().enumerate() {
            let row = rows.iter().find(|row| row.issued_key == Some(key(n))).expect("a row for each");
            let line = oracle(&steps, n);
            let accounts: Vec<&str> =
                line.iter().filter_map(|step| rolecall_model::arn::account(step)).collect();
            let mut apart = accounts.clone();
            apart.dedup();
            prop_assert_eq!(row.depth, line.len() as i64 - 2);
            prop_assert_eq!(&row.path, &line.join(" > "));
            prop_assert_eq!(&row.account_path, &apart.join(" > "));
            prop_assert_eq!(row.crossings, apart.len() as i64 - 1);
            prop_assert_eq!(row.revisits, line[..line.len() - 1].contains(&row.principal));
            prop_assert_eq!(&row.root_kind, "long-term key");
            prop_assert_eq!(row.root_credential.as_deref(), Some("AKIAAAAAAAAAAAAAABOB"));
        }
    }
}

/// The principals from the root to step `n`, told from the steps alone.
fn oracle(steps: &[(usize, usize)], n: usize) -> Vec<String> {
    let (from, to) = steps[n];
    let mut line = if from < n { oracle(steps, from) } else { vec![user("BOB")] };
    line.push(roles()[to].clone());
    line
}

fn above<'a>(rows: &'a [Session], row: &'a Session) -> Vec<&'a str> {
    let mut ids = vec![row.session_id.as_str()];
    let mut now = row;
    while let Some(parent) = &now.parent_session_id {
        now = rows.iter().find(|row| row.session_id == *parent).expect("the parent is a row");
        assert!(!ids.contains(&now.session_id.as_str()), "a circle");
        ids.push(&now.session_id);
    }
    ids
}
