/*
+++
title = "What grew from this credential?"
topic = "temporary access"

[param.credential]
type    = "text"
default = ""
about   = "a key id, or the ARN, name or id of a session, user or role, or the subject that a provider vouched for"

[param.most_steps]
type    = "integer"
default = 100
about   = "how many steps are followed"

[column.step]
about = "How many steps from what was asked for: 0 is that itself."

[column.link]
about = "`certain`, or `possible` if a step on the way is ambiguous: a sibling may have taken it."

[column.credential]
about = "The key: the long-term one, the one that was handed out, or else those that were seen."
+++

Everything that can have begun with one credential, step by step: the sessions that it opened, the long-term
keys that it or one of its sessions created, and the sessions that these opened. Ask with
`--set credential=…`: a key id for a leaked key, the ARN of a user, role or session, a session's name, or the
person behind an identity provider.

Read it by step. All that is `certain` has to be ended: sessions by the permissions of their role or user,
long-term keys (`CreateAccessKey`) by deleting them. Switching off the first key ends none of it. What is
`possible` was opened by one of several sessions with the same name and second, and one of them is in the
line. `account_path` shows where each ended; `networks` and `calls` show which of them worked, and from
where.

Sessions that began in an account whose trail is not collected are missing, and all that grew from them;
so is what was planted otherwise: a login profile, an open door, a function. Ask about the whole time since
the credential can have leaked: steps outside the span are not followed.
*/
-- An empty text names nobody, and nothing grows from it.
WITH RECURSIVE step_session AS (
    SELECT
        nullif(session.session_id, '') AS session_id,
        nullif(session.principal, '') AS principal,
        nullif(session.principal_id, '') AS principal_id,
        session.session_arn,
        session.session_name,
        session.subject,
        session.source_identity,
        session.issued_by,
        session.issued_key,
        session.keys_seen,
        session.created_at,
        session.last_used_at,
        session.calls,
        session.networks,
        session.account_path,
        session.caller_principal,
        session.caller_arn,
        nullif(session.parent_session_id, '') AS parent_session_id,
        nullif(session.parent_candidates, '') AS parent_candidates,
        nullif(session.parent_link, '') AS parent_link,
        nullif(session.root_credential, '') AS root_credential,
        nullif(session.root_principal, '') AS root_principal,
        session.depth,
        nullif(session.siblings, '') AS siblings
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
),
created AS (
    SELECT
        nullif(event.issued_access_key_id, '') AS issued_access_key_id,
        coalesce(event.target_user_name, event.principal) AS owner,
        event.event_time,
        event.recipient_account_id,
        nullif(event.user_identity_access_key_id, '') AS user_identity_access_key_id,
        event.user_identity_principal_id,
        event.session_created_at
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.event_name = 'CreateAccessKey'
      AND event.issued_access_key_id IS NOT NULL
      AND event.date >= CAST($from AS DATE) -- prunes
),
-- What the lake knows of each long-term key: its use, its creation, and what it opened.
key_fact AS (
    SELECT
        nullif(footprint.access_key_id, '') AS credential,
        nullif(footprint.principal, '') AS principal,
        CAST(NULL AS VARCHAR) AS owner,
        CAST(NULL AS VARCHAR) AS issued_by,
        footprint.account_id,
        footprint.first_at AS created_at,
        footprint.last_at AS last_used_at,
        footprint.calls,
        footprint.network
    FROM footprint
    WHERE footprint.access_key_id IS NOT NULL
      AND footprint.last_at >= $from
      AND footprint.first_at < $until
      AND footprint.date >= CAST($from AS DATE) -- prunes
    UNION ALL
    SELECT
        created.issued_access_key_id AS credential,
        CAST(NULL AS VARCHAR) AS principal,
        created.owner,
        'CreateAccessKey' AS issued_by,
        created.recipient_account_id AS account_id,
        created.event_time AS created_at,
        CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS last_used_at,
        CAST(0 AS BIGINT) AS calls,
        CAST(NULL AS VARCHAR) AS network
    FROM created
    UNION ALL
    SELECT
        step_session.root_credential AS credential,
        step_session.root_principal AS principal,
        CAST(NULL AS VARCHAR) AS owner,
        CAST(NULL AS VARCHAR) AS issued_by,
        CAST(NULL AS VARCHAR) AS account_id,
        step_session.created_at,
        step_session.created_at AS last_used_at,
        CAST(0 AS BIGINT) AS calls,
        CAST(NULL AS VARCHAR) AS network
    FROM step_session
    WHERE step_session.root_credential IS NOT NULL
),
long_term AS (
    SELECT
        key_fact.credential,
        coalesce(max(key_fact.principal), max(key_fact.owner)) AS principal,
        max(key_fact.issued_by) AS issued_by,
        max(key_fact.account_id) AS account_id,
        min(key_fact.created_at) AS created_at,
        max(key_fact.last_used_at) AS last_used_at,
        sum(key_fact.calls) AS calls,
        string_agg(DISTINCT key_fact.network, ' ' ORDER BY key_fact.network) AS networks
    FROM key_fact
    GROUP BY key_fact.credential
),
digit AS (
    SELECT digit.place
    FROM (VALUES
        (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16),
        (17), (18), (19), (20), (21), (22), (23), (24), (25), (26), (27), (28), (29), (30), (31), (32)
    ) AS digit (place)
),
-- From node to node: sessions are named by their id, long-term keys by themselves.
step_link AS (
    SELECT
        CASE WHEN step_session.depth = 0 THEN step_session.root_credential ELSE step_session.parent_session_id END
            AS parent,
        step_session.session_id AS child,
        step_session.principal,
        'certain' AS link
    FROM step_session
    UNION ALL
    SELECT
        split_part(step_session.parent_candidates, ' ', digit.place),
        step_session.session_id,
        step_session.principal,
        'possible'
    FROM step_session
    CROSS JOIN digit
    WHERE step_session.parent_link = 'ambiguous'
      AND split_part(step_session.parent_candidates, ' ', digit.place) <> '' -- prunes
    UNION ALL
    SELECT
        created.user_identity_access_key_id,
        created.issued_access_key_id,
        created.owner,
        'certain'
    FROM created
    WHERE created.session_created_at IS NULL
    UNION ALL
    SELECT
        step_session.session_id,
        created.issued_access_key_id,
        created.owner,
        CASE WHEN step_session.siblings IS NULL THEN 'certain' ELSE 'possible' END
    FROM created
    JOIN step_session
      ON step_session.principal_id = created.user_identity_principal_id
     AND step_session.created_at = created.session_created_at
),
seed AS (
    SELECT
        long_term.credential AS node,
        CAST(0 AS BIGINT) AS step,
        long_term.principal AS path
    FROM long_term
    WHERE $credential IN (long_term.credential, long_term.principal)
    UNION ALL
    SELECT
        step_session.session_id,
        CAST(0 AS BIGINT),
        step_session.principal
    FROM step_session
    WHERE $credential IN (
              step_session.session_id,
              step_session.principal,
              step_session.principal_id,
              step_session.session_arn,
              step_session.session_name,
              step_session.subject,
              step_session.source_identity,
              step_session.issued_key
          )
       OR strpos(' ' || step_session.keys_seen || ' ', ' ' || $credential || ' ') > 0
    UNION ALL
    SELECT
        step_session.session_id,
        CAST(1 AS BIGINT),
        $credential || ' > ' || step_session.principal
    FROM step_session
    WHERE $credential IN (step_session.caller_principal, step_session.caller_arn)
      AND step_session.parent_link IS NULL
),
grown AS (
    SELECT
        seed.node,
        seed.step,
        'certain' AS link,
        seed.path
    FROM seed
    UNION ALL
    SELECT DISTINCT
        step_link.child,
        grown.step + 1,
        CASE WHEN grown.link = 'possible' THEN 'possible' ELSE step_link.link END,
        grown.path || ' > ' || step_link.principal
    FROM grown
    JOIN step_link ON step_link.parent = grown.node
    WHERE grown.step < $most_steps
),
nearest AS (
    SELECT
        grown.*,
        row_number() OVER (PARTITION BY grown.node ORDER BY grown.link, grown.step, grown.path) AS place
    FROM grown
)
SELECT
    nearest.step,
    nearest.link,
    coalesce(step_session.issued_key, step_session.keys_seen, long_term.credential) AS credential,
    coalesce(step_session.principal, long_term.principal) AS principal,
    step_session.session_name,
    coalesce(step_session.issued_by, long_term.issued_by) AS issued_by,
    coalesce(step_session.created_at, long_term.created_at) AS created_at,
    coalesce(step_session.last_used_at, long_term.last_used_at) AS last_used_at,
    coalesce(step_session.calls, long_term.calls) AS calls,
    coalesce(step_session.networks, long_term.networks) AS networks,
    coalesce(step_session.account_path, long_term.account_id) AS account_path,
    nearest.path
FROM nearest
LEFT JOIN step_session ON step_session.session_id = nearest.node
LEFT JOIN long_term ON long_term.credential = nearest.node
WHERE nearest.place = 1
ORDER BY nearest.step, created_at, nearest.path, nearest.node
