/* One row per account, or provider of identities, and the account that was entered from there. AWS services
   that take roles for workloads are no such edge. */
WITH door AS (
    SELECT
        CASE
            WHEN edge.from_account_id IS NOT NULL THEN edge.from_account_id
            WHEN edge.issued_by = 'AssumeRoleWithSAML' THEN 'SAML, Identity Center'
            WHEN strpos(edge.from_principal, 'oidc-provider/') > 0
                THEN split_part(split_part(edge.from_principal, 'oidc-provider/', 2), ' ', 1)
            ELSE split_part(edge.from_principal, ' ', 1)
        END AS from_where,
        CASE
            WHEN edge.from_account_id IS NOT NULL THEN 'account'
            WHEN edge.issued_by = 'AssumeRoleWithSAML' THEN 'saml'
            ELSE 'web identity'
        END AS from_kind,
        edge.*
    FROM edge
    WHERE edge.first_at < $until
      AND (
          edge.from_account_id IS NOT NULL
          OR edge.issued_by IN ('AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
      )
),
role AS (
    SELECT
        door.from_where,
        door.from_kind,
        door.to_account_id,
        door.to_principal,
        min(door.first_at) AS first_ever_at,
        sum(CASE WHEN door.last_at >= $from THEN door.sessions ELSE 0 END) AS sessions,
        sum(CASE WHEN door.last_at >= $from THEN door.with_external_id ELSE 0 END) AS with_external_id,
        max(CASE WHEN door.last_at >= $from THEN door.longest_seconds END) AS longest_seconds,
        max(door.last_at) AS last_at
    FROM door
    GROUP BY door.from_where, door.from_kind, door.to_account_id, door.to_principal
)
SELECT
    role.from_where,
    role.from_kind,
    role.to_account_id,
    sum(role.sessions) AS sessions,
    count(*) AS roles,
    sum(CASE WHEN role.first_ever_at >= $new_since THEN 1 ELSE 0 END) AS new_roles,
    sum(role.with_external_id) AS with_external_id,
    max(role.longest_seconds) AS longest_seconds,
    min(role.first_ever_at) AS first_at,
    max(role.last_at) AS last_at,
    min(role.first_ever_at) >= $new_since AS is_new
FROM role
WHERE role.sessions > 0
  AND role.to_account_id IS NOT NULL
GROUP BY role.from_where, role.from_kind, role.to_account_id
ORDER BY sessions DESC, role.from_where, role.to_account_id
LIMIT 2000
