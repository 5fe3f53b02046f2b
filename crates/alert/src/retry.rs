//! When to try again: exponential backoff with full jitter, and what the receiver asks for.
//!
//! Pure: the random number comes from outside.

use std::time::Duration;

use rolecall_model::Time;

/// How often and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Attempts in all, the first included.
    pub attempts: u32,
    /// The longest pause before the second attempt; it doubles with each.
    pub base: Duration,
    /// The longest pause of all.
    pub longest: Duration,
    /// The longest `Retry-After` that is waited for.
    pub asked: Duration,
}

impl Default for Retry {
    fn default() -> Retry {
        Retry {
            attempts: 6,
            base: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            asked: Duration::from_secs(120),
        }
    }
}

impl Retry {
    /// The pause after a failed attempt (the first is 0), or none if that was the last, or the receiver
    /// asked for more time than we have. `random` is in 0..1; `after` is what `Retry-After` says.
    pub fn pause(&self, attempt: u32, random: f64, after: Option<Duration>) -> Option<Duration> {
        if attempt.saturating_add(1) >= self.attempts {
            return None;
        }
        let most = self.base.saturating_mul(2_u32.saturating_pow(attempt)).min(self.longest);
        let pause = most.mul_f64(random.clamp(0.0, 1.0));
        match after {
            Some(after) if after > self.asked => None,
            Some(after) => Some(after.max(pause)),
            None => Some(pause),
        }
    }
}

/// What an HTTP status means for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has arrived.
    Delivered,
    /// Another attempt may succeed.
    Retry,
    /// This message is refused, another may be taken.
    Refused,
    /// Nothing will be taken before somebody changes a setting: no permission, nobody there, moved.
    Closed,
}

/// Which statuses are tried again, and which are final. Redirects are final: a webhook that moved is
/// for a person to look at, not to follow.
pub fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        408 | 425 | 429 => Verdict::Retry,
        501 | 505 => Verdict::Closed,
        500..=599 => Verdict::Retry,
        401 | 403 | 404 | 405 | 407 | 410 => Verdict::Closed,
        400..=499 => Verdict::Refused,
        _ => Verdict::Closed,
    }
}

/// Reads `Retry-After`: seconds, or an HTTP date. What is past or no such text is nothing.
pub fn retry_after(text: &str, now: Time) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = chrono::DateTime::parse_from_rfc2822(text).ok()?.timestamp();
    u64::try_from(at - now.seconds()).ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_pause_is_bounded_and_what_is_asked_is_kept(
            attempt in 0u32..40, random in 0.0f64..1.0, after in prop::option::of(0u64..1000),
        ) {
            let retry = Retry::default();
            let after = after.map(Duration::from_secs);
            match retry.pause(attempt, random, after) {
                None => prop_assert!(attempt + 1 >= retry.attempts || after > Some(retry.asked)),
                Some(pause) => {
                    prop_assert!(pause <= retry.longest.max(retry.asked));
                    prop_assert!(after.is_none_or(|after| pause >= after && after <= retry.asked));
                }
            }
        }
    }

    #[test]
    fn pauses_grow_and_random_spreads_them_from_zero() {
        let retry = Retry { attempts: 20, ..Retry::default() };
        let most = |attempt| retry.pause(attempt, 1.0, None).unwrap().as_millis();
        assert_eq!([0, 1, 2, 3, 10].map(most), [500, 1000, 2000, 4000, 30_000]);
        assert_eq!(retry.pause(3, 0.0, None), Some(Duration::ZERO));
        assert_eq!(retry.pause(19, 0.0, None), None);
    }

    #[test]
    fn statuses_are_judged() {
        for (status, judged) in [
            (200, Verdict::Delivered),
            (202, Verdict::Delivered),
            (301, Verdict::Closed),
            (307, Verdict::Closed),
            (400, Verdict::Refused),
            (404, Verdict::Closed),
            (408, Verdict::Retry),
            (413, Verdict::Refused),
            (429, Verdict::Retry),
            (500, Verdict::Retry),
            (501, Verdict::Closed),
            (503, Verdict::Retry),
        ] {
            assert_eq!(verdict(status), judged, "{status}");
        }
    }

    #[test]
    fn receivers_ask_in_seconds_or_with_a_date() {
        let now: Time = "2026-03-10T12:00:00Z".parse().unwrap();
        assert_eq!(retry_after("7", now), Some(Duration::from_secs(7)));
        assert_eq!(
            retry_after("Tue, 10 Mar 2026 12:00:30 GMT", now),
            Some(Duration::from_secs(30))
        );
        assert_eq!(retry_after("Tue, 10 Mar 2026 11:00:00 GMT", now), None);
        assert_eq!(retry_after("soon", now), None);
    }
}
