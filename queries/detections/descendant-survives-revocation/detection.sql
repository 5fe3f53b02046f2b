/*
+++
title       = "A credential goes on working after the one it came from was revoked"
severity    = "critical"
confidence  = "high"
family      = "lineage"
covers      = ["B3"]
attack      = ["T1550.001", "T1098.001", "T1078.004"]
fingerprint = ["revoked", "account_id"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
]

[param.grace]
type    = "interval"
default = "5 minutes"
about   = "how long a revocation takes to reach every service"

[param.reach]
type    = "interval"
default = "36 hours"
about   = "how long after a revocation its descendants are followed: the longest life of a temporary credential"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back networks and other keys of the user count, to tell a rotation"

[column.revoked]
about = "What was revoked: the key, or the name of the user or role."

[column.revoked_kind]
about = "Whether it is a key, user or role."

[column.revoked_at]
about = "When it was revoked."

[column.revoked_with]
about = "The API that did it."

[column.revoker]
about = "Who revoked it."

[column.account_id]
about = "The account of what was revoked."

[column.sessions_issued_later]
about = "Sessions among the survivors that were even issued after the revocation."

[column.replaced]
about = "Whether it is a key and its user has another, which speaks for a rotation."

[column.from_new_networks]
about = "Whether any of these uses came from a network that neither the root nor the session's principal worked from before that day."

[column.apis]
about = "How many different APIs they called."
+++

A key was deleted or switched off, a user was deleted or quarantined, or a role's older sessions were
revoked; minutes later a session that grew from it, over however many roles, still makes calls that succeed.

## Why it matters

Revoking a key does not end the sessions that were issued from it, and revoking a role's sessions does not end
those that they issued in turn. Whoever revoked believes that the intruder is out. This is the list of
what is still open: each session needs the revocation of its own role or user.

## When it is harmless

Key rotation: the user goes on with sessions of the old key. If the user has another key and all calls come
from networks known for it, the finding is low (the user rotated it) or medium (somebody else did).

## What it cannot see

Sessions whose root or middle is not in the lake, or whose link is ambiguous. Objects read in S3 and other
data events, unless the trail records them. A revocation by a policy with a name of your own, by a policy of
the organisation, or by a changed trust. What AWS services go on doing on the session's behalf.
*/
WITH act AS (
    SELECT
        event.event_id,
        event.event_time AS revoked_at,
        event.event_name AS revoked_with,
        event.principal AS revoker,
        event.recipient_account_id AS account_id,
        CASE
            WHEN event.event_name IN ('DeleteAccessKey', 'UpdateAccessKey') THEN 'key'
            WHEN event.event_name IN ('AttachRolePolicy', 'PutRolePolicy') THEN 'role'
            ELSE 'user'
        END AS revoked_kind,
        CASE
            WHEN event.event_name IN ('DeleteAccessKey', 'UpdateAccessKey') THEN event.target_access_key_id
            WHEN event.event_name IN ('AttachRolePolicy', 'PutRolePolicy') THEN event.target_role_name
            ELSE event.target_user_name
        END AS revoked
    FROM event
    WHERE event.event_time >= $from - $reach
      AND event.event_time < $until -- prunes
      AND event.date >= CAST($from - $reach AS DATE) -- prunes
      AND event.succeeded
      AND (
          event.event_name IN ('DeleteAccessKey', 'DeleteUser')
          OR (event.event_name = 'UpdateAccessKey' AND event.request_parameters LIKE '%"Inactive"%')
          OR (
              event.event_name IN ('AttachRolePolicy', 'AttachUserPolicy', 'PutRolePolicy', 'PutUserPolicy')
              AND (
                  event.policy LIKE '%AWSCompromisedKeyQuarantine%'
                  OR event.policy LIKE '%AWSExposedCredentialPolicy%'
                  OR event.policy LIKE '%AWSRevokeOlderSessions%'
                  OR event.policy LIKE '%AWSDenyAll%'
              )
          )
      )
),
revocation AS (
    SELECT act.*
    FROM act
    WHERE NOT EXISTS (
        SELECT 1
        FROM event AS undone
        WHERE undone.target_access_key_id = act.revoked
          AND undone.event_name = 'UpdateAccessKey'
          AND undone.request_parameters LIKE '%"Active"%'
          AND undone.succeeded
          AND undone.event_time > act.revoked_at
          AND undone.event_time < $until
          AND undone.date >= CAST($from - $reach AS DATE) -- prunes
    )
),
lately AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from - $reach - $reach -- prunes
      AND session.created_at < $until -- prunes
),
revoked_role AS (
    SELECT DISTINCT
        revocation.event_id,
        lately.principal
    FROM revocation
    JOIN lately
      ON lately.account_id = revocation.account_id
     AND role_name(lately.principal) = revocation.revoked
    WHERE revocation.revoked_kind = 'role'
),
descent AS (
    SELECT revocation.event_id, lately.session_id
    FROM revocation
    JOIN lately ON lately.root_credential = revocation.revoked
    UNION
    SELECT revocation.event_id, lately.session_id
    FROM revocation
    JOIN lately ON lately.root_account_id = revocation.account_id
    WHERE revocation.revoked_kind = 'user'
      AND (
          glob(lately.root_principal, 'arn:*:user/' || revocation.revoked)
          OR glob(lately.root_principal, 'arn:*:user/*/' || revocation.revoked)
      )
    UNION
    SELECT revocation.event_id, lately.session_id
    FROM revocation
    JOIN revoked_role ON revoked_role.event_id = revocation.event_id
    JOIN lately
      ON strpos(' > ' || lately.path || ' > ', ' > ' || revoked_role.principal || ' > ') > 0
     AND lately.created_at < revocation.revoked_at
),
descendant AS (
    SELECT
        revocation.event_id,
        revocation.revoked_at,
        revocation.revoked_with,
        revocation.revoker,
        revocation.account_id AS revoked_in,
        revocation.revoked_kind,
        revocation.revoked,
        -- Revoked twice, a session counts for the first; but one that a role gave in between, for the second.
        row_number() OVER (
            PARTITION BY revocation.revoked_kind, revocation.revoked, revocation.account_id, lately.session_id
            ORDER BY revocation.revoked_at, revocation.event_id
        ) AS turn,
        lately.*
    FROM descent
    JOIN revocation ON revocation.event_id = descent.event_id
    JOIN lately ON lately.session_id = descent.session_id
),
used AS (
    SELECT usage.*
    FROM usage
    WHERE usage.hour >= $from - INTERVAL '1 hour' -- prunes
      AND usage.hour < $until -- prunes
      AND usage.last_at >= $from
      AND usage.last_at < $until
      AND usage.error_code IS NULL
      AND usage.invoked_by IS NULL
      AND usage.event_name <> 'GetCallerIdentity'
),
survival AS (
    SELECT descendant.*, used.calls AS good_calls, used.first_at, used.last_at, used.source_ip_address,
        used.recipient_account_id, used.event_source, used.event_name
    FROM descendant
    JOIN used
      ON used.access_key_id = descendant.issued_key
     AND used.session_created_at = descendant.created_at
    WHERE used.last_at >= descendant.revoked_at + $grace
      AND descendant.turn = 1
    UNION ALL
    SELECT descendant.*, used.calls AS good_calls, used.first_at, used.last_at, used.source_ip_address,
        used.recipient_account_id, used.event_source, used.event_name
    FROM descendant
    JOIN used
      ON used.principal_id = descendant.principal_id
     AND used.session_created_at = descendant.created_at
    WHERE used.last_at >= descendant.revoked_at + $grace
      AND coalesce(used.access_key_id <> descendant.issued_key, TRUE)
      AND descendant.use_link <> 'ambiguous'
      AND descendant.turn = 1
),
home AS (
    SELECT DISTINCT
        footprint.principal,
        footprint.network,
        date_trunc('day', footprint.first_at) AS seen_on
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < $until -- prunes
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
familiar AS (
    SELECT DISTINCT
        survival.event_id,
        survival.session_id,
        survival.source_ip_address
    FROM survival
    JOIN home
      ON home.network = network_of(survival.source_ip_address)
     AND home.seen_on < date_trunc('day', survival.revoked_at)
    WHERE home.principal = survival.root_principal OR home.principal = survival.principal
),
other_key AS (
    SELECT
        footprint.principal,
        footprint.access_key_id
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < $until
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
    UNION
    SELECT
        event.principal,
        event.issued_access_key_id AS access_key_id
    FROM event
    WHERE event.event_name = 'CreateAccessKey'
      AND event.event_time >= $from - $reach
      AND event.event_time < $until
      AND event.date >= CAST($from - $reach AS DATE) -- prunes
),
replaced AS (
    SELECT DISTINCT survival.event_id
    FROM survival
    JOIN other_key
      ON other_key.principal = survival.root_principal
     AND other_key.access_key_id <> survival.revoked
    WHERE survival.revoked_kind = 'key'
),
judged AS (
    SELECT
        survival.*,
        network_of(survival.source_ip_address) AS network,
        CASE WHEN survival.created_at > survival.revoked_at THEN survival.session_id END AS issued_late,
        CASE WHEN familiar.session_id IS NULL THEN 1 ELSE 0 END AS is_new_network,
        CASE WHEN replaced.event_id IS NULL THEN 0 ELSE 1 END AS is_replaced
    FROM survival
    LEFT JOIN familiar
      ON familiar.event_id = survival.event_id
     AND familiar.session_id = survival.session_id
     AND familiar.source_ip_address = survival.source_ip_address
    LEFT JOIN replaced ON replaced.event_id = survival.event_id
),
summed AS (
    SELECT
        judged.event_id,
        judged.revoked_at,
        judged.revoked_with,
        judged.revoker,
        judged.revoked_in,
        judged.revoked_kind,
        judged.revoked,
        min(greatest(judged.first_at, judged.revoked_at)) AS first_at,
        max(judged.last_at) AS last_at,
        sum(judged.good_calls) AS calls,
        count(DISTINCT judged.session_id) AS sessions,
        count(DISTINCT judged.issued_late) AS issued_after,
        count(DISTINCT judged.event_source || ' ' || judged.event_name) AS apis,
        max(judged.is_new_network) AS is_new_network,
        max(judged.is_replaced) AS is_replaced
    FROM judged
    GROUP BY
        judged.event_id,
        judged.revoked_at,
        judged.revoked_with,
        judged.revoker,
        judged.revoked_in,
        judged.revoked_kind,
        judged.revoked
),
account AS (
    SELECT DISTINCT judged.event_id, judged.recipient_account_id AS word FROM judged
),
network AS (
    SELECT DISTINCT judged.event_id, judged.network AS word FROM judged
),
accounts AS (
    SELECT account.event_id, string_agg(account.word, ' ' ORDER BY account.word) AS words
    FROM account
    GROUP BY account.event_id
),
networks AS (
    SELECT network.event_id, string_agg(network.word, ' ' ORDER BY network.word) AS words
    FROM network
    GROUP BY network.event_id
),
first_one AS (
    SELECT
        judged.event_id,
        judged.session_id,
        judged.root_principal,
        judged.path,
        row_number() OVER (
            PARTITION BY judged.event_id
            ORDER BY judged.depth DESC, judged.last_at, judged.session_id
        ) AS turn
    FROM judged
)
SELECT
    coalesce(first_one.root_principal, summed.revoked) AS subject,
    summed.first_at,
    summed.last_at,
    CASE
        WHEN summed.is_replaced = 0 OR summed.is_new_network = 1 THEN 'critical'
        WHEN summed.revoker = first_one.root_principal THEN 'low'
        ELSE 'medium'
    END AS severity,
    first_one.root_principal AS root,
    first_one.path,
    accounts.words AS accounts,
    networks.words AS networks,
    summed.calls AS count,
    summed.event_id AS event_ids,
    'SELECT * FROM session WHERE root_principal = ''' || replace(first_one.root_principal, '''', '''''')
        || ''' ORDER BY created_at' AS more,
    summed.revoked,
    summed.revoked_kind,
    summed.revoked_at,
    summed.revoked_with,
    summed.revoker,
    summed.revoked_in AS account_id,
    summed.sessions,
    summed.issued_after AS sessions_issued_later,
    summed.is_replaced = 1 AS replaced,
    summed.is_new_network = 1 AS from_new_networks,
    summed.apis
FROM summed
JOIN first_one ON first_one.event_id = summed.event_id
JOIN accounts ON accounts.event_id = summed.event_id
JOIN networks ON networks.event_id = summed.event_id
WHERE first_one.turn = 1
ORDER BY summed.first_at, summed.event_id
