/* One row per session that one principal opened as another, the newest first. */
SELECT listed.*
FROM listed
WHERE (
      listed.caller_principal = $from_principal
      -- An edge from a provider of identities begins with whom the lineage counts as one subject.
      OR (listed.depth = 0 AND listed.root_principal = $from_principal)
  )
  AND listed.principal = $to_principal
  AND listed.created_at >= $from
  AND listed.created_at < $until
  AND listed.date >= CAST($from AS DATE) -- prunes
  AND listed.date <= CAST($until AS DATE) -- prunes
ORDER BY listed.created_at DESC, listed.session_id
LIMIT 100
