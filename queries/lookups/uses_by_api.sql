/* One row per API and error: the calls that these keys signed. */
SELECT
    usage.event_source,
    usage.event_name,
    usage.error_code,
    sum(usage.calls) AS calls,
    min(usage.first_at) AS first_at,
    max(usage.last_at) AS last_at
FROM usage
WHERE usage.access_key_id = ANY($keys)
  AND usage.hour >= $from
  AND usage.hour < $until
  AND usage.date >= CAST($from AS DATE) -- prunes
  AND usage.date <= CAST($until AS DATE) -- prunes
GROUP BY usage.event_source, usage.event_name, usage.error_code
ORDER BY calls DESC, usage.event_source, usage.event_name, usage.error_code
LIMIT 300
