/*
+++
title       = "A person changes something in a sensitive service for the first time"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B12"]
attack      = ["T1078.004", "T1098"]
fingerprint = ["root", "principal", "services"]
baseline    = "14 days"
references  = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html"]

[param.sensitive]
type    = "list"
default = [
    "iam",
    "sts",
    "kms",
    "secretsmanager",
    "cloudtrail",
    "organizations",
    "sso",
    "identitystore",
    "rolesanywhere",
    "account",
    "config",
    "guardduty",
    "securityhub",
]
about   = "services in which a change is power over credentials, keys or logs, by the first word of `event_source`"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back power counts as known to a root"

[param.least_days]
type    = "integer"
default = 3
about   = "days with sessions that a root needs before anything is new for it"

[param.together]
type    = "interval"
default = "2 hours"
about   = "how near in time changes in several services count together"

[param.many]
type    = "integer"
default = 3
about   = "services that are new together, for which even a role that the root always takes is medium"

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "how long a session may be used after its issue"

[column.services]
about = "The services in which something was changed for the first time, separated by blanks."

[column.services_at_once]
about = "How many such services there were within `together`."

[column.apis]
about = "The APIs that changed something there, separated by blanks."

[column.other_roots]
about = "How many other roots changed something in one of these services as the same principal before."

[column.taken_before]
about = "Whether this root has taken this principal before."

[column.is_automation]
about = "Whether the root is a program that rolecall.toml names."
+++

A session changed something in IAM, STS, KMS, Secrets Manager, CloudTrail, Organizations or their like, and
nothing that began with the same root has done so in thirty days, through any role. If the root never
took this role before either, while others use it just so, that is severe: the role's own history looks
as usual. Three such services within two hours are medium in any case.

## Why it matters

Roles are shared, so what a role usually does hides who does it. When an intruder takes the
administrator's role by a developer's credential, every call is one that the role makes each day, and
only the person is new.

## When it is harmless

Somebody gets new duties, stands in for a colleague, or rotates a key once a year. With a role that they
always take it is told as low; so is what programs named in rolecall.toml do. From the next day on it is
known. Somebody who is new altogether has nothing new for three days.

## What it cannot see

What a person did without any session, by a long-term key itself, is no part of their history. Reading:
secrets are read, not changed, and AssumeRole counts as reading. What services change on a caller's
behalf. Roots that are new each time, such as subjects made for one build.
*/
WITH changed AS (
    SELECT
        usage.principal_id,
        usage.session_created_at,
        usage.access_key_id,
        split_part(usage.event_source, '.', 1) AS service,
        usage.event_name,
        usage.recipient_account_id,
        usage.source_ip_address,
        usage.calls,
        usage.first_at,
        usage.last_at
    FROM usage
    WHERE usage.hour >= date_trunc('hour', $from - $together) -- prunes
      AND usage.hour < $until -- prunes
      AND usage.last_at >= $from - $together
      AND usage.last_at < $until
      AND NOT coalesce(usage.read_only, only_reads(usage.event_name))
      AND usage.error_code IS NULL
      AND usage.invoked_by IS NULL
      AND split_part(usage.event_source, '.', 1) = ANY($sensitive)
),
acted AS (
    SELECT
        session.root_principal,
        session.root_kind,
        session.principal,
        session.path,
        session.session_id,
        session.issue_event_ids,
        date_trunc('day', session.created_at) AS issued_on,
        changed.service,
        changed.event_name,
        changed.recipient_account_id,
        network_of(changed.source_ip_address) AS network,
        changed.calls,
        changed.first_at,
        changed.last_at,
        dense_rank() OVER (ORDER BY session.root_principal, session.principal, changed.service) AS number
    FROM changed
    JOIN session
      ON session.principal_id = changed.principal_id
     AND session.created_at = changed.session_created_at
     AND strpos(' ' || session.keys_seen || ' ', ' ' || changed.access_key_id || ' ') > 0
    WHERE session.created_at >= $from - $together - $lifetime -- prunes
      AND session.created_at < $until -- prunes
      AND session.issued_by IS NOT NULL
      AND session.use_link <> 'ambiguous'
      AND session.root_kind NOT IN ('service', 'ambiguous', 'unknown')
),
deed AS (
    SELECT
        acted.number,
        min(acted.root_principal) AS root_principal,
        min(acted.principal) AS principal,
        min(acted.service) AS service,
        min(acted.issued_on) AS issued_on,
        min(acted.first_at) AS first_at,
        max(acted.last_at) AS last_at
    FROM acted
    GROUP BY acted.number
),
own AS (
    SELECT
        deed.number,
        count(DISTINCT past.date) AS days,
        max(
            CASE
                WHEN strpos(' ' || coalesce(past.changed_services, '') || ' ', ' ' || deed.service || ' ') > 0 THEN 1
                ELSE 0
            END
        ) AS did,
        max(CASE WHEN past.to_principal = deed.principal THEN 1 ELSE 0 END) AS took
    FROM deed
    JOIN edge AS past
      ON past.root_principal = deed.root_principal
     AND past.first_at < deed.issued_on
    WHERE past.first_at >= $from - $history
      AND past.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY deed.number
),
others AS (
    SELECT
        deed.number,
        count(DISTINCT past.root_principal) AS roots
    FROM deed
    JOIN edge AS past
      ON past.to_principal = deed.principal
     AND strpos(' ' || past.changed_services || ' ', ' ' || deed.service || ' ') > 0
     AND past.first_at < deed.issued_on
    WHERE past.first_at >= $from - $history
      AND past.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY deed.number
),
fresh AS (
    SELECT
        deed.*,
        own.took,
        coalesce(others.roots, 0) AS others
    FROM deed
    JOIN own ON own.number = deed.number
    LEFT JOIN others ON others.number = deed.number
    WHERE own.did = 0
      AND own.days >= $least_days
),
near AS (
    SELECT
        fresh.number,
        count(DISTINCT other.service) AS together
    FROM fresh
    JOIN fresh AS other
      ON other.root_principal = fresh.root_principal
     AND other.last_at >= fresh.last_at - $together
     AND other.first_at <= fresh.last_at
    WHERE fresh.last_at >= $from
    GROUP BY fresh.number
),
program AS (
    SELECT DISTINCT fresh.root_principal
    FROM fresh
    JOIN automation ON glob(fresh.root_principal, automation.principal)
),
told AS (
    SELECT
        fresh.root_principal,
        fresh.principal,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.service)), ' '), '') AS services,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.event_name)), ' '), '') AS apis,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.network)), ' '), '') AS networks,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.issue_event_ids)), ' '), '') AS event_ids,
        min(acted.root_kind) AS root_kind,
        min(acted.path) AS path,
        min(acted.session_id) AS session_id,
        sum(acted.calls) AS calls,
        min(acted.first_at) AS first_at,
        max(acted.last_at) AS last_at,
        max(near.together) AS together,
        max(fresh.others) AS others,
        max(fresh.took) = 1 AS took_before
    FROM fresh
    JOIN near ON near.number = fresh.number
    JOIN acted ON acted.number = fresh.number
    GROUP BY fresh.root_principal, fresh.principal
)
SELECT
    told.principal AS subject,
    told.first_at,
    told.last_at,
    CASE
        WHEN program.root_principal IS NOT NULL THEN 'low'
        WHEN NOT told.took_before AND told.others > 0 THEN 'high'
        WHEN NOT told.took_before OR told.together >= $many THEN 'medium'
        ELSE 'low'
    END AS severity,
    told.root_principal AS root,
    told.path,
    told.accounts,
    told.networks,
    told.calls AS count,
    told.event_ids,
    'SELECT date, to_principal, sessions, changed_services FROM edge WHERE root_principal = '''
        || replace(told.root_principal, '''', '''''') || ''' ORDER BY date' AS more,
    told.services,
    told.principal,
    told.session_id,
    told.apis,
    told.together AS services_at_once,
    told.others AS other_roots,
    told.took_before AS taken_before,
    program.root_principal IS NOT NULL AS is_automation,
    told.root_kind
FROM told
LEFT JOIN program ON program.root_principal = told.root_principal
ORDER BY told.first_at, told.root_principal, told.principal
