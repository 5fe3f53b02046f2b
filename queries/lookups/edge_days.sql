/* One row per day, root and way of issue: the sessions that one principal opened as another. */
SELECT
    edge.date,
    edge.root_principal,
    edge.issued_by,
    sum(edge.sessions) AS sessions,
    max(edge.max_depth) AS max_depth,
    sum(edge.with_external_id) AS with_external_id,
    max(edge.longest_seconds) AS longest_seconds,
    min(edge.first_at) AS first_at,
    max(edge.last_at) AS last_at
FROM edge
WHERE edge.from_principal = $from_principal
  AND edge.to_principal = $to_principal
  AND edge.last_at >= $from
  AND edge.first_at < $until
  AND edge.date >= CAST($from AS DATE) -- prunes
  AND edge.date <= CAST($until AS DATE) -- prunes
GROUP BY edge.date, edge.root_principal, edge.issued_by
ORDER BY edge.date DESC, edge.root_principal, edge.issued_by
LIMIT 400
