/* One row per account and day: the hours of which the lake has logs. */
SELECT
    coalesce(object.account, 'unnamed') AS account,
    CAST(coalesce(object.delivered_at, object.first_event_at) AS DATE) AS day,
    count(DISTINCT date_trunc('hour', coalesce(object.delivered_at, object.first_event_at))) AS hours,
    sum(object.records) AS records,
    sum(object.rejected) AS rejected
FROM object
WHERE object.outcome = 'read'
  AND coalesce(object.delivered_at, object.first_event_at) >= $from
  AND coalesce(object.delivered_at, object.first_event_at) < $until
GROUP BY 1, 2
ORDER BY 1, 2
