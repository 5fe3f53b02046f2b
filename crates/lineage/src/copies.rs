//! Merges the two accounts' copies of one issuance.

use rolecall_model::Session;

use crate::usage::least;
use crate::{row, words};

/// Merges another copy of the same issuance in; says whether anything changed. The caller's copy
/// knows who called; of two of a kind the smaller values win, so that no order matters.
pub(crate) fn merge(row: &mut Session, other: Session) -> bool {
    let before = row::digest(row);
    words::unite(&mut row.issue_event_ids, &other.issue_event_ids);
    words::unite(&mut row.copies, &other.copies);
    if caller(&other) < caller(row) {
        row.caller_type = other.caller_type;
        row.caller_principal = other.caller_principal;
        row.caller_principal_id = other.caller_principal_id;
        row.caller_arn = other.caller_arn;
        row.caller_account_id = other.caller_account_id;
        row.caller_key = other.caller_key;
        row.caller_created_at = other.caller_created_at;
        row.caller_invoked_by = other.caller_invoked_by;
    }
    least(&mut row.principal_id, other.principal_id);
    least(&mut row.session_arn, other.session_arn);
    least(&mut row.session_name, other.session_name);
    least(&mut row.role_arn, other.role_arn);
    least(&mut row.expires_at, other.expires_at);
    least(&mut row.requested_seconds, other.requested_seconds);
    row.granted_seconds = row.expires_at.map(|at| at.seconds() - row.created_at.seconds());
    least(&mut row.shared_event_id, other.shared_event_id);
    least(&mut row.issue_region, other.issue_region);
    least(&mut row.issue_source_ip, other.issue_source_ip);
    least(&mut row.issue_place, other.issue_place);
    least(&mut row.issue_country, other.issue_country);
    least(&mut row.issue_lists, other.issue_lists);
    least(&mut row.issue_user_agent, other.issue_user_agent);
    least(&mut row.issue_vpc_endpoint_id, other.issue_vpc_endpoint_id);
    least(&mut row.external_id, other.external_id);
    least(&mut row.source_identity, other.source_identity);
    least(&mut row.mfa, other.mfa);
    least(&mut row.identity_provider, other.identity_provider);
    least(&mut row.subject, other.subject);
    least(&mut row.issued_by, other.issued_by);
    if (&other.kind, &other.principal, &other.account_id)
        < (&row.kind, &row.principal, &row.account_id)
    {
        (row.kind, row.principal, row.account_id) = (other.kind, other.principal, other.account_id);
    }
    before != row::digest(row)
}

/// What is known of the caller, the copy that knows more first.
fn caller(row: &Session) -> impl Ord + '_ {
    (
        row.caller_type.as_deref() == Some("AWSAccount"),
        row.caller_arn.is_none(),
        (&row.caller_type, &row.caller_principal, &row.caller_principal_id, &row.caller_arn),
        (&row.caller_account_id, &row.caller_key, row.caller_created_at, &row.caller_invoked_by),
    )
}
