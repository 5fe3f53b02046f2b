/* One row per session that its caller opened from another account, or whose lineage has crossed accounts. */
SELECT
    created_at,
    caller_principal,
    caller_account_id,
    caller_type,
    principal,
    account_id,
    session_name,
    external_id,
    source_identity,
    crossings,
    account_path,
    path,
    depth,
    root_kind,
    root_principal,
    root_account_id,
    copies,
    calls,
    failed_calls,
    last_used_at,
    session_id,
    date
FROM session
WHERE crossings > 0
   OR caller_account_id <> account_id
