/* One row per session that this key was handed out for. */
SELECT listed.*
FROM listed
WHERE listed.issued_key = $what
  AND listed.created_at >= $from
  AND listed.created_at < $until
  AND listed.date >= CAST($from AS DATE) -- prunes
  AND listed.date <= CAST($until AS DATE) -- prunes
ORDER BY listed.created_at DESC, listed.session_id
LIMIT 10
