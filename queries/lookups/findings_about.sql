/* One row per finding that somebody was told of and that names one of these words or this event, the worst first; of a
   repeated one the last. */
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
    WHERE NOT finding.dry_run
      AND finding.suppressed IS NULL
      AND (
          finding.subject = ANY($words)
          OR finding.root = ANY($words)
          OR strpos(' > ' || finding.path || ' > ', ' > ' || $one || ' > ') > 0
          OR strpos(' ' || finding.accounts || ' ', ' ' || $one || ' ') > 0
          OR strpos(' ' || finding.event_ids || ' ', ' ' || $event || ' ') > 0
          OR strpos(' ' || finding.networks || ' ', ' ' || $two || ' ') > 0
          -- Whole words of the JSON.
          OR strpos(' ' || translate(finding.evidence, '"[]{},', '      ') || ' ', ' ' || translate($one, '"[]{},', '      ') || ' ') > 0
          OR strpos(' ' || translate(finding.evidence, '"[]{},', '      ') || ' ', ' ' || translate($two, '"[]{},', '      ') || ' ') > 0
      )
) AS told
WHERE told.place = 1
ORDER BY
    CASE told.severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 ELSE 4 END,
    told.last_at DESC,
    told.detection,
    told.fingerprint
LIMIT 101
