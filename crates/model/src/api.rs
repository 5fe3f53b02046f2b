//! What the names of APIs tell.

/// The beginnings of the names of APIs that only look. CloudTrail counts AssumeRole among them.
const READS: [&str; 7] = ["AssumeRole", "BatchGet", "Describe", "Get", "Head", "List", "Lookup"];

/// Whether an API only looks, as far as its name says. Records of before 2021 often do not say it themselves.
pub fn only_reads(event_name: &str) -> bool {
    READS.iter().any(|verb| event_name.starts_with(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_what_they_do() {
        for name in ["ListUsers", "AssumeRoleWithSAML", "GetCallerIdentity", "BatchGetImage"] {
            assert!(only_reads(name), "{name}");
        }
        for name in ["CreateUser", "PutObject", "ForgetDevice", "listUsers", ""] {
            assert!(!only_reads(name), "{name}");
        }
    }
}
