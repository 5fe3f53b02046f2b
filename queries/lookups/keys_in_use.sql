/* One row per long-term key that is in use, the newest use first. */
SELECT
    footprint.access_key_id,
    footprint.principal,
    footprint.account_id,
    count(DISTINCT footprint.network) AS networks,
    sum(footprint.calls) AS calls,
    sum(footprint.failed_calls) AS failed_calls,
    count(DISTINCT footprint.date) AS days,
    min(footprint.first_at) AS first_at,
    max(footprint.last_at) AS last_at
FROM footprint
WHERE footprint.access_key_id IS NOT NULL
  AND footprint.last_at >= $from
  AND footprint.first_at < $until
  AND footprint.date >= CAST($from AS DATE) -- prunes
  AND footprint.date <= CAST($until AS DATE) -- prunes
GROUP BY footprint.access_key_id, footprint.principal, footprint.account_id
ORDER BY last_at DESC, footprint.access_key_id, footprint.principal, footprint.account_id
LIMIT 50
