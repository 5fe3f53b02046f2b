//! What is old goes, exactly, and roll-ups of days that are half gone stay.

use super::*;

async fn days<R: Row>(lake: &Lake) -> Vec<i32> {
    let mut days: Vec<i32> = rows::<R>(lake).await.iter().map(|row| row.day().0).collect();
    days.sort();
    days
}

#[tokio::test]
async fn retention_removes_exactly_what_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = open(folder.path()).await;
    let now = Day(20_000).start().plus_seconds(DAY / 2);
    let all = [19_000, 19_599, 19_600, 19_964, 19_965, 20_000];
    let at = all.map(|day| Day(day).start().plus_seconds(3600));
    append(&mut lake, &at.map(|event_time| Event { event_time, ..Event::default() })).await;
    append(&mut lake, &at.map(|hour| Usage { hour, ..Usage::default() })).await;
    append(&mut lake, &at.map(|created_at| Session { created_at, ..Session::default() })).await;
    append(&mut lake, &at.map(|rejected_at| Rejected { rejected_at, ..Rejected::default() })).await;
    append(&mut lake, &at.map(|first_at| Edge { first_at, ..Edge::default() })).await;
    append(&mut lake, &at.map(|first_at| Footprint { first_at, ..Footprint::default() })).await;
    append(&mut lake, &at.map(|first_at| Finding { first_at, ..Finding::default() })).await;
    let objects = at.map(|at| Object { delivered_at: Some(at), ..Object::default() });
    append(&mut lake, &objects).await;
    append(&mut lake, &[Object::default()]).await;

    look_after(&mut lake, &defaults(), now).await;
    assert_eq!(days::<Event>(&lake).await, all, "without a retention, all is kept");
    let settings = UpkeepSettings { retention_days: Some(35), ..defaults() };
    let dry = UpkeepSettings { dry_run: true, ..settings.clone() };
    let told = look_after(&mut lake, &dry, now).await;
    let did = look_after(&mut lake, &settings, now).await;
    let removed = |did: &Upkept| did.tables.iter().map(|t| t.rows_removed).collect::<Vec<_>>();
    assert_eq!(removed(&told), removed(&did));
    assert_eq!(removed(&did), [2, 4, 4, 4, 4, 2, 2, 2]);
    for (table, kept) in [
        ("event", days::<Event>(&lake).await),
        ("usage", days::<Usage>(&lake).await),
        ("session", days::<Session>(&lake).await),
        ("rejected", days::<Rejected>(&lake).await),
    ] {
        assert_eq!(kept, [19_965, 20_000], "{table}");
    }
    // Upkeep itself tells of what was rejected.
    let findings = rows::<Finding>(&lake).await.into_iter().filter(|f| f.detection.is_empty());
    let mut findings: Vec<i32> = findings.map(|finding| finding.day().0).collect();
    findings.sort();
    for (table, kept) in [
        ("edge", days::<Edge>(&lake).await),
        ("footprint", days::<Footprint>(&lake).await),
        ("finding", findings),
    ] {
        assert_eq!(kept, [19_600, 19_964, 19_965, 20_000], "{table}");
    }
    let objects = days::<Object>(&lake).await;
    assert_eq!(objects, [0, 19_600, 19_964, 19_965, 20_000], "no time is no age");
    assert_eq!(removed(&look_after(&mut lake, &settings, now).await), [0; 8]);
}

#[tokio::test]
async fn a_part_of_a_day_that_is_gone_does_not_replace_its_roll_up() {
    let folder = tempfile::tempdir().unwrap();
    let (logs, part) = (folder.path().join("logs"), folder.path().join("part"));
    trail(&logs, 0..6, 4, "x");
    trail(&part, 0..1, 4, "other");
    let mut lake = open(&folder.path().join("lake")).await;
    one_by_one(&mut lake, &logs).await;
    let before = content(&lake).await;
    let settings = UpkeepSettings { retention_days: Some(40), ..defaults() };
    look_after(&mut lake, &settings, NOW).await;
    assert!(rows::<Usage>(&lake).await.is_empty() && rows::<Session>(&lake).await.is_empty());
    take_in(&mut lake, &part).await;
    trace(&mut lake, &|_| ()).await.unwrap();
    let after = content(&lake).await;
    assert_eq!((&after["footprint"], &after["edge"]), (&before["footprint"], &before["edge"]));
    assert!(
        !rows::<Session>(&lake).await.is_empty(),
        "old logs can be looked at until the next upkeep"
    );
    look_after(&mut lake, &settings, NOW).await;
    assert!(rows::<Session>(&lake).await.is_empty());
}
