/* Begins other queries of this folder. One row per session, with its length and its ceiling, which are those
   of the report `longest-sessions`. */
WITH told AS (
    SELECT
        role.principal,
        session_ceiling.seconds,
        row_number() OVER (
            PARTITION BY role.principal
            ORDER BY length(session_ceiling.role) DESC, session_ceiling.seconds DESC
        ) AS place
    FROM (
        SELECT DISTINCT session.principal
        FROM session
        WHERE session.created_at >= $from
          AND session.created_at < $until
          AND session.date >= CAST($from AS DATE) -- prunes
    ) AS role
    JOIN session_ceiling
      ON glob(role.principal, session_ceiling.role)
),
lived AS (
    SELECT
        session.session_id,
        session.parent_session_id,
        session.principal,
        session.session_name,
        session.account_id,
        session.account_path,
        session.root_principal,
        session.root_kind,
        session.issued_by,
        session.issued_key,
        session.issue_event_ids,
        session.depth,
        session.crossings,
        session.created_at,
        session.expires_at,
        session.first_used_at,
        session.last_used_at,
        session.calls,
        CASE
            WHEN coalesce(session.use_link, 'key') <> 'ambiguous' AND date_part('epoch', session.last_used_at)
                - date_part('epoch', session.created_at) > CAST(coalesce(session.granted_seconds, 0) AS DOUBLE)
                THEN date_part('epoch', session.last_used_at) - date_part('epoch', session.created_at)
            ELSE CAST(coalesce(session.granted_seconds, 0) AS DOUBLE)
        END AS seconds,
        CASE
            WHEN session.issued_by IS NULL THEN 'issued out of sight'
            WHEN session.issued_by IN ('GetSessionToken', 'GetFederationToken') THEN 'session tokens'
            WHEN session.depth = 0 AND session.root_kind IN ('saml', 'identity center') THEN 'federated people'
            WHEN session.depth = 0 AND session.root_kind = 'service' THEN 'AWS services'
            ELSE 'roles'
        END AS kind
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
),
measured AS (
    SELECT
        lived.*,
        told.seconds IS NOT NULL AS has_own_ceiling,
        CASE
            WHEN told.seconds IS NOT NULL THEN told.seconds
            WHEN lived.kind = 'issued out of sight' THEN $unissued_ceiling
            WHEN lived.kind = 'session tokens' THEN $token_ceiling
            WHEN lived.kind = 'federated people' THEN $federated_ceiling
            WHEN lived.kind = 'AWS services' THEN $service_ceiling
            ELSE $role_ceiling
        END AS ceiling_seconds
    FROM lived
    LEFT JOIN told
      ON told.principal = lived.principal
     AND told.place = 1
)
