//! Objects whose bytes could not be had, and which of them are noted as lost until a later run reads them.

use std::io::{Error, ErrorKind};

use rolecall_cloudtrail::ObjectName;
use rolecall_model::{Rejected, Time};

/// Seconds after which nobody tries again by himself: the queue hands a message over five times, half an hour
/// apart, and then keeps it among the dead letters.
pub(crate) const PATIENCE: i64 = 3 * 3600;

/// An object whose bytes could not be had. It is not in the ledger, so the next run tries again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// Where it lies.
    pub key: String,
    /// What the file system or the network said.
    pub why: String,
    /// What kind of failure that is.
    pub kind: ErrorKind,
}

impl Unreached {
    pub(crate) fn new(key: String, error: &Error) -> Unreached {
        Unreached { key, why: error.to_string(), kind: error.kind() }
    }

    /// The row that notes it as lost. Nothing is lost for want of time, nor by a failure that may pass, unless
    /// the object was delivered hours ago.
    pub(super) fn noted(&self, now: Time) -> Option<Rejected> {
        let name = ObjectName::parse(&self.key);
        let is_old = name.delivered_at.is_none_or(|at| at.plus_seconds(PATIENCE) <= now);
        let reason = match self.kind {
            ErrorKind::NotFound => "it could not be fetched: it is gone",
            ErrorKind::PermissionDenied => "it could not be fetched: access is denied",
            ErrorKind::TimedOut => return None,
            _ if is_old => "it could not be fetched for hours",
            _ => return None,
        };
        Some(Rejected {
            object_key: self.key.clone(),
            rejected_at: now,
            reason: reason.to_owned(),
            ..Rejected::default()
        })
    }
}

/// Whether a row notes an object as lost. It may have been read since: then the ledger knows its key.
pub(crate) fn is_noted(row: &Rejected) -> bool {
    row.record.is_none() && row.object_etag.is_empty()
}

/// The error of a store, of a kind that tells what is gone from what is forbidden.
pub(crate) fn of_store(error: object_store::Error) -> Error {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let kind = match error {
        NotFound { .. } => ErrorKind::NotFound,
        PermissionDenied { .. } | Unauthenticated { .. } => ErrorKind::PermissionDenied,
        _ => ErrorKind::Other,
    };
    Error::new(kind, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_lost_only_when_it_is_old() {
        let delivered: Time = "2026-03-10 12:05".parse().unwrap();
        let (account, region) = ("111111111111", "eu-west-1");
        let key = format!(
            "s3://t/AWSLogs/{account}/CloudTrail/{region}/2026/03/10/{account}_CloudTrail_{region}_20260310T1205Z_a.json.gz"
        );
        let noted = |key: &str, kind: ErrorKind, later: i64| {
            let lost = Unreached::new(key.into(), &Error::new(kind, "by rule"));
            lost.noted(delivered.plus_seconds(later)).map(|row| {
                assert!(is_noted(&row) && row.object_key == key);
                row.reason.rsplit(": ").next().map(str::to_owned).unwrap_or_default()
            })
        };
        let (gone, denied) = (Some("it is gone".to_owned()), Some("access is denied".to_owned()));
        for (kind, soon, late) in [
            (ErrorKind::NotFound, gone.clone(), gone),
            (ErrorKind::PermissionDenied, denied.clone(), denied),
            (ErrorKind::TimedOut, None, None),
            (ErrorKind::Other, None, Some("it could not be fetched for hours".to_owned())),
        ] {
            assert_eq!(noted(&key, kind, PATIENCE - 1), soon, "{kind}");
            assert_eq!(noted(&key, kind, PATIENCE), late, "{kind}");
            assert_eq!(noted("nameless.json", kind, 0), late, "{kind}");
        }
    }

    #[test]
    fn a_store_says_what_is_gone_and_what_is_forbidden() {
        let (path, source) = ("a".to_owned(), || Box::new(Error::other("by rule")));
        for (error, kind) in [
            (
                object_store::Error::NotFound { path: path.clone(), source: source() },
                ErrorKind::NotFound,
            ),
            (
                object_store::Error::PermissionDenied { path, source: source() },
                ErrorKind::PermissionDenied,
            ),
            (object_store::Error::Generic { store: "S3", source: source() }, ErrorKind::Other),
        ] {
            assert_eq!(of_store(error).kind(), kind);
        }
    }
}
