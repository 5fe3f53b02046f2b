//! The pages that `rolecall serve` shows: values in, HTML out, with links from each page to the others.
//!
//! A [`Sheet`] is the page of one thing: facts, lineage, tables, findings. [`Ask`] is the page on which SQL is
//! written. [`Frame`] is what stands around both. All text is escaped by the templates, and links are
//! percent-encoded; the server says the policy that goes with [`STYLE`] and [`SCRIPT`].

mod ask;
mod frame;
mod hours;
mod lineage;
mod link;
mod rows;
mod sheet;

pub use ask::{Ask, Chosen, Outcome, ParamField, Saved, Topic};
pub use frame::{Frame, SCRIPT, STYLE};
pub use lineage::{Lineage, Listed};
pub use link::{LONGEST, about_key, about_principal, encoded};
pub use rows::{Rows, SESSION_COLUMNS};
pub use sheet::{Sheet, UsedHour};

use crate::PageError;
use crate::text::visible;

/// A page as HTML.
fn written(page: &impl askama::Template) -> Result<String, PageError> {
    Ok(visible(page.render()?))
}
