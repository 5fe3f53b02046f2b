/* One row per session that a finding names: first those that it names by id or key, then those of which it names an
   event of their issuance. There are two such events if both accounts have a copy. */
SELECT
    measured.*,
    measured.seconds > CAST(measured.ceiling_seconds + $slack AS DOUBLE) AS is_above,
    count(*) OVER () AS all_named
FROM measured
WHERE measured.session_id = ANY($sessions)
   OR measured.issued_key = ANY($credentials)
   OR split_part(measured.issue_event_ids, ' ', 1) = ANY($events)
   OR split_part(measured.issue_event_ids, ' ', 2) = ANY($events)
ORDER BY
    CASE
        WHEN measured.session_id = ANY($sessions) OR measured.issued_key = ANY($credentials) THEN 1
        ELSE 2
    END,
    measured.created_at,
    measured.session_id
LIMIT 200
