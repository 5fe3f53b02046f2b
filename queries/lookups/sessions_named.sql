/* One row per session that goes by this name, ARN, unique id, subject or source identity, the newest first. */
SELECT listed.*
FROM listed
WHERE (
      listed.session_name = $what
      OR listed.session_arn = $what
      OR listed.principal_id = $what
      OR listed.subject = $what
      OR listed.source_identity = $what
      OR strpos(' ' || listed.keys_seen || ' ', ' ' || $what || ' ') > 0
  )
  AND listed.created_at >= $from
  AND listed.created_at < $until
  AND listed.date >= CAST($from AS DATE) -- prunes
  AND listed.date <= CAST($until AS DATE) -- prunes
ORDER BY listed.created_at DESC, listed.session_id
LIMIT 100
