/*
+++
title       = "A chain of roles goes where it never went before"
severity    = "medium"
confidence  = "medium"
family      = "cross-account chain"
covers      = ["XA-2"]
subsumes    = ["E01", "S01", "K02", "Z06", "Z11"]
attack      = ["T1550.001", "T1078.004"]
fingerprint = ["step", "why"]
baseline    = "14 days"
references  = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html"]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back an account counts as known to a root, and a pair of principals as known"

[param.deep]
type    = "integer"
default = 3
about   = "hops before the last one that make a chain deep: 0 is a plain assumption of a role"

[param.boundaries]
type    = "integer"
default = 2
about   = "account boundaries that make a chain deep as well"

[param.same_door]
type    = "integer"
default = 2
about   = "other accounts in which the caller took a role of this name that make it a platform: a new account is no news then"

[param.wide_reach]
type    = "integer"
default = 5
about   = "accounts a caller enters that make it a platform as well, for accounts that nobody entered before"

[param.sensitive_roles]
type    = "list"
default = ["OrganizationAccountAccessRole", "AWSControlTowerExecution"]
about   = "names of roles that are sensitive in every account, beside those of rolecall.toml"

[column.why]
about = "What is new: new account, new edge, or new root."

[column.step]
about = "The step that is new: root and account, or for an edge the caller and the role."

[column.is_deep]
about = "Whether the chain is deep, by hops or by boundaries; never if its parent is ambiguous."

[column.is_sensitive]
about = "Whether the role is on a list of sensitive roles."

[column.is_platform]
about = "Whether the caller takes such roles all over the organisation."
+++

Somebody used a role to obtain another one, or a user one of the own account, and that step is new. It is
worst if it ends in an account where neither its root nor its caller ever ended before, after many hops or
boundaries. A new step into a known account is low; so is a known step on which only the root is new.

## Why it matters

A leaked credential is worth as much as the roles it can reach. Walking from role to role is how its
new owner finds out, and the first step into an unknown account is the earliest sign that somebody is
walking. The root says who really did it, however many roles lie between.

## When it is harmless

A deployment gains a target account, a team moves, somebody helps out. Each happens once: from then on
the step is known, and chains that are walked each day are quiet however deep. Where the caller took
roles of that name in other accounts, as platforms and scanners do, another account is low, and so are
roles that belong to a service. Services that act for their caller are left out.

## What it cannot see

A chain whose middle was issued in an account whose trail is not collected: it begins at the first link
that can be seen, and its root is called unresolved. Callers from outside the organisation, users who
take roles of other accounts, and guarded roles taken by somebody who is not allowed: these are questions
of their own, and no call is told twice. Roots that are new by nature, such as the subjects of an identity
provider, do not count as new on a known step.
*/
WITH entered AS (
    SELECT
        session.*,
        CASE
            WHEN session.parent_link = 'ambiguous' THEN 0
            WHEN session.depth >= $deep THEN 1
            WHEN session.crossings >= $boundaries THEN 1
            ELSE 0
        END AS deep,
        CASE
            WHEN session.root_kind IN ('long-term key', 'saml', 'identity center', 'console') THEN 1
            ELSE 0
        END AS has_person
    FROM session
    LEFT JOIN organization_account
      ON organization_account.account_id = session.caller_account_id
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.issued_by = 'AssumeRole'
      AND NOT (session.caller_type = 'AWSAccount' AND organization_account.account_id IS NULL)
      AND (
          session.caller_type = 'AssumedRole'
          OR session.caller_principal_id LIKE 'AROA%'
          OR session.caller_account_id = session.account_id
      )
      AND coalesce(session.caller_invoked_by, '') NOT LIKE '%.amazonaws.com'
),
guarded AS (
    SELECT
        entered.session_id,
        max(
            CASE
                WHEN glob(entered.caller_principal, special_role.allowed_caller) THEN 1
                WHEN glob(entered.root_principal, special_role.allowed_caller) THEN 1
                ELSE 0
            END
        ) AS allowed
    FROM entered
    JOIN special_role
      ON glob(entered.principal, special_role.role)
    GROUP BY entered.session_id
),
past AS (
    SELECT
        edge.root_principal,
        edge.from_principal,
        edge.to_principal,
        edge.to_account_id
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
known_edge AS (
    SELECT DISTINCT
        past.from_principal,
        past.to_principal
    FROM past
),
known_to_root AS (
    SELECT DISTINCT
        past.root_principal,
        past.to_account_id
    FROM past
),
known_to_caller AS (
    SELECT DISTINCT
        past.from_principal,
        past.to_account_id
    FROM past
),
known_account AS (
    SELECT DISTINCT past.to_account_id
    FROM past
),
door AS (
    SELECT
        past.from_principal,
        role_name(past.to_principal) AS name,
        count(DISTINCT past.to_account_id) AS accounts
    FROM past
    GROUP BY past.from_principal, role_name(past.to_principal)
),
reach AS (
    SELECT
        known_to_caller.from_principal,
        count(*) AS accounts
    FROM known_to_caller
    GROUP BY known_to_caller.from_principal
),
weighed AS (
    SELECT
        entered.*,
        CASE
            WHEN guarded.session_id IS NOT NULL THEN 1
            WHEN role_name(entered.principal) = ANY($sensitive_roles) THEN 1
            ELSE 0
        END AS sensitive,
        CASE
            WHEN door.accounts >= $same_door THEN 1
            WHEN reach.accounts >= $wide_reach AND known_account.to_account_id IS NULL THEN 1
            WHEN entered.caller_principal LIKE '%:role/aws-service-role/%' THEN 1
            ELSE 0
        END AS platform,
        CASE
            WHEN known_edge.to_principal IS NOT NULL AND entered.crossings = 0 THEN NULL
            WHEN known_edge.to_principal IS NOT NULL AND known_to_root.to_account_id IS NOT NULL THEN NULL
            WHEN known_edge.to_principal IS NOT NULL AND entered.has_person = 1 THEN 'new root'
            WHEN known_edge.to_principal IS NOT NULL THEN NULL
            WHEN entered.crossings = 0 THEN 'new edge'
            WHEN known_to_root.to_account_id IS NOT NULL THEN 'new edge'
            WHEN known_to_caller.to_account_id IS NOT NULL THEN 'new edge'
            ELSE 'new account'
        END AS why
    FROM entered
    LEFT JOIN guarded
      ON guarded.session_id = entered.session_id
    LEFT JOIN known_edge
      ON known_edge.from_principal = entered.caller_principal
     AND known_edge.to_principal = entered.principal
    LEFT JOIN known_to_root
      ON known_to_root.root_principal = entered.root_principal
     AND known_to_root.to_account_id = entered.account_id
     AND entered.root_kind <> 'service'
    LEFT JOIN known_to_caller
      ON known_to_caller.from_principal = entered.caller_principal
     AND known_to_caller.to_account_id = entered.account_id
    LEFT JOIN known_account
      ON known_account.to_account_id = entered.account_id
    LEFT JOIN door
      ON door.from_principal = entered.caller_principal
     AND door.name = role_name(entered.principal)
    LEFT JOIN reach
      ON reach.from_principal = entered.caller_principal
    WHERE coalesce(guarded.allowed, 1) = 1
      AND NOT EXISTS (
        SELECT 1
        FROM trusted_edge
        WHERE glob(entered.caller_principal, trusted_edge.from_principal)
          AND glob(entered.principal, trusted_edge.to_principal)
    )
),
judged AS (
    SELECT
        weighed.*,
        CASE
            WHEN weighed.why = 'new edge' THEN weighed.caller_principal || ' > ' || weighed.principal
            ELSE weighed.root_principal || ' > ' || weighed.account_id
        END AS step,
        CASE
            WHEN weighed.why = 'new root' THEN 1
            WHEN weighed.platform = 1 THEN 1
            WHEN weighed.why = 'new edge' AND weighed.deep + weighed.sensitive > 0 THEN 2
            WHEN weighed.why = 'new edge' THEN 1
            ELSE 2 + weighed.deep + weighed.sensitive
        END AS level
    FROM weighed
    WHERE weighed.why IS NOT NULL
),
ranked AS (
    SELECT
        judged.*,
        min(judged.created_at) OVER (PARTITION BY judged.step, judged.why) AS from_at,
        max(judged.created_at) OVER (PARTITION BY judged.step, judged.why) AS until_at,
        count(*) OVER (PARTITION BY judged.step, judged.why) AS sessions,
        row_number() OVER (
            PARTITION BY judged.step, judged.why
            ORDER BY judged.level DESC, judged.created_at, judged.session_id
        ) AS place
    FROM judged
)
SELECT
    ranked.principal AS subject,
    ranked.from_at AS first_at,
    ranked.until_at AS last_at,
    CASE
        WHEN ranked.level = 1 THEN 'low'
        WHEN ranked.level = 2 THEN 'medium'
        WHEN ranked.level = 3 THEN 'high'
        ELSE 'critical'
    END AS severity,
    ranked.root_principal AS root,
    ranked.path,
    replace(ranked.account_path, ' > ', ' ') AS accounts,
    coalesce(ranked.networks, network_of(ranked.issue_source_ip)) AS networks,
    ranked.sessions AS count,
    ranked.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE root_principal = ''' || replace(ranked.root_principal, '''', '''''')
        || ''' AND account_id = ''' || replace(ranked.account_id, '''', '''''') || ''' ORDER BY created_at' AS more,
    ranked.why,
    ranked.step,
    ranked.account_id,
    ranked.root_kind,
    ranked.depth,
    ranked.crossings,
    ranked.deep = 1 AS is_deep,
    ranked.sensitive = 1 AS is_sensitive,
    ranked.platform = 1 AS is_platform,
    ranked.parent_link,
    ranked.caller_principal,
    ranked.issue_source_ip,
    ranked.issue_place,
    ranked.external_id,
    ranked.calls,
    ranked.changed_services
FROM ranked
WHERE ranked.place = 1
ORDER BY ranked.from_at, ranked.step
