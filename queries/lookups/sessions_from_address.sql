/* One row per session that was issued to this address, the newest first. */
SELECT listed.*
FROM listed
WHERE (listed.issue_source_ip = $one OR listed.issue_source_ip = $two)
  AND listed.created_at >= $from
  AND listed.created_at < $until
  AND listed.date >= CAST($from AS DATE) -- prunes
  AND listed.date <= CAST($until AS DATE) -- prunes
ORDER BY listed.created_at DESC, listed.session_id
LIMIT 100
