/* One row per session, the longest compared with its ceiling first. */
SELECT
    measured.*,
    measured.seconds > CAST(measured.ceiling_seconds + $slack AS DOUBLE) AS is_above
FROM measured
ORDER BY measured.seconds - CAST(measured.ceiling_seconds AS DOUBLE) DESC, measured.created_at DESC, measured.session_id
LIMIT 400
