/* One row per hour: the sessions that were issued in it. */
SELECT
    date_trunc('hour', session.created_at) AS hour,
    count(*) AS sessions,
    sum(CASE WHEN session.depth > 0 THEN 1 ELSE 0 END) AS chained
FROM session
WHERE session.created_at >= $from
  AND session.created_at < $until
  AND session.date >= CAST($from AS DATE) -- prunes
GROUP BY 1
ORDER BY 1
