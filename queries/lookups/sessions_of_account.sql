/* One row per session that acts in this account, the newest first. */
SELECT listed.*
FROM listed
WHERE listed.account_id = $what
  AND listed.created_at >= $from
  AND listed.created_at < $until
  AND listed.date >= CAST($from AS DATE) -- prunes
  AND listed.date <= CAST($until AS DATE) -- prunes
ORDER BY listed.created_at DESC, listed.session_id
LIMIT 100
