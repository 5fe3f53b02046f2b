/* One row per region: what the lake has read of an account. */
SELECT
    coverage.region,
    sum(coverage.objects) AS objects,
    sum(coverage.records) AS records,
    sum(coverage.rejected) AS rejected,
    min(coverage.first_event_at) AS first_event_at,
    max(coverage.last_event_at) AS last_event_at
FROM coverage
WHERE coverage.account = $what
  AND coverage.date >= CAST($from AS DATE) -- prunes
GROUP BY coverage.region
ORDER BY records DESC, coverage.region
LIMIT 100
