/* One row per session that a finding names, by its id, its key or an event that records its issuance: there are
   two if both accounts have a copy. */
SELECT
    measured.*,
    measured.seconds > CAST(measured.ceiling_seconds + $slack AS DOUBLE) AS is_above
FROM measured
WHERE measured.session_id = ANY($sessions)
   OR measured.issued_key = ANY($credentials)
   OR split_part(measured.issue_event_ids, ' ', 1) = ANY($events)
   OR split_part(measured.issue_event_ids, ' ', 2) = ANY($events)
ORDER BY measured.created_at, measured.session_id
LIMIT 200
