//! Silence is told once; what was lost is told unless it came after all; settings that would hurt are refused.

use super::*;

#[tokio::test]
async fn silence_is_told_once_and_kept_quiet_by_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = open(folder.path()).await;
    let object = |account: &str, hour: i64| {
        let delivered_at = Day(20_000).start().plus_seconds(hour * 3600);
        Object {
            key: format!("{account}-{hour}"),
            account: Some(account.into()),
            region: Some("eu-west-1".into()),
            delivered_at: Some(delivered_at),
            ingested_at: delivered_at.plus_seconds(300),
            outcome: "read".into(),
            kind: "log".into(),
            ..Object::default()
        }
    };
    let alive: Vec<_> = (0..24 * 20).map(|hour| object("111111111111", hour)).collect();
    let dead: Vec<_> = (0..24 * 18).map(|hour| object("222222222222", hour)).collect();
    append(&mut lake, &alive).await;
    append(&mut lake, &dead).await;
    append(
        &mut lake,
        &[Rejected {
            object_key: "broken.json.gz".into(),
            object_etag: "e".into(),
            rejected_at: Day(20_019).start(),
            reason: "it is no gzip".into(),
            ..Rejected::default()
        }],
    )
    .await;
    let now = Day(20_020).start();
    let toml = "[[suppress]]\ndetections = [\"unreadable-object\"]\nowner = \"ana\"\nreason = \"known\"\nexpires = 2037-01-01\n\
                [[suppress]]\ndetections = [\"root-used\"]\nowner = \"ana\"\nreason = \"over\"\nexpires = 2001-01-01\n";
    let known = Known::parse(toml, None).unwrap();
    let dry = UpkeepSettings { dry_run: true, ..defaults() };
    let said = upkeep(&mut lake, &known, &dry, now, &|| true, &|_| ()).await.unwrap();
    assert_eq!(said.findings.len(), 3);
    assert!(rows::<Finding>(&lake).await.is_empty(), "a dry run tells nobody else");

    let did = upkeep(&mut lake, &known, &defaults(), now, &|| true, &|_| ()).await.unwrap();
    let told: Vec<_> = did
        .findings
        .iter()
        .map(|f| (f.detection.as_str(), f.subject.as_str(), f.is_told()))
        .collect();
    assert_eq!(
        told,
        [
            ("trail-fell-silent", "account 222222222222 in eu-west-1", true),
            ("unreadable-object", "broken.json.gz", false),
            ("expired-entry", "[[suppress]] root-used", true),
        ]
    );
    let later = now.plus_seconds(3600);
    let again = upkeep(&mut lake, &known, &defaults(), later, &|| true, &|_| ()).await.unwrap();
    assert_eq!((again.findings.len(), again.repeated), (0, 3));
    assert_eq!(rows::<Finding>(&lake).await.len(), 3);
}

#[cfg(unix)]
#[tokio::test]
async fn what_was_lost_is_told_unless_it_came_after_all() {
    let folder = tempfile::tempdir().unwrap();
    let (trail, late) = (folder.path().join("trail"), folder.path().join("late.json"));
    std::fs::create_dir(&trail).unwrap();
    std::os::unix::fs::symlink(&late, trail.join("late.json")).unwrap();
    std::os::unix::fs::symlink("nowhere", trail.join("gone.json")).unwrap();
    let mut lake = open(&folder.path().join("lake")).await;
    for _ in 0..2 {
        let did = take_in(&mut lake, &trail).await;
        assert_eq!(did.unreached.len(), 2, "what is lost is tried again");
    }
    assert_eq!(rows::<Rejected>(&lake).await.len(), 2, "each is noted once");

    let soon = look_after(&mut lake, &defaults(), NOW.plus_seconds(3600)).await;
    assert_eq!(soon.findings, [], "it may still come");
    std::fs::write(&late, "{\"Records\":[]}").unwrap();
    assert_eq!(take_in(&mut lake, &trail).await.unreached.len(), 1);

    let told = look_after(&mut lake, &defaults(), NOW.plus_seconds(4 * 3600)).await.findings;
    let told: Vec<_> = told.iter().map(|f| (f.detection.as_str(), f.subject.as_str())).collect();
    let gone = trail.canonicalize().unwrap().join("gone.json");
    assert_eq!(told, [("lost-object", gone.to_str().unwrap())]);
    let again = look_after(&mut lake, &defaults(), NOW.plus_seconds(DAY)).await;
    assert_eq!((again.findings.len(), again.repeated), (0, 1));
}

#[tokio::test]
async fn settings_that_would_hurt_are_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = open(folder.path()).await;
    let settings = UpkeepSettings { retention_days: Some(7), ..defaults() };
    let refused = upkeep(&mut lake, &Known::default(), &settings, NOW, &|| true, &|_| ()).await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("retention of 7 days is too short"), "{error}");
}

#[tokio::test]
async fn what_takes_longest_comes_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut lake = open(folder.path()).await;
    let never = || false;
    let did = upkeep(&mut lake, &Known::default(), &defaults(), soon(), &never, &|_| ()).await;
    let left = did.unwrap().left;
    assert!(left.len() > 10, "{left:?}");
    assert_eq!(left.last().map(String::as_str), Some("look for entries that met nothing"));
}
