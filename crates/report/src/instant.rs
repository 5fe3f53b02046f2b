//! Instants: read from their text, and written for people.

use rolecall_model::{Day, Time};
use serde::{Deserialize, Deserializer, de::Error};

/// Reads an instant from its text.
pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}

/// Reads an instant that may be absent.
pub(crate) fn maybe<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Time>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| text.parse()).transpose().map_err(D::Error::custom)
}

/// Reads a day from its text.
pub(crate) fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}

/// `2026-03-16 09:02:11`: to the second, in UTC, which the page says once.
pub(crate) fn seconds(at: Time) -> String {
    let text = Time::from_seconds(at.seconds()).to_string();
    text.trim_end_matches('Z').replace('T', " ")
}

/// `2026-03-16 09:02`.
pub(crate) fn minutes(at: Time) -> String {
    let text = seconds(at);
    text.get(..16).unwrap_or(&text).to_owned()
}

/// `03-16`.
pub(crate) fn month_day(at: Time) -> String {
    let text = seconds(at);
    text.get(5..10).unwrap_or(&text).to_owned()
}

/// `09:02`.
pub(crate) fn clock(at: Time) -> String {
    let text = seconds(at);
    text.get(11..16).unwrap_or(&text).to_owned()
}
