//! A slice: one feed over one span of time, and how much of it stays as it was read.

use rolecall_model::{Time, Window};

use super::Feed;

const SCHEME: &str = "lookup-events://";

/// One feed over a span of time, in whole seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// What is asked.
    pub feed: Feed,
    /// When the events happened.
    pub window: Window,
}

impl Slice {
    /// Its name in the ledger: `lookup-events://account/region/service/from/until`.
    pub fn key(&self) -> String {
        let Feed { account, region, source } = &self.feed;
        let Window { from, until } = self.window;
        format!("{SCHEME}{account}/{region}/{source}/{from}/{until}")
    }

    /// Reads what [`Slice::key`] wrote; any other name is none of a slice.
    pub fn parse(key: &str) -> Option<Slice> {
        let parts: Vec<&str> = key.strip_prefix(SCHEME)?.split('/').collect();
        let [account, region, source, from, until] = parts.as_slice() else { return None };
        Some(Slice {
            feed: Feed {
                account: (*account).to_owned(),
                region: (*region).to_owned(),
                source: (*source).to_owned(),
            },
            window: Window { from: from.parse().ok()?, until: until.parse().ok()? },
        })
    }

    /// How long it is, in seconds.
    pub fn seconds(&self) -> i64 {
        self.window.until.seconds() - self.window.from.seconds()
    }

    /// The last second in it.
    pub fn last_second(&self) -> Time {
        self.window.until.plus_seconds(-1)
    }

    /// The part of it that needs no second look, if it was read at `read_at` and events appear up
    /// to `late` seconds after the call. May be empty.
    pub fn settled(&self, read_at: Time, late: i64) -> Window {
        let until = Time::from_seconds(read_at.seconds()).plus_seconds(-late);
        Window { from: self.window.from, until: self.window.until.min(until) }
    }
}

/// What of a span is not covered by windows that are settled: in order, in whole seconds.
pub fn unsettled(span: Window, settled: impl IntoIterator<Item = Window>) -> Vec<Window> {
    let mut settled: Vec<Window> = settled.into_iter().filter(|w| w.from < w.until).collect();
    settled.sort_by_key(|window| window.from);
    let mut open = Vec::new();
    let mut from = Time::from_seconds(span.from.seconds());
    let end = Time::from_seconds(span.until.seconds());
    for window in settled {
        if from < window.from.min(end) {
            open.push(Window { from, until: window.from.min(end) });
        }
        from = from.max(window.until);
    }
    if from < end {
        open.push(Window { from, until: end });
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, until: i64) -> Window {
        Window { from: Time::from_seconds(from), until: Time::from_seconds(until) }
    }

    fn feed() -> Feed {
        let [account, region, source] = ["111111111111", "eu-west-1", "sts.amazonaws.com"];
        Feed { account: account.into(), region: region.into(), source: source.into() }
    }

    #[test]
    fn a_slice_survives_its_name() {
        let slice = Slice { feed: feed(), window: window(1_772_445_600, 1_772_449_200) };
        let key = "lookup-events://111111111111/eu-west-1/sts.amazonaws.com/2026-03-02T10:00:00Z/2026-03-02T11:00:00Z";
        assert_eq!(slice.key(), key);
        assert_eq!(Slice::parse(key), Some(slice));
        let none =
            ["s3://b/a/b/c/d/e", "lookup-events://a/b/c/d/e", "lookup-events://", &key[..90]];
        none.iter().for_each(|key| assert_eq!(Slice::parse(key), None, "{key}"));
    }

    #[test]
    fn only_what_was_old_when_it_was_read_is_settled() {
        let slice = Slice { feed: feed(), window: window(0, 3600) };
        for (read_at, until) in [(9000, 3600), (4500, 3600), (3600, 2700), (1000, 100), (0, -900)] {
            let settled = slice.settled(Time(read_at * 1_000_000 + 7), 900);
            assert_eq!(settled, window(0, until), "{read_at}");
        }
    }

    #[test]
    fn what_is_open_lies_between_what_is_settled() {
        for (settled, open) in [
            (vec![], vec![(10, 100)]),
            (vec![(0, 200)], vec![]),
            (vec![(10, 50)], vec![(50, 100)]),
            (vec![(70, 80), (20, 30), (25, 40)], vec![(10, 20), (40, 70), (80, 100)]),
            (vec![(0, 5), (90, 300), (30, 20)], vec![(10, 90)]),
            (vec![(150, 300)], vec![(10, 100)]),
        ] {
            let settled = settled.into_iter().map(|(from, until)| window(from, until));
            let open: Vec<_> = open.into_iter().map(|(from, until)| window(from, until)).collect();
            assert_eq!(unsettled(window(10, 100), settled), open);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_second_is_open_or_settled(
            settled in proptest::collection::vec((0i64..60, 0i64..60), 0..6),
        ) {
            let settled: Vec<_> = settled.into_iter().map(|(from, until)| window(from, until)).collect();
            let open = unsettled(window(10, 50), settled.clone());
            for second in 0..60 {
                let holds = |all: &[Window]| all.iter().any(|w| w.contains(Time::from_seconds(second)));
                let asked = (10..50).contains(&second);
                proptest::prop_assert_eq!(holds(&open), asked && !holds(&settled), "{}", second);
            }
            proptest::prop_assert!(open.windows(2).all(|pair| pair[0].until < pair[1].from));
        }
    }
}
