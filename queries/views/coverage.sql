/* One row per account, region and day of delivery: what the lake has read, kept, passed over and refused, and from when until when. */
SELECT
    account,
    region,
    date,
    COUNT(*) AS objects,
    SUM(records) AS records,
    SUM(kept) AS kept,
    SUM(passed_over) AS passed_over,
    SUM(rejected) AS rejected,
    SUM(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS refused_objects,
    SUM(size) AS bytes,
    MIN(first_event_at) AS first_event_at,
    MAX(last_event_at) AS last_event_at,
    SUM(records) = SUM(kept) + SUM(passed_over) + SUM(rejected) AS balanced
FROM object
GROUP BY account, region, date
