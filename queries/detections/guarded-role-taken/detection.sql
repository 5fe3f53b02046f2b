/*
+++
title       = "A guarded role is taken by somebody who is not on its list"
severity    = "high"
confidence  = "high"
family      = "cross-account chain"
covers      = ["XA-4"]
subsumes    = ["P02", "P26"]
attack      = ["T1078.004", "T1550.001"]
fingerprint = ["subject", "caller", "why"]
references  = [
    "https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/break-glass-access.html",
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html",
]

[param.reach]
type    = "interval"
default = "2 days"
about   = "how old a session may be that is first seen in use: none lives for more than 36 hours"

[column.why]
about = "What was done: taken, in use (nobody saw who took it), or tried."

[column.guard]
about = "What rolecall.toml says the role is: sensitive, break-glass or decoy."

[column.caller]
about = "Who took it or tried, as far as the trail shows."

[column.from_outside]
about = "Whether the caller's account is no account of the organisation."
+++

A role that rolecall.toml lists as sensitive, for emergencies or a decoy was taken by a caller that its list
does not name, or it is in use and nobody saw who took it, which is low where somebody may. A decoy that was
merely tried counts too.

## Why it matters

These are the roles an intruder looks for. Few may use them, and those few are written down: everybody
else is a mistake or an attack. Nobody has a reason to touch a decoy, and whoever is refused there has
read a list of roles and is trying them.

## When it is harmless

A list that is behind: a new colleague, a renamed pipeline, a new region in the path of a permission set.
Add them to `allowed_callers`. An auditor who takes inventory by trying every role touches decoys.

## What it cannot see

Roles that are not listed: without `[[role]]` in rolecall.toml it sees nothing. Those on the list who do
what they should not. Callers of accounts whose logs are not collected have no name, only an account and a
unique id, which is what the list must then hold. An attempt from another organisation that was refused is
recorded with the caller alone.
*/
WITH seen AS (
    SELECT
        session.session_id,
        session.principal AS role,
        session.caller_principal,
        session.caller_type,
        session.caller_account_id,
        session.root_principal,
        session.path,
        session.account_id,
        session.account_path,
        session.networks,
        session.issue_source_ip,
        session.issue_event_ids,
        session.issued_by,
        session.session_name,
        CASE WHEN session.issued_by IS NULL THEN 'in use' ELSE 'taken' END AS why,
        CASE WHEN session.issued_by IS NULL THEN session.first_used_at ELSE session.created_at END AS seen_at
    FROM session
    WHERE session.created_at >= $from - $reach -- prunes
      AND session.created_at < $until -- prunes
    UNION ALL
    SELECT
        event.event_id AS session_id,
        event.role_arn AS role,
        event.principal AS caller_principal,
        event.user_identity_type AS caller_type,
        event.user_identity_account_id AS caller_account_id,
        event.principal AS root_principal,
        event.principal || ' > ' || event.role_arn AS path,
        account_of_arn(event.role_arn) AS account_id,
        CASE
            WHEN event.user_identity_account_id = account_of_arn(event.role_arn) THEN event.user_identity_account_id
            ELSE event.user_identity_account_id || ' > ' || account_of_arn(event.role_arn)
        END AS account_path,
        network_of(event.source_ip_address) AS networks,
        event.source_ip_address AS issue_source_ip,
        event.event_id AS issue_event_ids,
        event.event_name AS issued_by,
        event.role_session_name AS session_name,
        'tried' AS why,
        event.event_time AS seen_at
    FROM event
    WHERE event.event_time >= $from -- prunes
      AND event.event_time < $until -- prunes
      AND event.event_source = 'sts.amazonaws.com'
      AND NOT event.succeeded
),
listed AS (
    SELECT
        seen.session_id,
        max(special_role.kind) AS most_kind,
        max(CASE WHEN special_role.kind = 'decoy' THEN 1 ELSE 0 END) AS decoy,
        max(CASE WHEN special_role.allowed_caller IS NULL THEN 0 ELSE 1 END) AS has_callers,
        max(
            CASE
                WHEN glob(seen.caller_principal, special_role.allowed_caller) THEN 1
                WHEN glob(seen.root_principal, special_role.allowed_caller) AND seen.why <> 'in use' THEN 1
                ELSE 0
            END
        ) AS allowed
    FROM seen
    JOIN special_role
      ON glob(seen.role, special_role.role)
    WHERE seen.seen_at >= $from
      AND seen.seen_at < $until
    GROUP BY seen.session_id
),
stranger AS (
    SELECT
        seen.*,
        coalesce(seen.caller_principal, 'unknown') AS caller,
        CASE WHEN listed.decoy = 1 THEN 'decoy' ELSE listed.most_kind END AS guard,
        listed.has_callers,
        CASE
            WHEN seen.caller_type = 'AWSAccount' AND organization_account.account_id IS NULL THEN 1
            ELSE 0
        END AS outside
    FROM seen
    JOIN listed
      ON listed.session_id = seen.session_id
    LEFT JOIN organization_account
      ON organization_account.account_id = seen.caller_account_id
    WHERE listed.allowed = 0
      AND (seen.why <> 'tried' OR listed.decoy = 1)
      AND NOT EXISTS (
        SELECT 1
        FROM trusted_edge
        WHERE glob(seen.caller_principal, trusted_edge.from_principal)
          AND glob(seen.role, trusted_edge.to_principal)
    )
),
ranked AS (
    SELECT
        stranger.*,
        max(stranger.seen_at) OVER (PARTITION BY stranger.role, stranger.caller, stranger.why) AS until_at,
        count(*) OVER (PARTITION BY stranger.role, stranger.caller, stranger.why) AS times,
        row_number() OVER (
            PARTITION BY stranger.role, stranger.caller, stranger.why
            ORDER BY stranger.seen_at, stranger.session_id
        ) AS place
    FROM stranger
)
SELECT
    ranked.role AS subject,
    ranked.seen_at AS first_at,
    ranked.until_at AS last_at,
    CASE
        WHEN ranked.why = 'tried' THEN 'high'
        WHEN ranked.guard = 'decoy' THEN 'critical'
        WHEN ranked.why = 'in use' AND ranked.has_callers = 1 THEN 'low'
        WHEN ranked.why = 'in use' THEN 'medium'
        WHEN ranked.outside = 1 THEN 'critical'
        ELSE 'high'
    END AS severity,
    ranked.root_principal AS root,
    ranked.path,
    replace(ranked.account_path, ' > ', ' ') AS accounts,
    coalesce(ranked.networks, network_of(ranked.issue_source_ip)) AS networks,
    ranked.times AS count,
    ranked.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE principal = ''' || replace(ranked.role, '''', '''''')
        || ''' ORDER BY created_at' AS more,
    ranked.why,
    ranked.guard,
    ranked.caller,
    ranked.caller_type,
    ranked.caller_account_id,
    ranked.account_id,
    ranked.outside = 1 AS from_outside,
    ranked.issued_by,
    ranked.session_name,
    ranked.issue_source_ip
FROM ranked
WHERE ranked.place = 1
ORDER BY ranked.seen_at, ranked.session_id
