/* One row per session that a finding names, by its id, its key or the event that issued it. */
SELECT
    measured.*,
    measured.seconds > CAST(measured.ceiling_seconds + $slack AS DOUBLE) AS is_above
FROM measured
WHERE measured.session_id = ANY($sessions)
   OR measured.issued_key = ANY($credentials)
ORDER BY measured.created_at, measured.session_id
LIMIT 200
