/* One row per principal as which this one opened sessions, account and way of issue, the newest first. */
SELECT
    edge.from_principal || ' > ' || edge.to_principal AS edge,
    edge.to_principal,
    edge.to_account_id,
    edge.issued_by,
    sum(edge.sessions) AS sessions,
    count(DISTINCT edge.root_principal) AS roots,
    max(edge.max_depth) AS max_depth,
    sum(edge.with_external_id) AS with_external_id,
    max(edge.longest_seconds) AS longest_seconds,
    min(edge.first_at) AS first_at,
    max(edge.last_at) AS last_at
FROM edge
WHERE edge.from_principal = $what
  AND edge.last_at >= $from
  AND edge.first_at < $until
  AND edge.date >= CAST($from AS DATE) -- prunes
  AND edge.date <= CAST($until AS DATE) -- prunes
GROUP BY edge.from_principal, edge.to_principal, edge.to_account_id, edge.issued_by
ORDER BY last_at DESC, edge.from_principal, edge.to_principal, edge.to_account_id, edge.issued_by
LIMIT 200
