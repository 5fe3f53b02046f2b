/*
+++
title       = "A person changes something in a sensitive service for the first time"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B12"]
attack      = ["T1078.004", "T1098"]
fingerprint = ["root", "service", "principal"]
baseline    = "14 days"
references  = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html"]

[param.services]
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

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "how long a session may be used after its issue"

[column.service]
about = "The service in which something was changed."

[column.apis]
about = "The APIs that changed it, separated by blanks."

[column.others]
about = "How many other roots changed something in this service as the same principal before."

[column.took_before]
about = "Whether this root has taken this principal before."

[column.is_automation]
about = "Whether the root is a program that rolecall.toml names."
+++

A session changed something in IAM, STS, KMS, Secrets Manager, CloudTrail, Organizations or their like, and
nothing that began with the same root has done so in thirty days, through any role. If the root never
took this role before either, while others use it just so, that is severe: the role's own history looks as usual.

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
    WHERE usage.hour >= date_trunc('hour', $from) -- prunes
      AND usage.hour < $until -- prunes
      AND usage.last_at >= $from
      AND usage.last_at < $until
      AND NOT usage.read_only
      AND usage.error_code IS NULL
      AND usage.invoked_by IS NULL
      AND split_part(usage.event_source, '.', 1) = ANY($services)
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
        changed.last_at
    FROM changed
    JOIN session
      ON session.principal_id = changed.principal_id
     AND session.created_at = changed.session_created_at
     AND strpos(' ' || session.keys_seen || ' ', ' ' || changed.access_key_id || ' ') > 0
    WHERE session.created_at >= $from - $lifetime -- prunes
      AND session.created_at < $until -- prunes
      AND session.issued_by IS NOT NULL
      AND session.use_link <> 'ambiguous'
      AND session.root_kind NOT IN ('service', 'ambiguous', 'unknown')
),
deed AS (
    SELECT
        acted.root_principal,
        acted.service,
        acted.principal,
        min(acted.root_kind) AS root_kind,
        min(acted.path) AS path,
        min(acted.session_id) AS session_id,
        min(acted.issue_event_ids) AS issue_event_ids,
        min(acted.issued_on) AS issued_on,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.event_name)), ' '), '') AS apis,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT acted.network)), ' '), '') AS networks,
        sum(acted.calls) AS calls,
        min(acted.first_at) AS first_at,
        max(acted.last_at) AS last_at,
        row_number() OVER (ORDER BY acted.root_principal, acted.service, acted.principal) AS number
    FROM acted
    GROUP BY acted.root_principal, acted.service, acted.principal
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
program AS (
    SELECT DISTINCT deed.root_principal
    FROM deed
    JOIN automation ON glob(deed.root_principal, automation.principal)
),
weighed AS (
    SELECT
        deed.*,
        own.took = 1 AS took_before,
        coalesce(others.roots, 0) AS others,
        program.root_principal IS NOT NULL AS is_automation
    FROM deed
    JOIN own ON own.number = deed.number
    LEFT JOIN others ON others.number = deed.number
    LEFT JOIN program ON program.root_principal = deed.root_principal
    WHERE own.did = 0
      AND own.days >= $least_days
)
SELECT
    weighed.principal AS subject,
    weighed.first_at,
    weighed.last_at,
    CASE
        WHEN weighed.is_automation OR weighed.took_before THEN 'low'
        WHEN weighed.others > 0 THEN 'high'
        ELSE 'medium'
    END AS severity,
    weighed.root_principal AS root,
    weighed.path,
    weighed.accounts,
    weighed.networks,
    weighed.calls AS count,
    weighed.issue_event_ids AS event_ids,
    'SELECT date, to_principal, sessions, changed_services FROM edge WHERE root_principal = '''
        || replace(weighed.root_principal, '''', '''''') || ''' ORDER BY date' AS more,
    weighed.service,
    weighed.principal,
    weighed.session_id,
    weighed.apis,
    weighed.others,
    weighed.took_before,
    weighed.is_automation,
    weighed.root_kind
FROM weighed
ORDER BY weighed.first_at, weighed.root_principal, weighed.service, weighed.principal
