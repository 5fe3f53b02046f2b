/* One row per account: the sessions that were issued in it. */
SELECT
    edge.to_account_id AS account_id,
    max(account_name.name) AS name,
    sum(edge.sessions) AS sessions,
    count(DISTINCT edge.to_principal) AS roles,
    count(DISTINCT edge.root_principal) AS roots,
    sum(CASE WHEN edge.from_account_id <> edge.to_account_id THEN edge.sessions ELSE 0 END) AS from_other_accounts,
    max(edge.last_at) AS last_at
FROM edge
LEFT JOIN account_name ON account_name.account_id = edge.to_account_id
WHERE edge.to_account_id IS NOT NULL
  AND edge.last_at >= $from
  AND edge.first_at < $until
  AND edge.date >= CAST($from AS DATE) -- prunes
  AND edge.date <= CAST($until AS DATE) -- prunes
GROUP BY edge.to_account_id
ORDER BY sessions DESC, edge.to_account_id
LIMIT 100
