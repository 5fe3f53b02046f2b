/* One row per account and region: the calls that these keys signed there. */
SELECT
    usage.recipient_account_id,
    usage.aws_region,
    sum(usage.calls) AS calls,
    sum(CASE WHEN usage.error_code IS NULL THEN 0 ELSE usage.calls END) AS failed_calls,
    min(usage.first_at) AS first_at,
    max(usage.last_at) AS last_at
FROM usage
WHERE usage.access_key_id = ANY($keys)
  AND usage.hour >= $from
  AND usage.hour < $until
  AND usage.date >= CAST($from AS DATE) -- prunes
  AND usage.date <= CAST($until AS DATE) -- prunes
GROUP BY usage.recipient_account_id, usage.aws_region
ORDER BY calls DESC, usage.recipient_account_id, usage.aws_region
LIMIT 300
