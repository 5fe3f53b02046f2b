/* One row: what the lake knows of a session. */
SELECT
    session.kind,
    session.principal,
    session.session_name,
    session.session_arn,
    session.account_id,
    session.issued_key,
    session.keys_seen,
    session.created_at,
    session.expires_at,
    session.requested_seconds,
    session.granted_seconds,
    session.issued_by,
    session.issue_region,
    session.issue_source_ip,
    session.issue_country,
    session.issue_user_agent,
    session.caller_principal,
    session.caller_account_id,
    session.caller_key,
    session.caller_invoked_by,
    session.root_kind,
    session.root_principal,
    session.root_account_id,
    session.root_credential,
    session.depth,
    session.account_path,
    session.identity_provider,
    session.subject,
    session.external_id,
    session.source_identity,
    session.mfa,
    session.from_console,
    session.first_used_at,
    session.last_used_at,
    session.calls,
    session.failed_calls,
    session.countries,
    session.clients,
    session.changed_services,
    session.used_in_accounts,
    session.use_link,
    session.siblings,
    session.session_id
FROM session
WHERE session.session_id = $what
  AND session.created_at >= $from
  AND session.created_at < $until
  AND session.date >= CAST($from AS DATE) -- prunes
  AND session.date <= CAST($until AS DATE) -- prunes
LIMIT 1
