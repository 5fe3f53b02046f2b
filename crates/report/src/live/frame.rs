//! What stands around every page: the way to the others, the search, and what is looked at.

use rolecall_model::{Time, Window};

use crate::Account;
use crate::instant::{minutes, seconds};
use crate::text::cut;

/// The styles of all pages: those of the report, and what only these pages have.
pub const STYLE: &str =
    concat!(include_str!("../../assets/page.css"), include_str!("../../assets/live.css"));

/// The script of all pages, which is that of the report: tables sort, filter and export.
pub const SCRIPT: &str = include_str!("../../assets/page.js");

/// What a page is shown in.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The lake's name or address.
    pub lake: String,
    /// The time of which the lake knows something; none if it is empty.
    pub span: Option<Window>,
    /// Whether the lake could not be read, so that nothing is known of it.
    pub is_unread: bool,
    /// When the lake was looked at.
    pub seen_at: Time,
    /// The version of rolecall.
    pub version: String,
    /// The accounts that are known.
    pub accounts: Vec<Account>,
    /// What was searched for, which stays in its field.
    pub sought: String,
}

impl Frame {
    pub(crate) fn lake(&self) -> String {
        cut(&self.lake, 200)
    }

    pub(crate) fn seen(&self) -> String {
        seconds(self.seen_at)
    }

    pub(crate) fn from(&self) -> String {
        self.span.map(|span| minutes(span.from)).unwrap_or_default()
    }

    pub(crate) fn until(&self) -> String {
        self.span.map(|span| minutes(span.until)).unwrap_or_default()
    }
}
