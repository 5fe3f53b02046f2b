//! What is still to be read of one account and region, cut into slices that end.
//!
//! The oldest comes first, over all feeds, so that nothing falls far behind. How long slices may
//! be is learned for each feed: a quiet one is read day by day, a busy one second by second if need be.

use rolecall_model::{Day, Time, Window};

use super::{Feed, MOST_PAGES, Slice};

const DAY: i64 = 86_400;

/// What is still to be read. Every change says what became of the slice that [`Todo::next`] gave.
#[derive(Clone, Debug, Default)]
pub struct Todo {
    lanes: Vec<Lane>,
}

#[derive(Clone, Debug)]
struct Lane {
    feed: Feed,
    /// The oldest is last.
    open: Vec<Window>,
    /// How long a slice may be, in seconds.
    longest: i64,
}

impl Todo {
    /// Adds a feed with what is to be read of it, in order.
    pub fn add(&mut self, feed: Feed, mut open: Vec<Window>) {
        open.reverse();
        self.lanes.push(Lane { feed, open, longest: DAY });
    }

    /// The oldest slice; `None` if nothing is left.
    pub fn next(&self) -> Option<Slice> {
        let lane = self.lanes.iter().filter(|lane| !lane.open.is_empty());
        let lane = lane.min_by_key(|lane| lane.open.last().map(|window| window.from))?;
        Some(Slice { feed: lane.feed.clone(), window: lane.first()? })
    }

    /// The slice was read to its last page.
    pub fn read(&mut self, slice: &Slice, pages: u32) {
        let Some(lane) = self.lane(slice) else { return };
        if let Some(open) = lane.open.last_mut() {
            open.from = slice.window.until;
            if open.from >= open.until {
                lane.open.pop();
            }
        }
        if pages <= MOST_PAGES / 4 {
            lane.longest = (lane.longest * 2).min(DAY);
        }
    }

    /// Whether a slice may be cut further. If not, it is read to its last page, however many there are.
    pub fn can_cut(slice: &Slice) -> bool {
        slice.seconds() > 1
    }

    /// The slice has more than [`MOST_PAGES`], and those, newest first, reached back to `back_to`:
    /// from now on slices are as long as half of what so many pages hold.
    pub fn too_long(&mut self, slice: &Slice, back_to: Option<Time>) {
        let length = slice.seconds();
        let back_to = back_to.unwrap_or(slice.window.from).max(slice.window.from);
        let held = slice.window.until.seconds() - back_to.seconds();
        if let Some(lane) = self.lane(slice) {
            // Less than the slice itself, so that cutting always comes to an end.
            lane.longest = (held / 2).clamp(1, (length / 2).max(1));
        }
    }

    /// Slices that are left, as long as slices are now.
    pub fn slices(&self) -> u64 {
        let length = |window: &Window| window.until.seconds() - window.from.seconds();
        let of = |lane: &Lane| -> i64 {
            lane.open.iter().map(|window| (length(window) + lane.longest - 1) / lane.longest).sum()
        };
        self.lanes.iter().map(of).sum::<i64>().unsigned_abs()
    }

    /// From when on something is left.
    pub fn left_from(&self) -> Option<Time> {
        self.lanes.iter().filter_map(|lane| lane.open.last()).map(|window| window.from).min()
    }

    fn lane(&mut self, slice: &Slice) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.feed == slice.feed)
    }
}

impl Lane {
    /// The first slice: no longer than allowed, and of one day.
    fn first(&self) -> Option<Window> {
        let open = self.open.last()?;
        let midnight = Day::from(open.from).plus(1).start();
        let until = open.from.plus_seconds(self.longest).min(midnight).min(open.until);
        Some(Window { from: open.from, until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, until: i64) -> Window {
        Window { from: Time::from_seconds(from), until: Time::from_seconds(until) }
    }

    fn todo(feeds: &[(&str, &[(i64, i64)])]) -> Todo {
        let mut todo = Todo::default();
        for (source, open) in feeds {
            let feed =
                Feed { account: "1".into(), region: "r".into(), source: (*source).to_owned() };
            todo.add(feed, open.iter().map(|(from, until)| window(*from, *until)).collect());
        }
        todo
    }

    /// Reads everything from a history in which each second holds so many pages.
    fn read_all(mut todo: Todo, pages_a_second: f64) -> Vec<(String, i64, i64)> {
        let mut read = Vec::new();
        for _ in 0..100_000 {
            let Some(slice) = todo.next() else { return read };
            let pages = (slice.seconds() as f64 * pages_a_second).ceil() as u32;
            if pages > MOST_PAGES && Todo::can_cut(&slice) {
                let held = f64::from(MOST_PAGES) / pages_a_second;
                todo.too_long(&slice, Some(slice.window.until.plus_seconds(-(held as i64))));
                continue;
            }
            todo.read(&slice, pages);
            let Window { from, until } = slice.window;
            read.push((slice.feed.source, from.seconds(), until.seconds()));
        }
        panic!("it never ends");
    }

    #[test]
    fn quiet_feeds_are_read_by_day_oldest_first() {
        let todo = todo(&[("b", &[(1000, 100_000)]), ("a", &[(0, 500), (90_000, 90_010)])]);
        assert_eq!(todo.slices(), 4);
        let read = read_all(todo, 0.0001);
        let told: Vec<_> =
            read.iter().map(|(s, from, until)| (s.as_str(), *from, *until)).collect();
        assert_eq!(
            told,
            [("a", 0, 500), ("b", 1000, 86_400), ("b", 86_400, 100_000), ("a", 90_000, 90_010)]
        );
    }

    #[test]
    fn a_feed_of_any_density_is_read_without_gaps() {
        for pages_a_second in [0.0, 0.001, 0.1, 1.0, 39.0, 41.0, 1000.0] {
            let read = read_all(todo(&[("a", &[(7, 3600), (4000, 4100)])]), pages_a_second);
            let mut at = 7;
            for (_, from, until) in &read {
                assert!(*from == at || (at == 3600 && *from == 4000), "{pages_a_second}: {read:?}");
                at = *until;
            }
            assert_eq!(at, 4100, "{pages_a_second}");
            let long = read.iter().map(|(_, from, until)| until - from).max().unwrap_or(0);
            assert!(long == 1 || long as f64 * pages_a_second <= 41.0, "{pages_a_second}: {long}");
        }
    }

    #[test]
    fn cutting_ends_even_if_the_pages_are_in_no_order() {
        let mut todo = todo(&[("a", &[(0, 86_400)])]);
        let mut cuts = 0;
        while let Some(slice) = todo.next().filter(Todo::can_cut) {
            // The first pages reached back to the beginning, and yet there are more.
            todo.too_long(&slice, Some(slice.window.from));
            cuts += 1;
        }
        assert_eq!(cuts, 16);
    }
}
