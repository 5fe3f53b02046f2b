/* One row per detection and severity: how many findings were told, only counted, and suppressed. */
SELECT
    finding.detection,
    min(finding.title) AS title,
    finding.severity,
    count(DISTINCT CASE WHEN NOT finding.dry_run AND finding.suppressed IS NULL THEN finding.fingerprint END) AS told,
    count(DISTINCT CASE WHEN finding.dry_run AND finding.suppressed IS NULL THEN finding.fingerprint END) AS dry_run,
    count(DISTINCT CASE WHEN finding.suppressed IS NOT NULL THEN finding.fingerprint END) AS suppressed
FROM finding
WHERE finding.first_at >= $from
  AND finding.first_at < $until
  AND finding.date >= CAST($from AS DATE) -- prunes
GROUP BY finding.detection, finding.severity
ORDER BY
    CASE finding.severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3 ELSE 4 END,
    finding.detection
