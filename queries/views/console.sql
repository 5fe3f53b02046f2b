/* One row per record of a console sign-in, federated sign-in or role switch: who came in, with or without MFA, from where. */
SELECT
    event_time AS at,
    event_name,
    principal,
    user_identity_type AS caller_type,
    user_identity_arn AS caller_arn,
    user_identity_account_id AS account_id,
    succeeded,
    error_message,
    mfa_used,
    switched_from,
    aws_region,
    source_ip_address,
    network_of(source_ip_address) AS network,
    client_of(user_agent) AS client,
    recipient_account_id,
    event_id,
    date
FROM event
WHERE event_source = 'signin.amazonaws.com'
