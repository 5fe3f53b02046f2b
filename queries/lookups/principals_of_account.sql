/* One row per principal of an account that worked. */
SELECT
    footprint.principal,
    count(DISTINCT footprint.network) AS networks,
    count(DISTINCT footprint.access_key_id) AS keys,
    sum(footprint.calls) AS calls,
    sum(footprint.failed_calls) AS failed_calls,
    count(DISTINCT footprint.date) AS days,
    min(footprint.first_at) AS first_at,
    max(footprint.last_at) AS last_at
FROM footprint
WHERE footprint.account_id = $what
  AND footprint.last_at >= $from
  AND footprint.first_at < $until
  AND footprint.date >= CAST($from AS DATE) -- prunes
  AND footprint.date <= CAST($until AS DATE) -- prunes
GROUP BY footprint.principal
ORDER BY last_at DESC, footprint.principal
LIMIT 200
