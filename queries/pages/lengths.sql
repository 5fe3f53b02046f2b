/* One row per kind of session and step of length: how many there were, and how many were above their ceiling.
   `up_to_seconds` is the end of the step; NULL has none. */
SELECT
    stepped.kind,
    stepped.up_to_seconds,
    count(*) AS sessions,
    sum(CASE WHEN stepped.seconds > CAST(stepped.ceiling_seconds + $slack AS DOUBLE) THEN 1 ELSE 0 END) AS above,
    sum(CASE WHEN stepped.has_own_ceiling THEN 1 ELSE 0 END) AS with_own_ceiling,
    min(CASE WHEN NOT stepped.has_own_ceiling THEN stepped.ceiling_seconds END) AS ceiling_seconds,
    max(stepped.seconds) AS longest_seconds
FROM (
    SELECT
        measured.*,
        CASE
            WHEN measured.seconds <= 900 THEN 900
            WHEN measured.seconds <= 3600 THEN 3600
            WHEN measured.seconds <= 7200 THEN 7200
            WHEN measured.seconds <= 14400 THEN 14400
            WHEN measured.seconds <= 28800 THEN 28800
            WHEN measured.seconds <= 43200 THEN 43200
            WHEN measured.seconds <= 86400 THEN 86400
            WHEN measured.seconds <= 129600 THEN 129600
        END AS up_to_seconds
    FROM measured
) AS stepped
GROUP BY stepped.kind, stepped.up_to_seconds
ORDER BY stepped.kind, stepped.up_to_seconds NULLS LAST
