/*
+++
title = "Which sessions are the longest, and which are longer than their ceiling?"
topic = "temporary access"

[param.role_ceiling]
type    = "integer"
default = 14400
about   = "seconds that a session from AssumeRole or AssumeRoleWithWebIdentity may live"

[param.federated_ceiling]
type    = "integer"
default = 43200
about   = "seconds that a person's first session from SAML or Identity Center may live"

[param.service_ceiling]
type    = "integer"
default = 43200
about   = "seconds that a session an AWS service takes for a workload may live"

[param.token_ceiling]
type    = "integer"
default = 43200
about   = "seconds that a session from GetSessionToken or GetFederationToken may live: their default"

[param.unissued_ceiling]
type    = "integer"
default = 43200
about   = "seconds that a session may be used whose issuance is not in the lake, such as a console session"

[param.slack]
type    = "integer"
default = 300
about   = "seconds above the ceiling that clocks and long requests explain"

[param.most]
type    = "integer"
default = 100
about   = "how many rows are shown"

[column.role]
about = "The name of the role, or the ARN of the user or root that the session is of."

[column.account]
about = "The account in which it acts."

[column.granted_hours]
about = "How long it was granted; NULL if no issuance is in the lake."

[column.used_hours]
about = "From its issuance to its last call; NULL if it was not used, or nothing tells whether it was."

[column.ceiling_hours]
about = "How long it may be: as `rolecall.toml` says for the role, or else for sessions of its kind."

[column.above]
about = "How many sessions of the same person and role were longer than their ceiling."

[column.sessions]
about = "How many sessions of the same person and role there were."
+++

One row for each role, person or workload at the start of the lineage, and API that issued the sessions: it
tells the longest of these sessions, and counts how many were longer than their ceiling. What is furthest
above its ceiling comes first, so that the list may be read until nothing is above.

The lifetime that counts is the longer one of what was granted and what was used. Granted is what the
response said, not what was asked for. A console session has no issuance that names its end, and is measured
by its use alone. A session whose siblings were used, with nothing to tell them apart, is measured by its
grant alone.

Ceilings stand in `rolecall.toml`; of several patterns that fit a role the longest counts. A role without one
has the ceiling of its kind, which the parameters turn. A role far above its ceiling every night needs an
entry with an owner; one that nobody can explain needs a shorter maximum session duration.
*/
WITH lived AS (
    SELECT
        session.session_id,
        session.principal,
        session.session_name,
        session.account_id,
        session.root_principal,
        session.root_kind,
        coalesce(session.issued_by, '') AS issuer,
        session.created_at,
        session.granted_seconds,
        CASE
            WHEN coalesce(session.use_link, 'key') <> 'ambiguous'
                THEN date_part('epoch', session.last_used_at) - date_part('epoch', session.created_at)
        END AS used_seconds,
        CASE
            WHEN session.issued_by IS NULL THEN $unissued_ceiling
            WHEN session.issued_by IN ('GetSessionToken', 'GetFederationToken') THEN $token_ceiling
            WHEN session.depth = 0 AND session.root_kind IN ('saml', 'identity center') THEN $federated_ceiling
            WHEN session.depth = 0 AND session.root_kind = 'service' THEN $service_ceiling
            ELSE $role_ceiling
        END AS ceiling_of_kind
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
),
measured AS (
    SELECT
        lived.*,
        CASE
            WHEN lived.used_seconds > coalesce(lived.granted_seconds, 0) THEN lived.used_seconds
            ELSE CAST(coalesce(lived.granted_seconds, 0) AS DOUBLE)
        END AS seconds
    FROM lived
),
role AS (
    SELECT DISTINCT measured.principal
    FROM measured
),
fitting AS (
    SELECT
        role.principal,
        session_ceiling.seconds,
        row_number() OVER (
            PARTITION BY role.principal
            ORDER BY length(session_ceiling.role) DESC, session_ceiling.seconds DESC
        ) AS place
    FROM role
    JOIN session_ceiling
      ON glob(role.principal, session_ceiling.role)
),
told AS (
    SELECT
        fitting.principal,
        fitting.seconds
    FROM fitting
    WHERE fitting.place = 1
),
ranked AS (
    SELECT
        measured.principal,
        measured.root_principal,
        measured.issuer,
        max(told.seconds) AS told_ceiling,
        count(*) AS sessions,
        sum(CASE
            WHEN measured.seconds - CAST(coalesce(told.seconds, measured.ceiling_of_kind) AS DOUBLE)
                > CAST($slack AS DOUBLE) THEN 1
            ELSE 0
        END) AS above,
        max(measured.seconds - CAST(coalesce(told.seconds, measured.ceiling_of_kind) AS DOUBLE)) AS excess,
        max(measured.created_at) AS last_at
    FROM measured
    LEFT JOIN told ON told.principal = measured.principal
    GROUP BY measured.principal, measured.root_principal, measured.issuer
    ORDER BY excess DESC, last_at DESC, measured.principal, measured.root_principal, measured.issuer
    LIMIT $most
),
longest AS (
    SELECT
        measured.*,
        coalesce(ranked.told_ceiling, measured.ceiling_of_kind) AS ceiling_seconds,
        ranked.above,
        ranked.sessions,
        ranked.excess,
        ranked.last_at,
        row_number() OVER (
            PARTITION BY ranked.principal, ranked.root_principal, ranked.issuer
            ORDER BY measured.created_at DESC, measured.session_id
        ) AS place
    FROM ranked
    JOIN measured
      ON measured.principal = ranked.principal
     AND measured.root_principal = ranked.root_principal
     AND measured.issuer = ranked.issuer
    WHERE measured.seconds - CAST(coalesce(ranked.told_ceiling, measured.ceiling_of_kind) AS DOUBLE) = ranked.excess
)
SELECT
    coalesce(role_name(longest.principal), longest.principal) AS role,
    coalesce(own_account.name || ' (' || longest.account_id || ')', longest.account_id) AS account,
    longest.session_name,
    longest.root_principal,
    longest.root_kind,
    nullif(longest.issuer, '') AS issued_by,
    longest.created_at,
    round(CAST(longest.granted_seconds AS DOUBLE) / 3600, 2) AS granted_hours,
    round(longest.used_seconds / 3600, 2) AS used_hours,
    round(CAST(longest.ceiling_seconds AS DOUBLE) / 3600, 2) AS ceiling_hours,
    longest.above,
    longest.sessions
FROM longest
LEFT JOIN own_account
  ON own_account.account_id = longest.account_id
WHERE longest.place = 1
ORDER BY
    longest.excess DESC,
    longest.last_at DESC,
    longest.principal,
    longest.root_principal,
    longest.issuer
