/* One row per principal and key that worked from a network. */
SELECT
    footprint.principal,
    footprint.account_id,
    footprint.access_key_id,
    footprint.client,
    sum(footprint.calls) AS calls,
    sum(footprint.failed_calls) AS failed_calls,
    count(DISTINCT footprint.date) AS days,
    min(footprint.first_at) AS first_at,
    max(footprint.last_at) AS last_at
FROM footprint
WHERE footprint.network = $what
  AND footprint.last_at >= $from
  AND footprint.first_at < $until
  AND footprint.date >= CAST($from AS DATE) -- prunes
  AND footprint.date <= CAST($until AS DATE) -- prunes
GROUP BY footprint.principal, footprint.account_id, footprint.access_key_id, footprint.client
ORDER BY last_at DESC, footprint.principal, footprint.account_id, footprint.access_key_id, footprint.client
LIMIT 200
