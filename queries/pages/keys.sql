/* One row per long-term key, the one used from the most places first. */
SELECT
    footprint.access_key_id,
    count(DISTINCT footprint.place) AS places,
    sum(footprint.calls) AS calls
FROM footprint
WHERE footprint.last_at >= $from
  AND footprint.first_at < $until
  AND footprint.date >= CAST($from AS DATE) -- prunes
  AND footprint.access_key_id IS NOT NULL
GROUP BY footprint.access_key_id
ORDER BY places DESC, calls DESC, footprint.access_key_id
LIMIT 12
