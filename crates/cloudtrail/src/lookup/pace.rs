//! When the next request may go: so many a second, fewer after a refusal, slowly more again.

use std::time::Duration;

/// The longest pause between two requests.
const LONGEST: Duration = Duration::from_secs(8);
/// The shortest pause after a refusal or a failure.
const SOBER: Duration = Duration::from_millis(50);

/// The pace of one account and region. It has no clock: times count from whatever start.
#[derive(Clone, Debug)]
pub struct Pace {
    usual: Duration,
    pause: Duration,
    next: Duration,
}

impl Pace {
    /// One request in so much time.
    pub fn of(usual: Duration) -> Pace {
        Pace { usual, pause: usual, next: Duration::ZERO }
    }

    /// When the next request may go; never before `now`. The turn is taken by [`Pace::sent`].
    pub fn turn(&self, now: Duration) -> Duration {
        self.next.max(now)
    }

    /// A request was sent.
    pub fn sent(&mut self, now: Duration) {
        self.next = now + self.pause;
    }

    /// It was answered: back towards the usual pace, but no jump, since somebody else may be asking too.
    pub fn answered(&mut self) {
        self.pause = (self.pause * 9 / 10).max(self.usual);
    }

    /// It was refused because it came too fast: half the pace, beginning now.
    pub fn refused(&mut self, now: Duration) {
        self.pause = (self.pause * 2).clamp(SOBER, LONGEST.max(self.usual));
        self.next = now + self.pause;
    }

    /// It failed for another reason, for the `times`th time on end: that says nothing about the pace, but
    /// the next try waits longer each time.
    pub fn failed(&mut self, now: Duration, times: u32) {
        let wait = self.pause.max(SOBER) * 2u32.saturating_pow(times.min(10));
        self.next = now + wait.min(LONGEST.max(self.usual));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Duration = Duration::from_millis(500);

    #[test]
    fn two_a_second_and_no_burst_after_a_rest() {
        let mut pace = Pace::of(HALF);
        let mut now = Duration::ZERO;
        let mut turns = Vec::new();
        for rest in [0, 0, 0, 10, 0, 0] {
            now = pace.turn(now + Duration::from_secs(rest));
            pace.sent(now);
            pace.answered();
            turns.push(now.as_millis());
        }
        assert_eq!(turns, [0, 500, 1000, 11_000, 11_500, 12_000]);
    }

    #[test]
    fn refusals_slow_down_and_answers_speed_up_again() {
        let mut pace = Pace::of(HALF);
        let pauses: Vec<_> = (0..8)
            .map(|_| {
                pace.refused(Duration::ZERO);
                pace.turn(Duration::ZERO).as_secs()
            })
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 8, 8, 8, 8]);
        let answers = (0..).take_while(|_| {
            pace.answered();
            pace.pause > HALF
        });
        assert_eq!(answers.count(), 26);
    }

    #[test]
    fn failures_wait_and_leave_the_pace_as_it_is() {
        let mut pace = Pace::of(HALF);
        let waits = [1, 2, 3, 9].map(|times| {
            pace.failed(Duration::ZERO, times);
            pace.turn(Duration::ZERO).as_secs()
        });
        assert_eq!((waits, pace.pause), ([1, 2, 4, 8], HALF));
    }
}
