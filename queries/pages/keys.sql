/* One row per long-term key beside those that findings name, the one used from the most places first. */
SELECT
    footprint.access_key_id,
    count(DISTINCT footprint.place) AS places,
    sum(footprint.calls) AS calls,
    count(*) OVER () AS all_keys
FROM footprint
WHERE footprint.last_at >= $from
  AND footprint.first_at < $until
  AND footprint.date >= CAST($from AS DATE) -- prunes
  AND footprint.access_key_id IS NOT NULL
  AND NOT footprint.access_key_id = ANY($credentials)
GROUP BY footprint.access_key_id
ORDER BY places DESC, calls DESC, footprint.access_key_id
LIMIT 12
