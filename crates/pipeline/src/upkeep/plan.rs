//! Which files to merge, day by day.

use std::collections::BTreeMap;

use rolecall_lake::DataFile;
use rolecall_model::Day;

/// Files that are open at the same time; more than these take another round.
const MOST_FILES: usize = 200;

/// Files of one day that become one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Merge {
    pub(super) files: Vec<DataFile>,
    /// Whether its column of hashes is emptied.
    pub(super) emptied: bool,
}

/// What to merge: files smaller than half of `target`, in the order of their instants, as long as
/// together they are no larger than `target`. Files of days before `emptied.1` lose the column
/// `emptied.0`, and are written anew for that if they have it, whatever their size.
pub(super) fn merges(files: &[DataFile], target: i64, emptied: Option<(&str, Day)>) -> Vec<Merge> {
    let mut groups: BTreeMap<(Day, bool), Vec<&DataFile>> = BTreeMap::new();
    let is_without = |file: &DataFile| emptied.is_some_and(|(column, _)| file.is_without(column));
    let is_old = |file: &DataFile| emptied.is_some_and(|(_, until)| file.day < until);
    for file in files {
        if file.size < target / 2 || is_old(file) && !is_without(file) {
            // A file without hashes stays apart from those that still need theirs.
            groups.entry((file.day, is_old(file) || is_without(file))).or_default().push(file);
        }
    }
    let mut merges = Vec::new();
    for ((_, emptied), mut files) in groups {
        files.sort_by(|a, b| (a.times, &a.path).cmp(&(b.times, &b.path)));
        let mut group: Vec<DataFile> = Vec::new();
        let mut size = 0;
        let mut end = |group: &mut Vec<DataFile>| {
            let files = std::mem::take(group);
            if files.len() > 1 || files.iter().any(|file| is_old(file) && !is_without(file)) {
                merges.push(Merge { files, emptied });
            }
        };
        for file in files {
            if size + file.size > target || group.len() == MOST_FILES {
                end(&mut group);
                size = 0;
            }
            size += file.size;
            group.push(file.clone());
        }
        end(&mut group);
    }
    merges
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_model::Time;

    fn file(day: i32, number: i64, size: i64, without: bool) -> DataFile {
        let mark = if without { "without-event_hashes." } else { "" };
        DataFile {
            path: format!("date={}/{number}.{mark}zstd.parquet", Day(day)),
            day: Day(day),
            size,
            rows: 1,
            times: Some((Time(number), Time(number))),
        }
    }

    fn sizes(files: &[DataFile], emptied: Option<(&str, Day)>) -> Vec<(Vec<i64>, bool)> {
        let merges = merges(files, 100, emptied);
        merges.iter().map(|m| (m.files.iter().map(|f| f.size).collect(), m.emptied)).collect()
    }

    #[test]
    fn small_files_of_a_day_become_one_and_large_ones_stay() {
        let files = [
            file(1, 3, 10, false),
            file(1, 1, 20, false),
            file(1, 2, 60, false),
            file(2, 1, 5, false),
        ];
        assert_eq!(sizes(&files, None), [(vec![20, 10], false)]);
        assert_eq!(sizes(&files[2..], None), [], "nothing to merge with");
    }

    #[test]
    fn no_file_becomes_larger_than_asked_for() {
        let files: Vec<DataFile> = (0..7).map(|n| file(1, n, 40, false)).collect();
        assert_eq!(sizes(&files, None), vec![(vec![40, 40], false); 3], "the last stays alone");
        let many: Vec<DataFile> = (0..450).map(|n| file(1, n, 0, false)).collect();
        assert_eq!(
            sizes(&many, None).iter().map(|m| m.0.len()).collect::<Vec<_>>(),
            [200, 200, 50]
        );
    }

    #[test]
    fn old_days_lose_their_hashes_once() {
        let old = Some(("event_hashes", Day(5)));
        assert_eq!(sizes(&[file(4, 1, 90, false)], old), [(vec![90], true)], "however large");
        assert_eq!(sizes(&[file(4, 1, 90, true)], old), [], "once is enough");
        assert_eq!(sizes(&[file(5, 1, 90, false)], old), [], "not old enough");
        let late = [file(4, 1, 10, true), file(4, 2, 10, false)];
        assert_eq!(sizes(&late, old), [(vec![10, 10], true)]);
        let young = [file(6, 1, 10, true), file(6, 2, 10, false), file(6, 3, 10, false)];
        assert_eq!(sizes(&young, old), [(vec![10, 10], false)], "each keeps what it has");
    }

    #[test]
    fn what_was_merged_needs_no_merging() {
        let mut files: Vec<DataFile> = (0..50).map(|n| file(1, n, 7, false)).collect();
        let mut rounds = 0;
        loop {
            let found = merges(&files, 100, None);
            if found.is_empty() {
                break;
            }
            rounds += 1;
            for (n, merge) in found.iter().enumerate() {
                files.retain(|file| !merge.files.contains(file));
                let size = merge.files.iter().map(|file| file.size).sum();
                files.push(file(1, 1000 * rounds + n as i64, size, false));
            }
        }
        assert!(rounds <= 2 && files.len() <= 8, "{rounds} rounds, {} files", files.len());
    }
}
