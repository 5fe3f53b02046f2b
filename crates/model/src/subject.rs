//! Federated subjects: what of them stays the same from one run of a workload to the next.

/// A web identity as `provider subject`, without what changes with every build or guest.
///
/// Build systems put branch, tag, environment or run into the subject, and an app has as many
/// Cognito identities as guests. Who acts is the repository, the project, the identity pool:
/// - GitHub (<https://docs.github.com/actions/reference/openid-connect-reference>):
///   `repo:ORG/REPO:ref:…` is `repo:ORG/REPO`;
/// - GitLab: `project_path:GROUP/PROJECT:ref_type:…` is `project_path:GROUP/PROJECT`;
/// - Terraform Cloud: `organization:O:project:P:workspace:W:run_phase:…` ends with the workspace;
/// - CircleCI: `org/ID/project/ID/user/…` ends with the project;
/// - Cognito: the provider alone.
///
/// Anything else, such as `system:serviceaccount:NAMESPACE:NAME` or an address, stays as it is.
pub fn stable(web_identity: &str) -> &str {
    let Some((provider, subject)) = web_identity.split_once(' ') else { return web_identity };
    if provider.starts_with("cognito-identity.") {
        return provider;
    }
    let keep = match subject {
        s if s.starts_with("repo:") || s.starts_with("project_path:") => parts(s, ':', 2),
        s if s.starts_with("organization:") => s.find(":run_phase:").unwrap_or(s.len()),
        s if s.starts_with("org/") => s.find("/user/").unwrap_or(s.len()),
        s => s.len(),
    };
    &web_identity[..provider.len() + 1 + keep]
}

/// The length of the first parts of a text.
fn parts(text: &str, separator: char, count: usize) -> usize {
    text.match_indices(separator).nth(count - 1).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::stable;

    #[test]
    fn what_changes_with_each_run_is_no_part_of_who_acts() {
        for (identity, expected) in [
            ("p repo:octo/app:ref:refs/heads/main", "p repo:octo/app"),
            ("p repo:octo/app:environment:prod", "p repo:octo/app"),
            ("p repo:octo/app", "p repo:octo/app"),
            ("p project_path:g/sub/app:ref_type:branch:ref:main", "p project_path:g/sub/app"),
            (
                "p organization:o:project:p:workspace:w:run_phase:apply",
                "p organization:o:project:p:workspace:w",
            ),
            ("p org/1/project/2/user/3", "p org/1/project/2"),
            ("cognito-identity.amazonaws.com us-east-1:guest", "cognito-identity.amazonaws.com"),
            ("p system:serviceaccount:shop:cart", "p system:serviceaccount:shop:cart"),
            ("accounts.google.com 1234", "accounts.google.com 1234"),
            ("alone", "alone"),
        ] {
            assert_eq!(stable(identity), expected);
        }
    }
}
