/* One row per session that one of these sessions opened. */
SELECT listed.*
FROM listed
WHERE listed.parent_session_id = ANY($parents)
  AND listed.created_at >= $from
  AND listed.created_at < $until
  AND listed.date >= CAST($from AS DATE) -- prunes
  AND listed.date <= CAST($until AS DATE) -- prunes
ORDER BY listed.created_at, listed.session_id
LIMIT 501
