//! The keys that every entry may have: owner, reason, expires and detections.

use rolecall_model::{Day, Time};
use toml::de::DeValue;

use crate::Vouched;
use crate::check;
use crate::entry::Meant;
use crate::fault::Fault;
use crate::pattern;
use crate::section::Section;

impl Section<'_, '_> {
    /// Who vouches for the entry, and for which detections it is meant.
    pub(crate) fn vouched(&mut self) -> (Vouched, Vec<Meant>) {
        let mut text = |key| {
            let found = self.text(key);
            self.checked(found, check::text).map(|text| text.value)
        };
        let (owner, reason) = (text("owner"), text("reason"));
        let expires_at = self.instant("expires");
        let names = self.list("detections", pattern::detection);
        let meant = names
            .into_iter()
            .map(|name| Meant { spot: self.flaws.spot(name.at), name: name.value });
        let meant = meant.collect();
        (Vouched { owner, reason, expires_at }, meant)
    }

    /// An instant; a day counts to its end, because people read "until" that way.
    fn instant(&mut self, key: &'static str) -> Option<Time> {
        let value = self.value(key)?;
        let at = value.span().start;
        let help = format!("write {key} = 2027-01-31, without quotes");
        match value.get_ref() {
            DeValue::Datetime(when) => {
                let mut when = *when;
                // TOML lets people leave the seconds out, instants do not.
                if let Some(time) = &mut when.time {
                    time.second.get_or_insert(0);
                }
                let text = when.to_string();
                let day = text.parse::<Day>().map(|day| day.plus(1).start());
                let time = day.or_else(|_| text.parse::<Time>());
                if time.is_err() {
                    let why = "is no date".into();
                    self.flaws.push(at, Fault::Value { found: text, why, help });
                }
                time.ok()
            }
            other => {
                self.wrong_type(key, value.span(), other, "a date", help);
                None
            }
        }
    }
}
