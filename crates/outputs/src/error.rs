//! Why a finding has no place in a form.

use rolecall_model::{NotATime, Severity, Time};

use crate::FindingV1;
use crate::text::{cut, plain};

/// A finding that a form cannot hold. Only one that was read from elsewhere can be so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// One of its instants is none.
    #[error("could not write the finding `{fingerprint}`: its `{field}` is no instant of RFC 3339")]
    Instant {
        /// The finding.
        fingerprint: String,
        /// The field of `finding.v1`.
        field: &'static str,
        /// Why.
        #[source]
        why: NotATime,
    },
    /// Its severity is no word that is known.
    #[error(
        "could not write the finding `{fingerprint}`: its `severity` is none of low, medium, high, critical"
    )]
    Severity {
        /// The finding.
        fingerprint: String,
    },
}

/// What every form needs of a finding beside its texts.
pub(crate) struct Checked {
    pub(crate) severity: Severity,
    pub(crate) first_at: Time,
    pub(crate) last_at: Time,
    pub(crate) found_at: Time,
}

impl Checked {
    pub(crate) fn of(finding: &FindingV1) -> Result<Checked, Unfit> {
        let fingerprint = || cut(&plain(&finding.fingerprint), 64);
        let instant = |field, text: &str| {
            text.parse::<Time>()
                // The text is hostile and may be long, and the field says which one it is.
                .map_err(|NotATime(text)| NotATime(cut(&plain(&text), 64)))
                .map_err(|why| Unfit::Instant { fingerprint: fingerprint(), field, why })
        };
        Ok(Checked {
            severity: finding
                .severity()
                .ok_or_else(|| Unfit::Severity { fingerprint: fingerprint() })?,
            first_at: instant("first_at", &finding.first_at)?,
            last_at: instant("last_at", &finding.last_at)?,
            found_at: instant("found_at", &finding.found_at)?,
        })
    }
}
