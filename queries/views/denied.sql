/* One row per record of an STS call that failed: who was refused what, from where, and why. */
SELECT
    event_time AS at,
    event_name,
    principal,
    user_identity_type AS caller_type,
    user_identity_arn AS caller_arn,
    user_identity_account_id AS caller_account_id,
    user_identity_access_key_id AS caller_key,
    role_arn,
    account_of_arn(role_arn) AS role_account_id,
    role_session_name AS session_name,
    error_code,
    error_message,
    aws_region,
    source_ip_address,
    network_of(source_ip_address) AS network,
    client_of(user_agent) AS client,
    recipient_account_id,
    event_id,
    date
FROM event
WHERE event_source = 'sts.amazonaws.com'
  AND NOT succeeded
