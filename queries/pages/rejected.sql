/* One row per reason why a record or object could not be read, in the whole lake. */
SELECT
    met.what,
    met.reason,
    count(*) AS times,
    min(met.object_key) AS first_object
FROM (
    SELECT
        CASE WHEN rejected.record IS NULL THEN 'object' ELSE 'record' END AS what,
        rejected.reason,
        rejected.object_key
    FROM rejected
) AS met
GROUP BY met.what, met.reason
ORDER BY times DESC, met.what, met.reason
LIMIT 100
