/* One row per principal and session that this key was used by. */
SELECT
    usage.principal,
    usage.principal_id,
    usage.account_id,
    usage.session_created_at,
    sum(usage.calls) AS calls,
    min(usage.first_at) AS first_at,
    max(usage.last_at) AS last_at
FROM usage
WHERE usage.access_key_id = $what
  AND usage.hour >= $from
  AND usage.hour < $until
  AND usage.date >= CAST($from AS DATE) -- prunes
  AND usage.date <= CAST($until AS DATE) -- prunes
GROUP BY usage.principal, usage.principal_id, usage.account_id, usage.session_created_at
ORDER BY last_at DESC, usage.principal, usage.session_created_at
LIMIT 20
