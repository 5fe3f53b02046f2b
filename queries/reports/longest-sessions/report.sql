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
        session.issued_by,
        session.depth,
        session.created_at,
        session.granted_seconds,
        CASE
            WHEN coalesce(session.use_link, 'key') <> 'ambiguous'
                THEN date_part('epoch', session.last_used_at) - date_part('epoch', session.created_at)
        END AS used_seconds
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
),
role AS (
    SELECT DISTINCT lived.principal
    FROM lived
),
told AS (
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
measured AS (
    SELECT
        lived.*,
        CASE
            WHEN lived.used_seconds > coalesce(lived.granted_seconds, 0) THEN lived.used_seconds
            ELSE CAST(coalesce(lived.granted_seconds, 0) AS DOUBLE)
        END AS seconds,
        CASE
            WHEN told.seconds IS NOT NULL THEN told.seconds
            WHEN lived.issued_by IS NULL THEN $unissued_ceiling
            WHEN lived.issued_by IN ('GetSessionToken', 'GetFederationToken') THEN $token_ceiling
            WHEN lived.depth = 0 AND lived.root_kind IN ('saml', 'identity center') THEN $federated_ceiling
            WHEN lived.depth = 0 AND lived.root_kind = 'service' THEN $service_ceiling
            ELSE $role_ceiling
        END AS ceiling_seconds
    FROM lived
    LEFT JOIN told
      ON told.principal = lived.principal
     AND told.place = 1
),
compared AS (
    SELECT
        measured.*,
        measured.seconds - CAST(measured.ceiling_seconds AS DOUBLE) AS excess
    FROM measured
),
ranked AS (
    SELECT
        compared.*,
        count(*) OVER (PARTITION BY compared.principal, compared.root_principal, compared.issued_by) AS sessions,
        sum(CASE WHEN compared.excess > CAST($slack AS DOUBLE) THEN 1 ELSE 0 END) OVER (
            PARTITION BY compared.principal, compared.root_principal, compared.issued_by
        ) AS above,
        row_number() OVER (
            PARTITION BY compared.principal, compared.root_principal, compared.issued_by
            ORDER BY compared.excess DESC, compared.created_at DESC, compared.session_id
        ) AS place
    FROM compared
),
listed AS (
    SELECT
        ranked.*,
        row_number() OVER (
            ORDER BY ranked.excess DESC, ranked.created_at DESC, ranked.session_id
        ) AS row_place
    FROM ranked
    WHERE ranked.place = 1
)
SELECT
    coalesce(role_name(listed.principal), listed.principal) AS role,
    coalesce(own_account.name || ' (' || listed.account_id || ')', listed.account_id) AS account,
    listed.session_name,
    listed.root_principal,
    listed.root_kind,
    listed.issued_by,
    listed.created_at,
    round(CAST(listed.granted_seconds AS DOUBLE) / 3600, 2) AS granted_hours,
    round(listed.used_seconds / 3600, 2) AS used_hours,
    round(CAST(listed.ceiling_seconds AS DOUBLE) / 3600, 2) AS ceiling_hours,
    listed.above,
    listed.sessions
FROM listed
LEFT JOIN own_account
  ON own_account.account_id = listed.account_id
WHERE listed.row_place <= $most
ORDER BY listed.row_place
