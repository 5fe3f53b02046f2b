/* One row per finding that somebody was told of, the worst first; of a repeated one the last. */
SELECT
    told.fingerprint,
    told.detection,
    told.title,
    told.severity,
    told.confidence,
    told.subject,
    told.root,
    told.path,
    told.accounts,
    told.networks,
    told.first_at,
    told.last_at,
    told.count,
    told.event_ids,
    told.evidence,
    told.more
FROM (
    SELECT
        finding.*,
        row_number() OVER (
            PARTITION BY finding.fingerprint
            ORDER BY finding.last_at DESC, finding.window_until DESC, finding.subject
        ) AS place
    FROM finding
    WHERE finding.first_at >= $from
      AND finding.first_at < $until
      AND finding.date >= CAST($from AS DATE) -- prunes
      AND NOT finding.dry_run
      AND finding.suppressed IS NULL
) AS told
WHERE told.place = 1
ORDER BY
    CASE told.severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 ELSE 4 END,
    told.first_at,
    told.detection,
    told.fingerprint
LIMIT 500
