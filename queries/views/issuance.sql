/* One row per record of a successful STS call that handed out credentials: who asked, for what, from where, until when. Cross-account calls have two, one per account. */
SELECT
    event_time AS at,
    event_name AS issued_by,
    principal,
    user_identity_type AS caller_type,
    user_identity_arn AS caller_arn,
    user_identity_account_id AS caller_account_id,
    user_identity_access_key_id AS caller_key,
    user_identity_invoked_by AS invoked_by,
    role_arn,
    role_session_name AS session_name,
    issued_arn,
    issued_access_key_id AS issued_key,
    account_of_arn(COALESCE(issued_arn, role_arn)) AS account_id,
    duration_seconds AS requested_seconds,
    expires_at,
    external_id,
    COALESCE(source_identity, session_source_identity) AS source_identity,
    subject,
    issuer,
    aws_region,
    source_ip_address,
    network_of(source_ip_address) AS network,
    client_of(user_agent) AS client,
    recipient_account_id,
    shared_event_id,
    event_id,
    date
FROM event
WHERE event_source = 'sts.amazonaws.com'
  AND succeeded
  AND issued_access_key_id IS NOT NULL
