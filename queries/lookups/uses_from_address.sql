/* One row per principal and key: the calls that came from this address. */
SELECT
    usage.principal,
    usage.account_id,
    usage.access_key_id,
    client_of(usage.user_agent) AS client,
    sum(usage.calls) AS calls,
    sum(CASE WHEN usage.error_code IS NULL THEN 0 ELSE usage.calls END) AS failed_calls,
    count(DISTINCT usage.event_source || ':' || usage.event_name) AS apis,
    min(usage.first_at) AS first_at,
    max(usage.last_at) AS last_at
FROM usage
WHERE (usage.source_ip_address = $one OR usage.source_ip_address = $two)
  AND usage.hour >= $from
  AND usage.hour < $until
  AND usage.date >= CAST($from AS DATE) -- prunes
  AND usage.date <= CAST($until AS DATE) -- prunes
GROUP BY usage.principal, usage.account_id, usage.access_key_id, client_of(usage.user_agent)
ORDER BY last_at DESC, usage.principal, usage.access_key_id, client
LIMIT 200
