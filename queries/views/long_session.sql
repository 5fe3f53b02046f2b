/* One row per session that was granted longer than an hour, the default of AssumeRole. */
SELECT
    created_at,
    expires_at,
    granted_seconds,
    requested_seconds,
    CAST(granted_seconds AS DOUBLE) / 3600 AS granted_hours,
    kind,
    principal,
    session_name,
    session_arn,
    account_id,
    issued_by,
    root_kind,
    root_principal,
    path,
    depth,
    last_used_at,
    calls,
    session_id,
    date
FROM session
WHERE granted_seconds > 3600
