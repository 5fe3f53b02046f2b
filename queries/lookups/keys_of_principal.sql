/* One row per long-term key of a principal. */
SELECT
    footprint.access_key_id,
    count(DISTINCT footprint.network) AS networks,
    sum(footprint.calls) AS calls,
    sum(footprint.failed_calls) AS failed_calls,
    count(DISTINCT footprint.date) AS days,
    min(footprint.first_at) AS first_at,
    max(footprint.last_at) AS last_at
FROM footprint
WHERE footprint.principal = $what
  AND footprint.access_key_id IS NOT NULL
  AND footprint.last_at >= $from
  AND footprint.first_at < $until
  AND footprint.date >= CAST($from AS DATE) -- prunes
  AND footprint.date <= CAST($until AS DATE) -- prunes
GROUP BY footprint.access_key_id
ORDER BY last_at DESC, footprint.access_key_id
LIMIT 200
