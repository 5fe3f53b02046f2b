/* One row per network, place and client from which a principal worked. */
SELECT
    footprint.network,
    footprint.place,
    footprint.country,
    footprint.client,
    sum(footprint.calls) AS calls,
    sum(footprint.failed_calls) AS failed_calls,
    count(DISTINCT footprint.date) AS days,
    min(footprint.first_at) AS first_at,
    max(footprint.last_at) AS last_at
FROM footprint
WHERE footprint.principal = $what
  AND footprint.last_at >= $from
  AND footprint.first_at < $until
  AND footprint.date >= CAST($from AS DATE) -- prunes
  AND footprint.date <= CAST($until AS DATE) -- prunes
GROUP BY footprint.network, footprint.place, footprint.country, footprint.client
ORDER BY last_at DESC, footprint.network, footprint.place, footprint.country, footprint.client
LIMIT 200
