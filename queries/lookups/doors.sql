/* One row per account and the account that was entered from there, the most used first. */
SELECT
    edge.from_account_id,
    edge.to_account_id,
    sum(edge.sessions) AS sessions,
    count(DISTINCT edge.root_principal) AS roots,
    max(edge.max_depth) AS max_depth,
    sum(edge.with_external_id) AS with_external_id,
    max(edge.longest_seconds) AS longest_seconds,
    min(edge.first_at) AS first_at,
    max(edge.last_at) AS last_at
FROM edge
WHERE edge.from_account_id <> edge.to_account_id
  AND edge.last_at >= $from
  AND edge.first_at < $until
  AND edge.date >= CAST($from AS DATE) -- prunes
  AND edge.date <= CAST($until AS DATE) -- prunes
GROUP BY edge.from_account_id, edge.to_account_id
ORDER BY sessions DESC, edge.from_account_id, edge.to_account_id
LIMIT 100
