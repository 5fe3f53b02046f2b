//! Lakes in temporary folders, and what is in them whatever the order in which it came.

use std::collections::BTreeMap;
use std::path::Path;

use rolecall_lake::{Access, Lake, Location};
use rolecall_model::{Edge, Event, Footprint, Row, Session, Time, Usage, hash};
use rolecall_pipeline::{Ingested, Settings, Trail, ingest, trace};

/// The time at which every test ingests.
pub const NOW: Time = Time::from_seconds(1_800_000_000);

/// Opens the lake in a folder, or makes it.
pub async fn open(folder: &Path) -> Lake {
    let location = Location::find(folder.to_str().unwrap()).await.unwrap();
    Lake::open(location, Access::Create).await.unwrap()
}

/// Ingests a folder.
pub async fn take_in(lake: &mut Lake, trail: &Path) -> Ingested {
    let trail = Trail::list(trail.to_str().unwrap()).await.unwrap();
    ingest(lake, &trail, &Settings::at(NOW), &|_| ()).await.unwrap()
}

/// Ingests some folders one after the other, and traces after each.
pub async fn lake_of(folder: &Path, trails: &[&Path]) -> Lake {
    let mut lake = open(folder).await;
    for trail in trails {
        take_in(&mut lake, trail).await;
        trace(&mut lake, &|_| ()).await.unwrap();
    }
    lake
}

/// All rows of a table.
pub async fn rows<R: Row>(lake: &Lake) -> Vec<R> {
    let table = lake.table::<R>();
    let mut rows = Vec::new();
    table.read::<R>(table.files(), &[], |row| rows.push(row)).await.unwrap();
    rows
}

/// What the lake says, in an order of its own, without what depends on who came first: the object
/// an event was first read from, and how many commits share the counting of a `usage` row.
pub async fn content(lake: &Lake) -> BTreeMap<&'static str, Vec<String>> {
    let events =
        rows::<Event>(lake).await.into_iter().map(|row| Event { object_key: String::new(), ..row });
    let mut usages: BTreeMap<String, Usage> = BTreeMap::new();
    for row in rows::<Usage>(lake).await {
        let key = Usage {
            calls: 0,
            first_at: Time::default(),
            last_at: Time::default(),
            event_hashes: Vec::new(),
            ..row.clone()
        };
        let sum = usages.entry(format!("{key:?}")).or_insert(Usage {
            first_at: row.first_at,
            last_at: row.last_at,
            ..key
        });
        sum.calls += row.calls;
        sum.first_at = sum.first_at.min(row.first_at);
        sum.last_at = sum.last_at.max(row.last_at);
        let hashes = hash::unpack(&sum.event_hashes).chain(hash::unpack(&row.event_hashes));
        sum.event_hashes = hash::pack(hashes.collect());
    }
    BTreeMap::from([
        ("event", texts(events)),
        ("usage", texts(usages.into_values())),
        ("session", texts(rows::<Session>(lake).await)),
        ("edge", texts(rows::<Edge>(lake).await)),
        ("footprint", texts(rows::<Footprint>(lake).await)),
    ])
}

fn texts<R: std::fmt::Debug>(rows: impl IntoIterator<Item = R>) -> Vec<String> {
    let mut texts: Vec<String> = rows.into_iter().map(|row| format!("{row:?}")).collect();
    texts.sort();
    texts
}
