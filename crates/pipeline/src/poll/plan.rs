//! What is to be read: what was asked for, without what the ledger says is settled.

use std::collections::{BTreeMap, HashMap};

use futures::{StreamExt, TryStreamExt, stream};
use rolecall_cloudtrail::lookup::{Feed, Slice, Todo, feeds, unsettled};
use rolecall_lake::{DataFile, Lake, LakeError, LakeTable};
use rolecall_model::{Day, Object, Time, Window};

use super::PollSettings;

/// So many files of the ledger are read at once: they are many and small.
const FILES: usize = 16;

/// What is settled of each feed.
pub(super) type Settled = HashMap<Feed, Vec<Window>>;

/// Reads from the ledger what is settled of a span.
///
/// Slices lie in the partition of their last second, and never reach beyond a day, so only the days of
/// the span are read. When a slice was read is its entity tag.
pub(super) async fn settled(lake: &Lake, span: Window, late: i64) -> Result<Settled, LakeError> {
    let table = lake.table::<Object>();
    let recent = table.files().iter().filter(|file| file.day >= Day::from(span.from));
    let reading: Vec<_> = recent.map(|file| slices_in(table, file)).collect();
    let slices: Vec<_> = stream::iter(reading).buffer_unordered(FILES).try_collect().await?;
    let mut settled = Settled::new();
    for (slice, read_at) in slices.into_iter().flatten() {
        let window = slice.settled(read_at, late);
        settled.entry(slice.feed).or_default().push(window);
    }
    Ok(settled)
}

/// The slices that a file of the ledger knows, each with the instant at which it was read.
async fn slices_in(table: &LakeTable, file: &DataFile) -> Result<Vec<(Slice, Time)>, LakeError> {
    let mut slices = Vec::new();
    table
        .read::<Object>(std::slice::from_ref(file), &["key", "etag"], |row| {
            slices.extend(Slice::parse(&row.key).zip(row.etag.parse().ok()));
        })
        .await?;
    Ok(slices)
}

/// What is to be read of each region of an account.
pub(super) fn todos(
    account: &str,
    regions: &[String],
    settings: &PollSettings,
    span: Window,
    settled: &Settled,
) -> BTreeMap<String, Todo> {
    let mut todos: BTreeMap<String, Todo> = BTreeMap::new();
    for feed in feeds(account, regions, &settings.sources) {
        let known = settled.get(&feed).cloned().unwrap_or_default();
        todos.entry(feed.region.clone()).or_default().add(feed, unsettled(span, known));
    }
    todos
}
