/*
+++
title       = "A session is granted for longer than its kind, or its role, should have"
severity    = "medium"
confidence  = "medium"
family      = "long session"
covers      = ["LS-1"]
subsumes    = ["EH1"]
attack      = ["T1078.004", "T1550.001"]
fingerprint = ["principal", "caller_principal", "why"]
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

[param.slack]
type    = "integer"
default = 60
about   = "seconds by which two lengths may differ and still be the same"

[param.severe_times]
type    = "number"
default = 3.0
about   = "times the ceiling that make a session severe; the most that STS grants is three times each default"

[param.usual_times]
type    = "number"
default = 2.0
about   = "times the role's usual longest session that make one longer than usual"

[param.usual_days]
type    = "integer"
default = 3
about   = "days that it takes to know what is usual for a role, or for a caller of it"

[param.short]
type    = "integer"
default = 3600
about   = "seconds, the default of AssumeRole, up to which no session is called longer than usual"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back sessions tell what is usual"

[column.why]
about = "What it is too long for: above the ceiling, far above the ceiling, or longer than usual."

[column.ceiling_seconds]
about = "The ceiling that applied, in seconds: that of rolecall.toml for the role, or that of its kind."

[column.usual_seconds]
about = "The longest session of a day with this role, on average over the days before."
+++

A temporary credential was granted for longer than sessions of its kind should live, or longer than the
organisation lets its role have; at three times the ceiling, the most that STS grants, it is severe. Below
the ceiling, it is told as low when it is more than twice as long as that role's sessions usually are.

## Why it matters

A credential that lives long is worth stealing. It outlives the working day of its owner, the
deactivation of the key it came from, and the patience of whoever watches. An intruder who can ask
once asks for the maximum: 12 hours for a role, 36 hours for a user.

## When it is harmless

A nightly job that needs its hours asks for them each night: after `usual_days` days with a session of
that length, by the same caller into the same role, it is usual. Identity Center asks for 12 hours each
time, and EC2, Lambda, ECS and EKS are granted 2 to 7 hours without asking; their ceilings are higher.
`[[ceiling]]` in rolecall.toml gives roles their own: of several that fit, the longest pattern counts.

## What it cannot see

A chain that renews one-hour sessions before they end, and a console session that outlives the credentials
it began with: how long a session is used is another question. A request that was refused. A role that
has been asked for too long a session since before the lake begins.
*/
WITH granted AS (
    SELECT
        session.*,
        coalesce(session.granted_seconds, session.requested_seconds) AS seconds
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
),
told AS (
    SELECT
        granted.session_id,
        session_ceiling.seconds,
        row_number() OVER (
            PARTITION BY granted.session_id
            ORDER BY length(session_ceiling.role) DESC, session_ceiling.seconds DESC
        ) AS place
    FROM granted
    JOIN session_ceiling
      ON glob(granted.principal, session_ceiling.role)
),
past AS (
    SELECT
        edge.from_principal,
        edge.to_principal,
        CAST(edge.first_at AS DATE) AS day,
        edge.longest_seconds
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
longest AS (
    SELECT
        past.to_principal,
        past.day,
        max(past.longest_seconds) AS seconds
    FROM past
    GROUP BY past.to_principal, past.day
),
usual AS (
    SELECT
        longest.to_principal,
        count(longest.seconds) AS days,
        avg(CAST(longest.seconds AS DOUBLE)) AS seconds
    FROM longest
    GROUP BY longest.to_principal
),
habit AS (
    SELECT
        granted.session_id,
        count(DISTINCT past.day) AS days
    FROM granted
    JOIN past
      ON past.to_principal = granted.principal
     AND past.from_principal = granted.caller_principal
     AND past.longest_seconds >= granted.seconds - $slack
    GROUP BY granted.session_id
),
measured AS (
    SELECT
        granted.*,
        usual.seconds AS usual_seconds,
        CASE
            WHEN usual.days < $usual_days THEN 'no'
            WHEN granted.seconds <= $short + $slack THEN 'no'
            WHEN granted.depth = 0 AND granted.root_kind = 'service' THEN 'no'
            WHEN told.seconds IS NOT NULL THEN 'no'
            WHEN granted.seconds > $usual_times * usual.seconds THEN 'yes'
            ELSE 'no'
        END AS is_unusual,
        CASE
            WHEN told.seconds IS NOT NULL THEN told.seconds
            WHEN granted.issued_by IN ('GetSessionToken', 'GetFederationToken') THEN $token_ceiling
            WHEN granted.depth = 0 AND granted.root_kind IN ('saml', 'identity center') THEN $federated_ceiling
            WHEN granted.depth = 0 AND granted.root_kind = 'service' THEN $service_ceiling
            ELSE $role_ceiling
        END AS ceiling_seconds
    FROM granted
    LEFT JOIN told
      ON told.session_id = granted.session_id
     AND told.place = 1
    LEFT JOIN usual
      ON usual.to_principal = granted.principal
    LEFT JOIN habit
      ON habit.session_id = granted.session_id
    WHERE told.seconds IS NOT NULL
       OR coalesce(habit.days, 0) < $usual_days
),
judged AS (
    SELECT
        measured.*,
        CASE
            WHEN measured.seconds >= $severe_times * measured.ceiling_seconds - $slack THEN 'far above the ceiling'
            WHEN measured.seconds > measured.ceiling_seconds + $slack THEN 'above the ceiling'
            WHEN measured.is_unusual = 'yes' THEN 'longer than usual'
        END AS why
    FROM measured
),
ranked AS (
    SELECT
        judged.*,
        count(*) OVER (PARTITION BY judged.principal, judged.caller_principal, judged.why) AS sessions,
        max(judged.created_at) OVER (
            PARTITION BY judged.principal, judged.caller_principal, judged.why
        ) AS last_created_at,
        row_number() OVER (
            PARTITION BY judged.principal, judged.caller_principal, judged.why
            ORDER BY judged.created_at, judged.session_id
        ) AS place
    FROM judged
    WHERE judged.why IS NOT NULL
)
SELECT
    coalesce(ranked.session_arn, ranked.principal) AS subject,
    ranked.created_at AS first_at,
    ranked.last_created_at AS last_at,
    CASE
        WHEN ranked.why = 'far above the ceiling' THEN 'high'
        WHEN ranked.why = 'above the ceiling' THEN 'medium'
        ELSE 'low'
    END AS severity,
    ranked.root_principal AS root,
    ranked.path,
    replace(ranked.account_path, ' > ', ' ') AS accounts,
    coalesce(ranked.networks, network_of(ranked.issue_source_ip)) AS networks,
    ranked.sessions AS count,
    ranked.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE principal = ''' || replace(ranked.principal, '''', '''''')
        || ''' AND granted_seconds >= ' || CAST(ranked.seconds AS VARCHAR) || ' ORDER BY created_at' AS more,
    ranked.why,
    ranked.principal,
    ranked.caller_principal,
    ranked.session_id,
    ranked.issued_by,
    ranked.requested_seconds,
    ranked.granted_seconds,
    ranked.ceiling_seconds,
    ranked.usual_seconds,
    ranked.expires_at,
    ranked.issue_source_ip
FROM ranked
WHERE ranked.place = 1
ORDER BY ranked.created_at, ranked.session_id
