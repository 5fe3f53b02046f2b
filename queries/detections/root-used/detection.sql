/*
+++
title       = "The root user of an account is at work"
severity    = "high"
confidence  = "high"
family      = "root"
covers      = ["RT-1"]
subsumes    = ["E39", "E40", "E41", "E43", "S10", "P23", "T01", "T02", "M01", "G10"]
attack      = ["T1078.004", "T1098.001", "T1110.001"]
fingerprint = ["account_id", "place", "severity"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html",
]

[param.failures]
type    = "integer"
default = 5
about   = "failed sign-ins of one account's root that are no typing error"

[param.within]
type    = "interval"
default = "15 minutes"
about   = "how close together they must be"

[param.doors]
type    = "list"
default = [
    "ConsoleLogin", "GetSigninToken", "CreateOAuth2Token", "AuthorizeOAuth2Access",
    "PasswordRecoveryRequested", "PasswordRecoveryCompleted", "PasswordUpdated",
]
about   = "sign-in events that let root in, or change how it gets in"

[param.keys_to_all]
type    = "list"
default = [
    "iam:CreateAccessKey", "iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice", "signin:EmailUpdated",
]
about   = "calls, as service and API, after which somebody else may be root, or its protection is gone"

[column.place]
about = "Where root was used from, as `usage.source_place`."

[column.deeds]
about = "What it did: key, sign-in, failed sign-ins, write, failed sign-in, read."

[column.writes]
about = "How many calls changed something."

[column.reads]
about = "How many calls only read."

[column.failed_sign_ins]
about = "How many sign-ins failed."

[column.apis]
about = "The calls that changed something, and the sign-in events."

[column.without_mfa]
about = "Whether root signed in without MFA."
+++

Somebody signed in as the root user of an account, tried to, or worked as root.

## Why it matters

Nothing binds root: no policy of the account, no boundary. A handful of tasks need it, a few times a
year, and everything else is somebody who took a short way, or an intruder who took the whole account.

Critical: root has an access key that is used, one is made, its MFA device or its address of recovery
is changed. High: it signs in, recovers or changes its password, changes anything, or fails to sign in
five times in a quarter of an hour. Low: it only reads, or mistypes its password.

## When it is harmless

A break-glass drill, a task that only root can do, a new account whose password is set for the first
time. All are announced: ask who did it, and compare the place.

## What it cannot see

Who root is: it has no person. Calls that AWS services make for root are left out, and so are the short
sessions that AssumeRoot gives, which are a question of their own. Failed sign-ins with a wrong address
reach no account's log.
*/
WITH lent AS (
    SELECT
        session.account_id,
        session.created_at
    FROM session
    WHERE session.issued_by = 'AssumeRoot'
      AND session.created_at >= $from - INTERVAL '2 days' -- prunes
      AND session.created_at < $until -- prunes
    UNION
    SELECT
        event.user_identity_account_id AS account_id,
        event.session_created_at AS created_at
    FROM event
    WHERE event.session_assumed_root
      AND event.event_time >= $from - INTERVAL '1 hour' -- prunes
      AND event.event_time < $until -- prunes
),
called AS (
    SELECT
        usage.*,
        replace(usage.event_source, '.amazonaws.com', '') || ':' || usage.event_name AS api,
        coalesce(
            usage.read_only,
            usage.event_name LIKE 'Get%'
                OR usage.event_name LIKE 'List%'
                OR usage.event_name LIKE 'Describe%'
                OR usage.event_name LIKE 'Head%'
                OR usage.event_name LIKE 'Lookup%'
                OR usage.event_name LIKE 'BatchGet%'
        ) AS reads
    FROM usage
    WHERE usage.hour >= $from - INTERVAL '1 hour' -- prunes
      AND usage.hour < $until
      AND usage.last_at >= $from
      AND usage.user_identity_type = 'Root'
      AND usage.event_source <> 'signin.amazonaws.com'
      AND usage.invoked_by IS NULL
      AND is_address(usage.source_ip_address)
      AND NOT EXISTS (
          SELECT 1
          FROM lent
          WHERE lent.account_id = usage.account_id
            AND lent.created_at = usage.session_created_at
      )
),
signed AS (
    SELECT
        event.*,
        event.event_name = 'ConsoleLogin' AND NOT event.succeeded AS is_failure
    FROM event
    WHERE event.event_time >= $from - $within -- prunes
      AND event.event_time < $until
      AND event.event_source = 'signin.amazonaws.com'
      AND event.user_identity_type = 'Root'
      AND event.user_identity_invoked_by IS NULL
      AND coalesce(event.event_type, '') <> 'AwsServiceEvent'
),
burst AS (
    SELECT
        late.event_id,
        count(DISTINCT early.event_id) AS failures
    FROM signed AS late
    JOIN signed AS early
      ON early.recipient_account_id = late.recipient_account_id
     AND early.event_time <= late.event_time
     AND early.event_time + $within > late.event_time
    WHERE early.is_failure
    GROUP BY late.event_id
),
seen AS (
    SELECT
        called.principal,
        coalesce(called.account_id, called.recipient_account_id) AS account_id,
        called.source_place AS place,
        network_of(called.source_ip_address) AS network,
        called.first_at,
        called.last_at,
        called.calls,
        CAST(NULL AS VARCHAR) AS event_id,
        CASE WHEN NOT called.reads OR called.access_key_id LIKE 'AKIA%' THEN called.api END AS api,
        called.user_agent,
        FALSE AS without_mfa,
        CASE
            WHEN called.api = ANY($keys_to_all) AND called.error_code IS NULL THEN 'key'
            WHEN called.access_key_id LIKE 'AKIA%' THEN 'key'
            WHEN called.reads THEN 'read'
            ELSE 'write'
        END AS did
    FROM called
    UNION ALL
    SELECT
        signed.principal,
        coalesce(signed.user_identity_account_id, signed.recipient_account_id) AS account_id,
        signed.source_place AS place,
        network_of(signed.source_ip_address) AS network,
        signed.event_time AS first_at,
        signed.event_time AS last_at,
        1 AS calls,
        signed.event_id,
        signed.event_name AS api,
        signed.user_agent,
        signed.event_name = 'ConsoleLogin' AND signed.succeeded AND signed.mfa_used IS FALSE AS without_mfa,
        CASE
            WHEN signed.succeeded AND 'signin:' || signed.event_name = ANY($keys_to_all) THEN 'key'
            WHEN signed.succeeded AND signed.event_name = ANY($doors) THEN 'sign-in'
            WHEN signed.is_failure AND burst.failures >= $failures THEN 'failed sign-ins'
            WHEN NOT signed.succeeded THEN 'failed sign-in'
            ELSE 'read'
        END AS did
    FROM signed
    LEFT JOIN burst ON burst.event_id = signed.event_id
    WHERE signed.event_time >= $from
),
graded AS (
    SELECT
        seen.*,
        CASE seen.did
            WHEN 'key' THEN 4
            WHEN 'read' THEN 1
            WHEN 'failed sign-in' THEN 1
            ELSE 3
        END AS grade
    FROM seen
),
proof AS (
    SELECT
        event.user_identity_account_id AS account_id,
        event.source_place AS place,
        nullif(array_to_string(array_sort(array_agg(DISTINCT event.event_id)), ' '), '') AS event_ids
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.user_identity_type = 'Root'
      AND event.user_identity_invoked_by IS NULL
      AND coalesce(event.session_assumed_root, FALSE) = FALSE
    GROUP BY event.user_identity_account_id, event.source_place
)
SELECT
    min(graded.principal) AS subject,
    min(graded.first_at) AS first_at,
    max(graded.last_at) AS last_at,
    CASE max(graded.grade)
        WHEN 4 THEN 'critical'
        WHEN 3 THEN 'high'
        ELSE 'low'
    END AS severity,
    min(graded.principal) AS root,
    min(graded.principal) AS path,
    graded.account_id AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT graded.network)), ' '), '') AS networks,
    CAST(sum(graded.calls) AS BIGINT) AS count,
    min(proof.event_ids) AS event_ids,
    'SELECT hour, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE user_identity_type = ''Root'' AND account_id = ''' || graded.account_id
        || ''' ORDER BY hour' AS more,
    graded.account_id,
    graded.place,
    nullif(array_to_string(array_sort(array_agg(DISTINCT graded.did)), ', '), '') AS deeds,
    sum(CASE WHEN graded.did = 'write' THEN graded.calls ELSE 0 END) AS writes,
    sum(CASE WHEN graded.did = 'read' THEN graded.calls ELSE 0 END) AS reads,
    sum(CASE WHEN graded.did LIKE 'failed%' THEN graded.calls ELSE 0 END) AS failed_sign_ins,
    nullif(array_to_string(array_sort(array_agg(DISTINCT graded.api)), ' '), '') AS apis,
    max(CASE WHEN graded.without_mfa THEN 'yes' ELSE 'no' END) AS without_mfa,
    min(graded.user_agent) AS user_agent
FROM graded
LEFT JOIN proof
  ON proof.account_id = graded.account_id
 AND proof.place = graded.place
GROUP BY graded.account_id, graded.place
ORDER BY first_at, graded.account_id, graded.place
