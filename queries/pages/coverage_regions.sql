/* One row per account and region: what the lake has read of it in the span. */
SELECT
    coalesce(object.account, 'unnamed') AS account,
    coalesce(object.region, '-') AS region,
    count(*) AS objects,
    sum(object.records) AS records,
    sum(object.kept) AS kept,
    sum(object.passed_over) AS passed_over,
    sum(object.rejected) AS rejected,
    min(object.first_event_at) AS first_event_at,
    max(object.last_event_at) AS last_event_at
FROM object
WHERE object.outcome <> 'passed over'
  AND coalesce(object.delivered_at, object.first_event_at, $from) >= $from
  AND coalesce(object.delivered_at, object.first_event_at, $from) < $until
GROUP BY 1, 2
ORDER BY 1, 2
