/* One row per address and client: the calls that these keys signed from there. */
SELECT
    usage.source_ip_address,
    min(usage.source_place) AS source_place,
    min(usage.source_country) AS source_country,
    min(usage.source_operator) AS source_operator,
    min(usage.source_lists) AS source_lists,
    client_of(usage.user_agent) AS client,
    sum(usage.calls) AS calls,
    sum(CASE WHEN usage.error_code IS NULL THEN 0 ELSE usage.calls END) AS failed_calls,
    min(usage.first_at) AS first_at,
    max(usage.last_at) AS last_at
FROM usage
WHERE usage.access_key_id = ANY($keys)
  AND usage.hour >= $from
  AND usage.hour < $until
  AND usage.date >= CAST($from AS DATE) -- prunes
  AND usage.date <= CAST($until AS DATE) -- prunes
GROUP BY usage.source_ip_address, client_of(usage.user_agent)
ORDER BY calls DESC, usage.source_ip_address, client
LIMIT 300
