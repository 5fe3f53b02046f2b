//! Silence is told once; settings that would hurt are refused.

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
