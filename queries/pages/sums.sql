/* One row: what the sessions of the span add up to. */
SELECT
    count(*) AS sessions,
    coalesce(sum(CASE WHEN session.depth > 0 THEN 1 ELSE 0 END), 0) AS chained,
    coalesce(sum(CASE WHEN session.crossings > 0 THEN 1 ELSE 0 END), 0) AS crossing,
    coalesce(sum(CASE WHEN session.calls = 0 AND session.use_link IS NULL THEN 1 ELSE 0 END), 0) AS unused,
    coalesce(sum(CASE WHEN session.root_kind IN ('unresolved', 'unknown', 'ambiguous') THEN 1 ELSE 0 END), 0)
        AS rootless,
    count(DISTINCT session.root_principal) AS roots,
    count(DISTINCT session.account_id) AS accounts
FROM session
WHERE session.created_at >= $from
  AND session.created_at < $until
  AND session.date >= CAST($from AS DATE) -- prunes
