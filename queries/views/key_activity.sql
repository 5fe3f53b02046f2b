/* One row per access key, principal and day: what was done with the key, from how many networks, and how much of it failed. */
SELECT
    access_key_id,
    principal,
    account_id,
    date,
    SUM(calls) AS calls,
    SUM(CASE WHEN error_code IS NULL THEN 0 ELSE calls END) AS failed_calls,
    COUNT(DISTINCT event_source) AS services,
    COUNT(DISTINCT event_source || ':' || event_name) AS apis,
    COUNT(DISTINCT network_of(source_ip_address)) AS networks,
    COUNT(DISTINCT client_of(user_agent)) AS clients,
    COUNT(DISTINCT aws_region) AS regions,
    MIN(first_at) AS first_at,
    MAX(last_at) AS last_at
FROM usage
WHERE access_key_id IS NOT NULL
GROUP BY access_key_id, principal, account_id, date
