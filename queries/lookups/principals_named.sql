/* One row per principal whose name holds this text, the newest use first. */
SELECT
    met.principal,
    max(met.account_id) AS account_id,
    min(met.first_at) AS first_at,
    max(met.last_at) AS last_at
FROM (
    SELECT
        footprint.principal,
        footprint.account_id,
        footprint.first_at,
        footprint.last_at
    FROM footprint
    WHERE strpos(lower(footprint.principal), lower($what)) > 0
      AND footprint.last_at >= $from
      AND footprint.first_at < $until
      AND footprint.date >= CAST($from AS DATE) -- prunes
    UNION ALL
    SELECT
        edge.to_principal,
        edge.to_account_id,
        edge.first_at,
        edge.last_at
    FROM edge
    WHERE strpos(lower(edge.to_principal), lower($what)) > 0
      AND edge.last_at >= $from
      AND edge.first_at < $until
      AND edge.date >= CAST($from AS DATE) -- prunes
    UNION ALL
    SELECT
        edge.root_principal,
        edge.root_account_id,
        edge.first_at,
        edge.last_at
    FROM edge
    WHERE strpos(lower(edge.root_principal), lower($what)) > 0
      AND edge.last_at >= $from
      AND edge.first_at < $until
      AND edge.date >= CAST($from AS DATE) -- prunes
) AS met
GROUP BY met.principal
ORDER BY last_at DESC, met.principal
LIMIT 50
