//! Which channels have a message already that Lambda will hand over again for the sake of others.
//!
//! It lives as long as the process. Lambda tries again in the same one if it can; if not, a channel
//! hears a finding twice, with the same fingerprint.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

/// Messages that are remembered; more of them are forgotten all at once.
const MOST: usize = 1000;

/// The names of channels by the id of the message.
#[derive(Debug, Default)]
pub(crate) struct Delivered(Mutex<HashMap<String, HashSet<String>>>);

impl Delivered {
    /// Whether a channel has a message.
    pub(crate) fn has(&self, message: &str, channel: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(|broken| broken.into_inner());
        known.get(message).is_some_and(|channels| channels.contains(channel))
    }

    /// These channels got a message that comes again.
    pub(crate) fn add<'a>(&self, message: &str, channels: impl IntoIterator<Item = &'a str>) {
        let mut known = self.0.lock().unwrap_or_else(|broken| broken.into_inner());
        if known.len() >= MOST {
            known.clear();
        }
        let channels = channels.into_iter().map(str::to_owned);
        known.entry(message.to_owned()).or_default().extend(channels);
    }

    /// A message is done with.
    pub(crate) fn forget(&self, message: &str) {
        let mut known = self.0.lock().unwrap_or_else(|broken| broken.into_inner());
        known.remove(message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_remembered_by_message_until_it_is_done_with() {
        let delivered = Delivered::default();
        delivered.add("m1", ["slack"]);
        delivered.add("m1", ["pager"]);
        delivered.add("m2", []);
        assert!(delivered.has("m1", "slack") && delivered.has("m1", "pager"));
        assert!(!delivered.has("m1", "teams") && !delivered.has("m2", "slack"));
        delivered.forget("m1");
        assert!(!delivered.has("m1", "slack"));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let delivered = Delivered::default();
        for n in 0..=MOST {
            delivered.add(&format!("m{n}"), ["slack"]);
        }
        assert!(!delivered.has("m0", "slack") && delivered.has(&format!("m{MOST}"), "slack"));
    }
}
