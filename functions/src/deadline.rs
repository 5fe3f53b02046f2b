//! When to stop: soon enough that what was read is committed, and the rest handed back.

use std::time::{Duration, Instant};

/// The instants at which a call ends its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// From here on nothing new is begun: what was begun is committed.
    pub begin_until: Instant,
    /// From here on nothing is waited for.
    pub end: Instant,
}

impl Deadline {
    /// Shares out the time that Lambda leaves: three tenths of it, at most half a minute, are kept
    /// for commits, and a tenth, at most a second, for the answer.
    pub fn of(now: Instant, left: Duration) -> Deadline {
        let commits = (left * 3 / 10).min(Duration::from_secs(30));
        let answer = (left / 10).min(Duration::from_secs(1));
        Deadline { begin_until: now + (left - commits), end: now + (left - answer) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_calls_keep_seconds_and_short_ones_their_share() {
        let now = Instant::now();
        for (left, begin, end) in [(0, 0, 0), (1_000, 700, 900), (900_000, 870_000, 899_000)] {
            let deadline = Deadline::of(now, Duration::from_millis(left));
            let at = |milliseconds| now + Duration::from_millis(milliseconds);
            assert_eq!(deadline, Deadline { begin_until: at(begin), end: at(end) });
        }
    }
}
