//! Which calls matter to credentials: who holds one, who may get one, and what it may do.
//!
//! A call that matters becomes a row of `event`; every other call is only counted in `usage`.

/// Whether a call hands out credentials, opens a session, or changes who can.
pub(crate) fn matters(source: &str, name: &str, read_only: Option<bool>) -> bool {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    match service(source) {
        // Everything: unknown and failed calls too.
        "sts" | "signin" => true,
        "iam" => read_only != Some(true) && changes_credentials_or_trust(name),
        "cognito-identity" => {
            name == "GetId"
                || starts(&[
                    "GetCredentialsForIdentity",
                    "GetOpenIdToken",
                    "SetIdentityPoolRoles",
                    "CreateIdentityPool",
                    "UpdateIdentityPool",
                    "DeleteIdentityPool",
                ])
        }
        "eks-auth" => starts(&["AssumeRoleForPodIdentity"]),
        "eks" => name.contains("PodIdentityAssociation") && !starts(&READS),
        // The portal's reads tell which accounts and roles somebody looked at.
        "sso" | "sso-oauth" | "sso-oidc" | "identitycenter" => {
            !starts(&READS) || starts(&["GetRoleCredentials", "ListAccounts", "ListAccountRoles"])
        }
        "identitystore" | "sso-directory" => !starts(&READS),
        "rolesanywhere" | "organizations" | "ram" => read_only != Some(true) && !starts(&READS),
        // Doors of other services that may be opened to other accounts.
        "lambda" => starts(&["AddPermission"]),
        "s3" => starts(&["PutBucketPolicy", "PutBucketAcl", "PutAccessPointPolicy"]),
        "kms" => starts(&["PutKeyPolicy", "CreateGrant"]),
        "secretsmanager" => starts(&["PutResourcePolicy"]),
        "sqs" | "sns" => starts(&["AddPermission", "SetQueueAttributes", "SetTopicAttributes"]),
        "ecr" => starts(&["SetRepositoryPolicy"]),
        "ec2" => starts(&[
            "ModifyImageAttribute",
            "ModifySnapshotAttribute",
            "ModifyVpcEndpointServicePermissions",
        ]),
        _ => false,
    }
}

/// The service behind `eventSource`: its first part, because the domain depends on the partition.
pub(crate) fn service(source: &str) -> &str {
    source.split('.').next().unwrap_or_default()
}

/// The beginnings of the names of calls that only look.
const READS: [&str; 7] = ["List", "Get", "Describe", "Search", "BatchGet", "Is", "Verify"];

/// IAM calls that create, change or delete users, roles, keys, trust, policies, federation
/// providers, MFA devices or login profiles. Everything that is no read, but for tags and reports.
fn changes_credentials_or_trust(name: &str) -> bool {
    const OTHER_READS: [&str; 3] = ["Generate", "Simulate", "Tag"];
    !READS.iter().chain(&OTHER_READS).any(|prefix| name.starts_with(prefix))
        && !name.starts_with("Untag")
}

#[cfg(test)]
mod tests {
    use super::matters;

    #[test]
    fn what_matters_and_what_is_only_counted() {
        for (call, expected) in [
            ("sts.amazonaws.com AssumeRole", true),
            ("sts.amazonaws.com SomethingNew", true),
            ("signin.amazonaws.com ConsoleLogin", true),
            ("iam.amazonaws.com CreateAccessKey", true),
            ("iam.amazonaws.com AttachUserPolicy", true),
            ("iam.amazonaws.com PutRolePolicy", true),
            ("iam.amazonaws.com UpdateAssumeRolePolicy", true),
            ("iam.amazonaws.com DeactivateMFADevice", true),
            ("iam.amazonaws.com CreateOpenIDConnectProvider", true),
            ("iam.amazonaws.com ListUsers", false),
            ("iam.amazonaws.com GetRole", false),
            ("iam.amazonaws.com GenerateCredentialReport", false),
            ("iam.amazonaws.com TagRole", false),
            ("cognito-identity.amazonaws.com GetCredentialsForIdentity", true),
            ("cognito-identity.amazonaws.com ListIdentityPools", false),
            ("eks-auth.amazonaws.com AssumeRoleForPodIdentity", true),
            ("sso.amazonaws.com GetRoleCredentials", true),
            ("sso.amazonaws.com ListAccountRoles", true),
            ("sso.amazonaws.com ListInstances", false),
            ("sso.amazonaws.com CreateAccountAssignment", true),
            ("sso-oauth.amazonaws.com CreateTokenWithIAM", true),
            ("rolesanywhere.amazonaws.com CreateSession", true),
            ("rolesanywhere.amazonaws.com ListTrustAnchors", false),
            ("organizations.amazonaws.com InviteAccountToOrganization", true),
            ("organizations.amazonaws.com DescribeOrganization", false),
            ("s3.amazonaws.com GetObject", false),
            ("ec2.amazonaws.com RunInstances", false),
            ("ec2.amazonaws.com ModifySnapshotAttribute", true),
            ("lambda.amazonaws.com AddPermission20150331v2", true),
            ("s3.amazonaws.com PutBucketPolicy", true),
            ("ram.amazonaws.com CreateResourceShare", true),
        ] {
            let (source, name) = call.split_once(' ').unwrap();
            assert_eq!(matters(source, name, None), expected, "{call}");
        }
        assert!(!matters("iam.amazonaws.com", "FutureRead", Some(true)));
    }
}
