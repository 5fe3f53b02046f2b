//! What a lineage starts from, if its caller holds no session.

use rolecall_model::{Session, key, subject};

/// Whether the issuing call was signed within a session, so that there is a parent to look for.
pub(crate) fn is_session_caller(row: &Session) -> bool {
    row.caller_created_at.is_some()
        || row.caller_key.as_deref().is_some_and(key::is_temporary)
        || matches!(row.caller_type.as_deref(), Some("AssumedRole" | "FederatedUser"))
        || foreign_session(row).is_some()
}

/// The session's unique id if the role owner's copy alone tells of the caller: `AROA…:name`.
pub(crate) fn foreign_session(row: &Session) -> Option<&str> {
    let id = row.caller_principal_id.as_deref()?;
    (row.caller_type.as_deref() == Some("AWSAccount") && id.starts_with("AROA") && id.contains(':'))
        .then_some(id)
}

/// The start of a lineage.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Root {
    pub(crate) kind: &'static str,
    pub(crate) principal: String,
    pub(crate) account_id: Option<String>,
    pub(crate) credential: Option<String>,
}

/// The root of an issuance whose caller is no session.
pub(crate) fn of_issuance(row: &Session) -> Root {
    let caller = row.caller_principal.clone().unwrap_or_default();
    let long_term = row.caller_key.as_deref().filter(|key| key::is_long_term(key));
    let kind = match row.caller_type.as_deref() {
        Some("AWSService") => "service",
        Some("SAMLUser") if is_identity_center(row) => "identity center",
        Some("IdentityCenterUser") => "identity center",
        Some("SAMLUser") => "saml",
        Some("WebIdentityUser") => "web identity",
        Some("IAMUser" | "Root") if long_term.is_some() => "long-term key",
        _ if row.issued_by.as_deref() == Some("GetCredentialsForIdentity") => "web identity",
        _ if row.issued_by.as_deref() == Some("AssumeRoleWithSAML") => "saml",
        _ if row.issued_by.as_deref() == Some("AssumeRoleWithWebIdentity") => "web identity",
        _ => "unknown",
    };
    // Each account has a SAML provider of its own for one Identity Center, the subject is one.
    let principal = match (kind, &row.subject) {
        ("identity center", Some(subject)) => subject.clone(),
        ("web identity", _) => subject::stable(&caller).to_owned(),
        _ => caller,
    };
    Root {
        kind,
        principal,
        account_id: row.caller_account_id.clone(),
        // A masked key would be the credential of many roots.
        credential: long_term
            .filter(|key| kind == "long-term key" && key::is_whole(key))
            .map(str::to_owned),
    }
}

fn is_identity_center(row: &Session) -> bool {
    rolecall_model::arn::role_name(&row.principal)
        .is_some_and(|name| name.starts_with("AWSReservedSSO_"))
}

/// All kinds of roots.
const KINDS: [&str; 10] = [
    "long-term key",
    "service",
    "saml",
    "web identity",
    "identity center",
    "console",
    "unresolved",
    "ambiguous",
    "unknown",
    "",
];

/// A kind as it was stored.
pub(crate) fn kind(text: &str) -> &'static str {
    KINDS.into_iter().find(|kind| *kind == text).unwrap_or("unknown")
}
