//! Whether a call only looks.

use rolecall_model::Usage;

/// The beginnings of the names of calls that only look. CloudTrail counts AssumeRole among them.
const READS: [&str; 7] = ["AssumeRole", "BatchGet", "Describe", "Get", "Head", "List", "Lookup"];

/// Whether calls only look. Records of before 2021 often do not say so; then their name does.
pub(crate) fn only_reads(usage: &Usage) -> bool {
    let by_name = || READS.iter().any(|verb| usage.event_name.starts_with(verb));
    usage.read_only.unwrap_or_else(by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_is_believed_before_the_name() {
        for (event_name, read_only, expected) in [
            ("ListUsers", Some(true), true),
            ("Decrypt", Some(true), true),
            ("GetFederationToken", Some(false), false),
            ("CreateUser", Some(false), false),
            ("ListUsers", None, true),
            ("AssumeRoleWithSAML", None, true),
            ("CreateUser", None, false),
        ] {
            let usage = Usage { event_name: event_name.into(), read_only, ..Usage::default() };
            assert_eq!(only_reads(&usage), expected, "{event_name} {read_only:?}");
        }
    }
}
