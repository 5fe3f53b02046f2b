/* One row per session of this unique id that began in the span, which is a second. */
SELECT listed.*
FROM listed
WHERE listed.principal_id = $what
  AND listed.created_at >= $from
  AND listed.created_at < $until
  AND listed.date >= CAST($from AS DATE) -- prunes
  AND listed.date <= CAST($until AS DATE) -- prunes
ORDER BY listed.created_at DESC, listed.session_id
LIMIT 10
