/* One row per hour: the calls that these keys signed. */
SELECT
    usage.hour,
    sum(usage.calls) AS calls,
    sum(CASE WHEN usage.error_code IS NULL THEN 0 ELSE usage.calls END) AS failed_calls
FROM usage
WHERE usage.access_key_id = ANY($keys)
  AND usage.hour >= $from
  AND usage.hour < $until
  AND usage.date >= CAST($from AS DATE) -- prunes
  AND usage.date <= CAST($until AS DATE) -- prunes
GROUP BY usage.hour
ORDER BY usage.hour
LIMIT 3000
