/* One row per key, place and hour: the calls that the key signed from there. */
SELECT
    usage.access_key_id,
    min(usage.principal) AS principal,
    coalesce(usage.source_place, usage.source_ip_address, 'unknown') AS place,
    min(usage.source_country) AS country,
    min(usage.source_operator) AS operator,
    usage.hour,
    sum(usage.calls) AS calls,
    sum(CASE WHEN usage.error_code IS NULL THEN 0 ELSE usage.calls END) AS failed_calls
FROM usage
WHERE usage.access_key_id = ANY($credentials)
  AND usage.hour >= date_trunc('hour', $from)
  AND usage.hour < $until
  AND usage.date >= CAST($from AS DATE) -- prunes
GROUP BY usage.access_key_id, coalesce(usage.source_place, usage.source_ip_address, 'unknown'), usage.hour
ORDER BY usage.access_key_id, place, usage.hour
