//! From which day on an account and region is listed.

use std::collections::BTreeSet;

use rolecall_model::Day;

/// The first day to list, at most `back` days before yesterday: yesterday, unless the ledger lacks
/// an earlier day. Then it is the day before that one, for a run may have stopped within it.
///
/// A quiet region has days without objects too; listing them again costs no more requests, because
/// a listing gives a thousand objects at a time, whatever their day.
pub(super) fn since(known: &BTreeSet<Day>, today: Day, back: i32) -> Day {
    let yesterday = today.plus(-1);
    let oldest = yesterday.plus(-back.max(0));
    let mut day = oldest;
    while day < yesterday {
        if !known.contains(&day) {
            return day.plus(-1).max(oldest);
        }
        day = day.plus(1);
    }
    yesterday
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_begins_before_the_first_day_that_is_missing() {
        let today = Day(100);
        for (known, back, first) in [
            (vec![], 0, 99),
            (vec![], 5, 94),
            (vec![94, 95, 96, 97, 98], 5, 99),
            (vec![94, 95, 97, 98, 99, 100], 5, 95),
            (vec![95, 96, 97, 98], 5, 94),
            (vec![94, 95, 96, 97], 5, 97),
            (vec![1, 2, 3], -7, 99),
        ] {
            let days = known.iter().copied().map(Day).collect();
            assert_eq!(since(&days, today, back), Day(first), "{known:?} {back}");
        }
    }
}
