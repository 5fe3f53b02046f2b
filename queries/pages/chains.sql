/* One row per walk through accounts that sessions took: where it began, and every account on the way. */
SELECT
    walked.begun,
    walked.account_path,
    count(*) AS sessions,
    count(DISTINCT walked.root_principal) AS roots,
    max(walked.depth) AS depth,
    min(walked.path) AS example,
    max(walked.created_at) AS last_at
FROM (
    SELECT
        CASE
            WHEN session.root_kind IN ('saml', 'identity center') THEN 'SAML, Identity Center'
            WHEN session.root_kind = 'web identity' AND strpos(session.root_principal, 'oidc-provider/') > 0
                THEN split_part(split_part(session.root_principal, 'oidc-provider/', 2), ' ', 1)
            WHEN session.root_kind = 'web identity' THEN split_part(session.root_principal, ' ', 1)
        END AS begun,
        session.account_path,
        session.root_principal,
        session.depth,
        session.path,
        session.created_at
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND session.crossings > 0
) AS walked
GROUP BY walked.begun, walked.account_path
ORDER BY depth DESC, sessions DESC, walked.account_path, walked.begun
LIMIT 300
