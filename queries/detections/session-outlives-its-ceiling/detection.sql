/*
+++
title       = "A session is longer than its kind should be"
severity    = "medium"
confidence  = "medium"
family      = "long session"
covers      = ["LS-1", "LS-2"]
attack      = ["T1078.004", "T1550.001"]
fingerprint = ["session_id", "why"]
baseline    = "3 days"
references  = [
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html",
]

[param.role_ceiling]
type    = "integer"
default = 14400
about   = "seconds that a session from AssumeRole or AssumeRoleWithWebIdentity may be granted"

[param.federated_ceiling]
type    = "integer"
default = 43200
about   = "seconds that a person's first session from SAML or Identity Center may be granted"

[param.service_ceiling]
type    = "integer"
default = 43200
about   = "seconds that a session an AWS service takes for a workload may be granted"

[param.token_ceiling]
type    = "integer"
default = 43200
about   = "seconds that GetSessionToken and GetFederationToken may grant: their default"

[param.unissued_ceiling]
type    = "interval"
default = "12 hours"
about   = "how long a session may be used whose issuance, and so its end, is not in the lake"

[param.grace]
type    = "interval"
default = "5 minutes"
about   = "use after the end that clocks and long requests explain"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back sessions count as usual"

[param.usual_after]
type    = "integer"
default = 3
about   = "earlier sessions of the same length, by the same caller into the same principal, that make one usual"

[column.why]
about = "What is long: granted too long, or used after its end."

[column.ceiling_seconds]
about = "The ceiling that applied, in seconds."
+++

A temporary credential was granted for longer than sessions of its kind should live, or it was used
after it should have ended. Three times the ceiling, which is what STS grants at most, is severe.

## Why it matters

A credential that lives long is worth stealing. It outlives the working day of its owner, the
deactivation of the key it came from, and the patience of whoever watches. An intruder who can ask
once asks for the maximum: 12 hours for a role, 36 hours for a user. Use after the end is impossible
with an honest clock, and means that a log or a link is wrong.

## When it is harmless

A nightly job that needs its hours asks for them each night: after `usual_after` sessions of that
length, by the same caller into the same role, it is usual. Identity Center asks for 12 hours each
time, and EC2, Lambda, ECS and EKS are granted 2 to 7 hours without asking; their ceilings are higher.

## What it cannot see

A chain that renews one-hour sessions before they end, which is a question of its own. A console
session that outlives the credentials it began with, unless it is used. A role whose ceiling should be
lower than that of its kind.
*/
WITH judged AS (
    SELECT
        session.*,
        CASE
            WHEN session.issued_by IN ('GetSessionToken', 'GetFederationToken') THEN $token_ceiling
            WHEN session.depth = 0 AND session.root_kind IN ('saml', 'identity center') THEN $federated_ceiling
            WHEN session.depth = 0 AND session.root_kind = 'service' THEN $service_ceiling
            ELSE $role_ceiling
        END AS ceiling_seconds
    FROM session
    WHERE session.created_at < $until
      AND session.created_at >= $from - $history -- prunes
),
granted AS (
    SELECT judged.*
    FROM judged
    WHERE judged.created_at >= $from
      AND judged.granted_seconds > judged.ceiling_seconds
),
usual AS (
    SELECT
        granted.session_id,
        count(*) AS times
    FROM granted
    JOIN judged AS past
      ON past.principal = granted.principal
     AND past.caller_principal = granted.caller_principal
     AND past.created_at < $from
     AND past.granted_seconds >= granted.granted_seconds - 60
    GROUP BY granted.session_id
),
found AS (
    SELECT
        granted.*,
        'granted too long' AS why,
        granted.created_at AS seen_at
    FROM granted
    LEFT JOIN usual ON usual.session_id = granted.session_id
    WHERE coalesce(usual.times, 0) < $usual_after
    UNION ALL
    SELECT
        judged.*,
        'used after its end' AS why,
        judged.last_used_at AS seen_at
    FROM judged
    WHERE judged.last_used_at >= $from
      AND judged.last_used_at < $until
      AND judged.last_used_at > coalesce(judged.expires_at, judged.created_at + $unissued_ceiling) + $grace
      AND coalesce(judged.use_link, 'key') <> 'ambiguous'
)
SELECT
    coalesce(found.session_arn, found.principal) AS subject,
    found.seen_at AS first_at,
    coalesce(found.last_used_at, found.created_at) AS last_at,
    CASE
        WHEN found.why = 'used after its end' THEN 'medium'
        WHEN found.granted_seconds >= 3 * found.ceiling_seconds - 60 THEN 'high'
        ELSE 'medium'
    END AS severity,
    found.root_principal AS root,
    found.path,
    replace(found.account_path, ' > ', ' ') AS accounts,
    found.networks,
    found.calls AS count,
    found.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE session_id = ''' || found.session_id || '''' AS more,
    found.why,
    found.session_id,
    found.issued_by,
    found.requested_seconds,
    found.granted_seconds,
    found.ceiling_seconds,
    found.expires_at,
    found.issue_source_ip
FROM found
ORDER BY found.seen_at, found.session_id
