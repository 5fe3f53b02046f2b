/*
+++
title       = "A temporary credential is used that nobody handed out"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B2"]
attack      = ["T1550.001", "T1562.008", "T1078.004"]
fingerprint = ["principal", "account_id"]
baseline    = "7 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html",
]

[param.settle]
type    = "interval"
default = "1 hour"
about   = "how long after the first use the issuance may still arrive before anybody is told"

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "the longest life of a temporary credential, and of what a sign-in leads to"

[param.gap]
type    = "interval"
default = "1 hour"
about   = "how near to the second of issuance the account must have delivered events, before and after it"

[param.issued_share]
type    = "number"
default = 0.8
about   = "the share of the account's recent sessions whose issuance must be in the lake, for its trail to count as complete"

[param.history]
type    = "interval"
default = "7 days"
about   = "how far back a principal with such sessions counts as one whose issuances are never seen"

[param.shown]
type    = "integer"
default = 20
about   = "how many events are named as evidence"

[column.direct_calls]
about = "Its calls in the first hour that were no service's on its behalf."

[column.issued_nearby]
about = "Sessions of that account in the days around it whose issuance is in the lake."

[column.orphans_nearby]
about = "Sessions of that account in the days around it without one."
+++

A role, user or root session was used, its record names the second in which it was issued, the account's
trail covers that second, and there is no issuance: no STS call, no sign-in, no service that took the role.

## Why it matters

Every credential that STS hands out leaves a record in the account that it belongs to. If the record is
missing, somebody removed it, filtered it or stopped the trail for a moment, or the credential came
out of a way that nobody watches. What it did since cannot be told from any other record of its root.

## When it is harmless

A way of getting credentials that AWS does not log, new to the account: the same principal is then silent
after the first day. A file of the trail that was not copied. Sessions of consoles, `aws login` and
CloudShell, keys that a service derives to go on with its caller's rights, and roles that services take
for workloads (Lambda shows another session than the one it was given) are left out.

## What it cannot see

Anything in an account whose delivery around that second is in doubt, or where fewer than `issued_share` of the
sessions have their issuance: a trail without reading calls has none. Accounts so quiet that nothing
else happened within `gap`. A hidden session of a workload's role or of somebody at the console.
Files whose names do not tell their account.
*/
WITH recent AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from - $settle - $lifetime
      AND session.created_at < $until
),
usual AS (
    SELECT DISTINCT session.principal
    FROM session
    WHERE session.created_at >= $from - $history
      AND session.created_at < $from -- prunes
      AND session.first_used_at < date_trunc('day', $from) - $settle
      AND session.issued_by IS NULL
      AND NOT session.from_console
      AND session.networks LIKE '%/%'
),
orphan AS (
    SELECT recent.*
    FROM recent
    WHERE recent.issued_by IS NULL
      AND recent.networks LIKE '%/%'
      AND NOT EXISTS (
          SELECT 1
          FROM session AS taken
          WHERE taken.principal = recent.principal
            AND taken.root_kind = 'service'
            AND taken.depth = 0
            AND taken.created_at >= $from - $settle - $lifetime - $lifetime
            AND taken.created_at < $until -- prunes
      )
      AND NOT EXISTS (
          SELECT 1
          FROM session AS console
          WHERE console.principal_id = recent.principal_id
            AND console.from_console
            AND console.created_at >= recent.created_at - $lifetime
            AND console.created_at >= $from - $settle - $lifetime - $lifetime -- prunes
            AND console.created_at < $until -- prunes
      )
      AND NOT EXISTS (
          SELECT 1
          FROM usual
          WHERE usual.principal = recent.principal
      )
),
direct AS (
    SELECT
        orphan.session_id,
        sum(usage.calls) AS calls
    FROM orphan
    JOIN usage
      ON usage.principal_id = orphan.principal_id
     AND usage.session_created_at = orphan.created_at
    WHERE usage.hour >= $from - $settle - INTERVAL '1 hour' -- prunes
      AND usage.hour < $until -- prunes
      AND usage.first_at <= orphan.first_used_at + $settle
      AND usage.access_key_id LIKE 'ASIA%'
      AND usage.invoked_by IS NULL
      AND is_address(usage.source_ip_address)
    GROUP BY orphan.session_id
),
judged AS (
    SELECT
        orphan.*,
        direct.calls AS direct_calls
    FROM orphan
    JOIN direct ON direct.session_id = orphan.session_id
    WHERE orphan.first_used_at + $settle >= $from
      AND orphan.first_used_at + $settle < $until
),
covered AS (
    SELECT judged.session_id
    FROM judged
    JOIN object ON object.account = judged.account_id
    WHERE object.last_event_at >= judged.created_at - $gap
      AND object.first_event_at <= judged.created_at + $gap
      AND object.delivered_at >= $from - $settle - $lifetime - $gap -- prunes
    GROUP BY judged.session_id, judged.created_at
    HAVING min(object.first_event_at) <= judged.created_at
       AND max(object.last_event_at) >= judged.created_at
       AND sum(object.rejected) = 0
),
damaged AS (
    SELECT judged.session_id
    FROM judged
    JOIN object ON object.account = judged.account_id
    WHERE object.outcome = 'refused'
      AND object.delivered_at >= judged.created_at
      AND object.delivered_at <= judged.created_at + $gap
),
account AS (
    SELECT
        recent.account_id,
        count(*) AS issued
    FROM recent
    WHERE recent.issued_by IS NOT NULL
    GROUP BY recent.account_id
),
lacking AS (
    SELECT
        orphan.account_id,
        count(*) AS orphans
    FROM orphan
    GROUP BY orphan.account_id
),
found AS (
    SELECT
        judged.*,
        account.issued,
        lacking.orphans,
        count(*) OVER (PARTITION BY judged.principal, judged.account_id) AS sessions,
        max(judged.last_used_at) OVER (PARTITION BY judged.principal, judged.account_id) AS last_seen,
        max(CASE
            WHEN ' ' || judged.changed_services || ' ' LIKE '% iam %' THEN 1
            WHEN ' ' || judged.changed_services || ' ' LIKE '% sts %' THEN 1
            WHEN ' ' || judged.changed_services || ' ' LIKE '% kms %' THEN 1
            ELSE 0
        END) OVER (PARTITION BY judged.principal, judged.account_id) AS grave,
        row_number() OVER (
            PARTITION BY judged.principal, judged.account_id
            ORDER BY judged.first_used_at, judged.session_id
        ) AS place
    FROM judged
    JOIN covered ON covered.session_id = judged.session_id
    JOIN account ON account.account_id = judged.account_id
    JOIN lacking ON lacking.account_id = judged.account_id
    WHERE CAST(account.issued AS DOUBLE) >= $issued_share * CAST(account.issued + lacking.orphans AS DOUBLE)
      AND NOT EXISTS (
          SELECT 1
          FROM damaged
          WHERE damaged.session_id = judged.session_id
      )
),
proof AS (
    SELECT
        found.principal,
        found.account_id,
        event.event_id,
        row_number() OVER (
            PARTITION BY found.principal, found.account_id
            ORDER BY event.event_time, event.event_id
        ) AS nth
    FROM found
    JOIN event
      ON event.user_identity_principal_id = found.principal_id
     AND event.session_created_at = found.created_at
    WHERE event.event_time >= $from - $settle -- prunes
      AND event.event_time < $until -- prunes
),
proven AS (
    SELECT
        proof.principal,
        proof.account_id,
        string_agg(proof.event_id, ' ' ORDER BY proof.nth) AS event_ids
    FROM proof
    WHERE proof.nth <= $shown
    GROUP BY proof.principal, proof.account_id
)
SELECT
    coalesce(found.session_arn, found.principal) AS subject,
    found.first_used_at AS first_at,
    found.last_seen AS last_at,
    CASE WHEN found.grave = 1 THEN 'high' ELSE 'medium' END AS severity,
    found.root_principal AS root,
    found.path,
    coalesce(found.used_in_accounts, found.account_id) AS accounts,
    found.networks,
    found.sessions AS count,
    proven.event_ids,
    'SELECT * FROM session WHERE session_id = ''' || replace(found.session_id, '''', '''''') || '''' AS more,
    found.principal,
    found.account_id,
    found.session_id,
    found.created_at,
    found.keys_seen,
    found.clients,
    found.changed_services,
    found.direct_calls,
    found.issued AS issued_nearby,
    found.orphans AS orphans_nearby
FROM found
LEFT JOIN proven
  ON proven.principal = found.principal
 AND proven.account_id = found.account_id
WHERE found.place = 1
ORDER BY found.first_used_at, found.session_id
