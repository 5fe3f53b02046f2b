/*
+++
title       = "An account takes a role of another account that it never took before"
severity    = "medium"
confidence  = "medium"
family      = "cross-account chain"
covers      = ["XA-1"]
subsumes    = ["E02", "K01", "P09", "Z06"]
attack      = ["T1078.004", "T1199", "T1550.001"]
fingerprint = ["caller_account_id", "subject", "why", "newcomer"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
]

[param.history]
type    = "interval"
default = "90 days"
about   = "how far back an account counts as one that takes a role"

[param.same_door]
type    = "integer"
default = 2
about   = "other accounts in which the caller's account took a role of this name that make it a platform: a new account is no news then"

[param.sensitive_roles]
type    = "list"
default = ["OrganizationAccountAccessRole", "AWSControlTowerExecution"]
about   = "names of roles that are sensitive in every account, beside those of rolecall.toml"

[column.why]
about = "What is new or wrong: new account, no external id, or new caller."

[column.newcomer]
about = "The caller, if only the caller is new and not its account."

[column.from_outside]
about = "Whether the caller's account is no account of the organisation."

[column.is_partner]
about = "Whether it is a partner of rolecall.toml; then it did not give an external id that is expected."

[column.is_sensitive]
about = "Whether the role is on a list of sensitive roles."
+++

A user, or anybody of an account outside the organisation, took a role in another account, and that pair
of account and role is new. A caller from outside who is no partner raises the severity, and so does a
sensitive role. An outsider who gives no external id, or a partner who does not give the one expected, is
told even if it is old. A new user of a known account is low.

## Why it matters

A role that another account may take is a door in the outer wall. Intruders who can change trust open one
to an account of theirs and come back through it when their first key is gone. A vendor who needs no
external id can be talked into entering on somebody else's behalf.

## When it is harmless

A vendor is taken on: list it as `[[partner]]` with its external ids, and it stays quiet while it gives
them. A platform enters every account by a role of one name; where it did so in `same_door` other accounts,
the next one is low. `[[trusted_edge]]` keeps pairs quiet that are known before they are used.

## What it cannot see

Roles that take roles inside the organisation are a chain, and roles that rolecall.toml guards are told to
those who are not allowed; both are questions of their own, and no call is told twice. Callers from outside
are accounts and unique ids: their names stay in logs of their own. An account of the organisation that is
not listed and delivers no logs looks like an outsider. Resources that are shared without a role.
*/
WITH entered AS (
    SELECT
        session.*,
        CASE
            WHEN session.caller_type = 'AWSAccount' AND organization_account.account_id IS NULL THEN 1
            ELSE 0
        END AS outside
    FROM session
    LEFT JOIN organization_account
      ON organization_account.account_id = session.caller_account_id
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.issued_by = 'AssumeRole'
      AND session.caller_account_id <> session.account_id
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
        edge.from_principal,
        edge.from_account_id,
        edge.to_principal,
        edge.to_account_id
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
pair AS (
    SELECT DISTINCT
        past.from_account_id,
        past.to_principal
    FROM past
),
caller AS (
    SELECT DISTINCT
        past.from_principal,
        past.to_principal
    FROM past
),
door AS (
    SELECT
        past.from_account_id,
        role_name(past.to_principal) AS name,
        count(DISTINCT past.to_account_id) AS accounts
    FROM past
    GROUP BY past.from_account_id, role_name(past.to_principal)
),
known_partner AS (
    SELECT DISTINCT partner.account_id
    FROM partner
),
told AS (
    SELECT count(*) AS accounts
    FROM own_account
),
weighed AS (
    SELECT
        entered.*,
        CASE WHEN known_partner.account_id IS NULL THEN 0 ELSE 1 END AS partner,
        CASE
            WHEN guarded.session_id IS NOT NULL THEN 1
            WHEN role_name(entered.principal) = ANY($sensitive_roles) THEN 1
            ELSE 0
        END AS sensitive,
        CASE WHEN door.accounts >= $same_door THEN 1 ELSE 0 END AS platform,
        CASE WHEN told.accounts > 0 THEN 1 ELSE 0 END AS listed,
        CASE
            WHEN pair.to_principal IS NULL THEN 'new account'
            WHEN entered.outside = 1 AND entered.external_id IS NULL THEN 'no external id'
            WHEN known_partner.account_id IS NOT NULL THEN 'no external id'
            WHEN caller.to_principal IS NULL THEN 'new caller'
        END AS why
    FROM entered
    CROSS JOIN told
    LEFT JOIN guarded
      ON guarded.session_id = entered.session_id
    LEFT JOIN pair
      ON pair.from_account_id = entered.caller_account_id
     AND pair.to_principal = entered.principal
    LEFT JOIN caller
      ON caller.from_principal = entered.caller_principal
     AND caller.to_principal = entered.principal
    LEFT JOIN door
      ON door.from_account_id = entered.caller_account_id
     AND door.name = role_name(entered.principal)
    LEFT JOIN known_partner
      ON known_partner.account_id = entered.caller_account_id
    WHERE (
        entered.outside = 1
        OR NOT (entered.caller_type = 'AssumedRole' OR coalesce(entered.caller_principal_id, '') LIKE 'AROA%')
    )
      AND coalesce(guarded.allowed, 1) = 1
      AND NOT EXISTS (
        SELECT 1
        FROM partner AS expected
        WHERE expected.account_id = entered.caller_account_id
          AND (expected.external_id IS NULL OR expected.external_id = entered.external_id)
    )
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
        CASE WHEN weighed.why = 'new caller' THEN weighed.caller_principal END AS newcomer,
        CASE
            WHEN weighed.why = 'new caller' THEN 1
            WHEN weighed.why = 'no external id' AND weighed.listed = 0 AND weighed.partner = 0 THEN 1
            WHEN weighed.why = 'no external id' THEN 2
            WHEN weighed.platform = 1 THEN 1
            WHEN weighed.partner = 1 THEN 2 + weighed.sensitive
            ELSE 2 + weighed.outside + weighed.sensitive
        END AS level
    FROM weighed
    WHERE weighed.why IS NOT NULL
),
ranked AS (
    SELECT
        judged.*,
        min(judged.created_at) OVER (
            PARTITION BY judged.caller_account_id, judged.principal, judged.why, judged.newcomer
        ) AS from_at,
        max(judged.created_at) OVER (
            PARTITION BY judged.caller_account_id, judged.principal, judged.why, judged.newcomer
        ) AS until_at,
        count(*) OVER (
            PARTITION BY judged.caller_account_id, judged.principal, judged.why, judged.newcomer
        ) AS sessions,
        row_number() OVER (
            PARTITION BY judged.caller_account_id, judged.principal, judged.why, judged.newcomer
            ORDER BY judged.created_at, judged.session_id
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
    ranked.caller_account_id || ' ' || ranked.account_id AS accounts,
    network_of(ranked.issue_source_ip) AS networks,
    ranked.sessions AS count,
    ranked.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE principal = ''' || replace(ranked.principal, '''', '''''')
        || ''' AND caller_account_id = ''' || replace(ranked.caller_account_id, '''', '''''')
        || ''' ORDER BY created_at' AS more,
    ranked.why,
    ranked.newcomer,
    ranked.caller_principal,
    ranked.caller_account_id,
    ranked.account_id,
    ranked.external_id,
    ranked.outside = 1 AS from_outside,
    ranked.partner = 1 AS is_partner,
    ranked.sensitive = 1 AS is_sensitive,
    ranked.session_name,
    ranked.issue_source_ip,
    ranked.issue_place,
    ranked.calls,
    ranked.changed_services
FROM ranked
WHERE ranked.place = 1
ORDER BY ranked.from_at, ranked.principal, ranked.caller_account_id
