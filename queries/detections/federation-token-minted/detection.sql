/*
+++
title       = "A user mints a federation token"
severity    = "high"
confidence  = "medium"
family      = "federation"
covers      = ["FD-3"]
subsumes    = ["E06", "E07", "EH1", "Z08"]
attack      = ["T1550.001", "T1098.001", "T1078.004"]
fingerprint = ["subject", "account_id", "why"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html",
]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a user counts as one who mints, and a place as one the user works from"

[param.ceiling]
type    = "integer"
default = 43200
about   = "seconds that a federation token lives unless somebody asks for more"

[param.tolerance]
type    = "integer"
default = 60
about   = "seconds that a token may live longer than those before without being longer"

[column.why]
about = "What stands out: first of its user, longer than before, from a new place, denied, or may do everything."

[column.may_do_everything]
about = "Whether the session policy allows every action on every resource, or is AdministratorAccess."

[column.longest_seconds]
about = "The longest lifetime granted, in seconds."

[column.names]
about = "The names that the federated users were given."

[column.changed_services]
about = "What the tokens have changed so far."
+++

An IAM user called GetFederationToken, and has not done so in the last weeks; or does so longer, from
elsewhere, or with more rights than one who does it every day.

## Why it matters

The token lives up to 36 hours and survives the deletion of the key that made it. It opens a console,
and from there reaches IAM, which it may not call itself. An intruder with a leaked key has no better
way to stay for the night; hardly anybody else still needs the call.

## When it is harmless

A portal or broker of your own that makes consoles for people: it does so every day, from its own
machines, and is known by the second day. A broker whose first day this is, is listed as automation, or
announced. Denied attempts are medium: a program that has no right to mint does not try.

## What it cannot see

Rights come from the user as well as from the session policy: a harmless policy on a powerless user
looks like a strong one. A broker that is stolen and used from its own machines. Users whose minting
was never collected look new.
*/
WITH asked AS (
    SELECT
        event.*,
        replace(replace(coalesce(event.request_parameters, ''), '\', ''), ' ', '') AS squeezed,
        network_of(event.source_ip_address) AS network
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.event_source = 'sts.amazonaws.com'
      AND event.event_name = 'GetFederationToken'
),
minter AS (
    SELECT
        edge.from_principal AS principal,
        max(edge.longest_seconds) AS longest_seconds
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.issued_by = 'GetFederationToken'
    GROUP BY edge.from_principal
),
program AS (
    SELECT DISTINCT asked.principal
    FROM asked
    JOIN automation ON glob(asked.principal, automation.principal)
),
home AS (
    SELECT DISTINCT asked.event_id
    FROM asked
    JOIN footprint
      ON footprint.principal = asked.principal
     AND (footprint.place = asked.source_place OR footprint.network = asked.network)
    WHERE footprint.first_at >= date_trunc('day', $from) - $history
      AND footprint.first_at < date_trunc('day', $from)
),
granted AS (
    SELECT
        asked.*,
        session.granted_seconds,
        session.path,
        session.changed_services,
        session.last_used_at,
        minter.principal IS NOT NULL AS is_minter,
        minter.longest_seconds AS before_seconds,
        program.principal IS NOT NULL AS is_program,
        home.event_id IS NOT NULL AS is_home,
        -- A star alone or in a list; an action may be written as `*:*` too.
        asked.squeezed LIKE '%policy/AdministratorAccess"%'
            OR (
                regexp_replace(asked.squeezed, '"Action":(\[[^\]]*)?"\*(:\*)?"', '') <> asked.squeezed
                AND regexp_replace(asked.squeezed, '"Resource":(\[[^\]]*)?"\*"', '') <> asked.squeezed
            ) AS everything
    FROM asked
    LEFT JOIN session
      ON session.issued_key = asked.issued_access_key_id
     AND session.created_at = asked.event_time
    LEFT JOIN minter ON minter.principal = asked.principal
    LEFT JOIN program ON program.principal = asked.principal
    LEFT JOIN home ON home.event_id = asked.event_id
),
judged AS (
    SELECT
        granted.*,
        CASE
            WHEN NOT granted.succeeded AND granted.is_minter THEN 'usual'
            WHEN NOT granted.succeeded THEN 'denied'
            WHEN NOT granted.is_minter THEN 'first of its user'
            WHEN granted.granted_seconds > $ceiling
             AND granted.granted_seconds > coalesce(granted.before_seconds, 0) + $tolerance THEN 'longer than before'
            WHEN NOT granted.is_home AND is_address(granted.source_ip_address) THEN 'from a new place'
            WHEN granted.everything THEN 'may do everything'
            ELSE 'usual'
        END AS why
    FROM granted
)
SELECT
    judged.principal AS subject,
    min(judged.event_time) AS first_at,
    max(coalesce(judged.last_used_at, judged.event_time)) AS last_at,
    CASE
        WHEN judged.why = 'first of its user' AND NOT bool_or(judged.is_program) THEN 'high'
        WHEN judged.why = 'first of its user'
         AND (bool_or(judged.everything) OR max(judged.granted_seconds) > $ceiling) THEN 'medium'
        WHEN judged.why IN ('first of its user', 'may do everything') THEN 'low'
        ELSE 'medium'
    END AS severity,
    judged.principal AS root,
    min(judged.path) AS path,
    judged.recipient_account_id AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.network)), ' '), '') AS networks,
    count(*) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.event_id)), ' '), '') AS event_ids,
    'SELECT created_at, session_arn, granted_seconds, issue_source_ip, from_console, calls, changed_services, networks'
        || ' FROM session WHERE issued_by = ''GetFederationToken'' AND caller_principal = '''
        || replace(judged.principal, '''', '''''') || ''' ORDER BY created_at' AS more,
    judged.recipient_account_id AS account_id,
    judged.why,
    max(CASE WHEN judged.everything THEN 'yes' ELSE 'no' END) AS may_do_everything,
    max(judged.granted_seconds) AS longest_seconds,
    nullif(array_to_string(array_sort(array_agg(DISTINCT session_name(judged.issued_arn))), ' '), '') AS names,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.changed_services)), ' '), '') AS changed_services,
    min(judged.user_agent) AS user_agent
FROM judged
WHERE judged.why <> 'usual'
GROUP BY judged.principal, judged.recipient_account_id, judged.why
ORDER BY first_at, judged.principal, judged.recipient_account_id, judged.why
