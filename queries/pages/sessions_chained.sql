/* One row per session of a chain, the deepest first. */
SELECT
    measured.*,
    measured.seconds > CAST(measured.ceiling_seconds + $slack AS DOUBLE) AS is_above
FROM measured
WHERE measured.depth > 0
ORDER BY measured.depth DESC, measured.crossings DESC, measured.created_at DESC, measured.session_id
LIMIT 200
