/*
+++
title       = "A session is used with a client that its principal never used"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B13"]
attack      = ["T1550.001", "T1528"]
fingerprint = ["root", "principal", "client", "how"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
]

[param.within]
type    = "interval"
default = "10 minutes"
about   = "how near in time two clients of one key are in use together"

[param.least_days]
type    = "integer"
default = 3
about   = "days on which the principal was used before, without which any client would be new"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back clients and places count as known"

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "how long a session may be used after its issue"

[param.plain_clients]
type    = "list"
default = ["unknown", "aws-internal", "console", "browser"]
about   = "families of clients that say nothing about the program"

[column.client]
about = "The family of the new client."

[column.issue_client]
about = "The family of the client to which the session was issued."

[column.how]
about = "What speaks for theft: a known client beside it with the same key, another place, or nothing more."

[column.is_workload]
about = "Whether the lineage begins with an AWS service or a Kubernetes service account."
+++

A key signs calls with a client that is not the one it was issued to, and that nothing of this principal,
its caller or its root has used in thirty days. Weak alone; medium from a place that is new as well, or
when a known client goes on beside it with the same key and the key is a workload's or the new client
a tool of attackers; severe from a new place beside a known client.

## Why it matters

A workload is one program with one SDK. When its credentials are carried off, the thief uses what he has at
hand, mostly the command line, while the workload goes on as before. The call that issued the session
tells which client is the true one.

## When it is harmless

A new tool, a new agent on all machines, a service rewritten with another SDK: known from the next day on.
People mint with one program and work with many, so that for them a new client alone is low. Clients
that rolecall.toml marks as expected are left out, as are consoles, services that act for the caller, and
clients that say nothing.

## What it cannot see

A thief with the same program: versions and operating systems are not compared, and whoever steals can
copy the user agent. Principals used on fewer than three days before.
*/
WITH called AS (
    SELECT
        usage.*,
        client_of(usage.user_agent) AS client
    FROM usage
    WHERE usage.hour >= date_trunc('hour', $from - $within) -- prunes
      AND usage.hour < $until -- prunes
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND is_address(usage.source_ip_address)
      AND NOT client_of(usage.user_agent) = ANY($plain_clients)
      AND client_of(usage.user_agent) NOT LIKE '%.amazonaws.com'
),
changed AS (
    SELECT DISTINCT
        called.principal_id,
        called.session_created_at,
        called.access_key_id
    FROM called
    JOIN session
      ON session.principal_id = called.principal_id -- prunes
     AND session.created_at = called.session_created_at -- prunes
    WHERE session.created_at >= $from - $lifetime - $within -- prunes
      AND session.created_at < $until -- prunes
      AND coalesce(client_of(session.issue_user_agent) <> called.client, TRUE) -- prunes
),
used AS (
    SELECT
        called.principal,
        called.principal_id,
        called.session_created_at,
        called.access_key_id,
        called.client,
        min(called.user_agent) AS user_agent,
        called.source_place,
        called.source_country,
        called.source_ip_address,
        max(called.source_asn) AS source_asn,
        min(called.recipient_account_id) AS account_id,
        called.hour,
        min(called.first_at) AS first_at,
        max(called.last_at) AS last_at,
        sum(called.calls) AS calls
    FROM called
    JOIN changed
      ON changed.principal_id = called.principal_id -- prunes
     AND changed.session_created_at = called.session_created_at -- prunes
     AND changed.access_key_id = called.access_key_id -- prunes
    GROUP BY
        called.principal,
        called.principal_id,
        called.session_created_at,
        called.access_key_id,
        called.client,
        called.source_place,
        called.source_country,
        called.source_ip_address,
        called.hour
),
held AS (
    SELECT
        used.*,
        session.session_id,
        session.session_arn,
        session.root_principal,
        session.root_kind,
        session.caller_principal,
        session.path,
        session.issue_event_ids,
        session.issue_source_ip,
        session.issue_place,
        client_of(session.issue_user_agent) AS issue_client,
        CASE
            WHEN session.root_kind = 'service' THEN 1
            WHEN session.root_principal LIKE '%system:serviceaccount:%' THEN 1
            ELSE 0
        END AS is_workload
    FROM used
    JOIN session
      ON session.principal_id = used.principal_id
     AND session.created_at = used.session_created_at
     AND strpos(' ' || session.keys_seen || ' ', ' ' || used.access_key_id || ' ') > 0
    WHERE session.created_at >= $from - $lifetime - $within -- prunes
      AND session.created_at < $until -- prunes
      AND session.issued_by IS NOT NULL
      AND session.use_link <> 'ambiguous'
),
asked AS (
    SELECT held.session_id, held.principal AS name FROM held
    UNION
    SELECT held.session_id, held.caller_principal AS name FROM held
    UNION
    SELECT held.session_id, held.root_principal AS name FROM held
),
past AS (
    SELECT DISTINCT
        footprint.principal AS name,
        footprint.client,
        footprint.place,
        footprint.network,
        footprint.date
    FROM footprint
    WHERE footprint.principal IN (SELECT asked.name FROM asked) -- prunes
      AND footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
days AS (
    SELECT
        past.name,
        count(DISTINCT past.date) AS days
    FROM past
    GROUP BY past.name
),
told AS (
    SELECT
        held.*,
        CASE
            WHEN held.client = held.issue_client THEN 1
            WHEN known_client.client IS NOT NULL THEN 1
            ELSE 0
        END AS is_known
    FROM held
    LEFT JOIN (
        SELECT DISTINCT asked.session_id, past.client
        FROM asked
        JOIN (SELECT DISTINCT past.name, past.client FROM past) AS past ON past.name = asked.name
    ) AS known_client
      ON known_client.session_id = held.session_id
     AND known_client.client = held.client
),
fresh AS (
    SELECT
        told.*,
        row_number() OVER (
            ORDER BY told.session_id, told.access_key_id, told.client, told.source_ip_address, told.hour
        ) AS number
    FROM told
    JOIN days ON days.name = told.principal
    WHERE told.is_known = 0
      AND told.last_at >= $from
      AND told.last_at < $until
      AND days.days >= $least_days
      AND NOT EXISTS (
          SELECT 1
          FROM marked_client
          WHERE marked_client.kind = 'expected'
            AND glob(lower(told.user_agent), marked_client.user_agent)
      )
),
beside AS (
    SELECT DISTINCT fresh.number
    FROM fresh
    JOIN told AS other
      ON other.session_id = fresh.session_id
     AND other.access_key_id = fresh.access_key_id
     AND other.is_known = 1
     AND other.first_at <= fresh.last_at + $within
     AND other.last_at >= fresh.first_at - $within
),
at_home AS (
    SELECT DISTINCT fresh.number
    FROM fresh
    JOIN asked ON asked.session_id = fresh.session_id
    JOIN past
      ON past.name = asked.name
     AND (past.place = fresh.source_place OR past.network = network_of(fresh.source_ip_address))
),
elsewhere AS (
    SELECT fresh.number
    FROM fresh
    LEFT JOIN at_home ON at_home.number = fresh.number
    WHERE at_home.number IS NULL
      AND fresh.source_place <> fresh.issue_place
      AND (
          fresh.source_asn IS NOT NULL
          OR NOT is_address(fresh.issue_source_ip)
          OR (fresh.source_ip_address LIKE '%:%') = (fresh.issue_source_ip LIKE '%:%')
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_network
          WHERE (
              glob(fresh.principal, known_network.principal)
              OR glob(fresh.root_principal, known_network.principal)
          )
            AND (
                known_network.place = fresh.source_place
                OR known_network.country = fresh.source_country
                OR in_cidr(fresh.source_ip_address, known_network.cidr)
            )
      )
),
tool AS (
    SELECT DISTINCT fresh.number
    FROM fresh
    JOIN marked_client ON glob(lower(fresh.user_agent), marked_client.user_agent)
    WHERE marked_client.kind = 'attack tool'
),
weighed AS (
    SELECT
        fresh.*,
        CASE WHEN fresh.is_workload = 1 OR tool.number IS NOT NULL THEN 1 ELSE 0 END AS is_grave,
        CASE
            WHEN elsewhere.number IS NOT NULL AND beside.number IS NOT NULL
            THEN 'elsewhere, beside a known client'
            WHEN elsewhere.number IS NOT NULL THEN 'elsewhere'
            WHEN beside.number IS NOT NULL THEN 'beside a known client'
            ELSE 'alone'
        END AS how
    FROM fresh
    LEFT JOIN beside ON beside.number = fresh.number
    LEFT JOIN elsewhere ON elsewhere.number = fresh.number
    LEFT JOIN tool ON tool.number = fresh.number
)
SELECT
    coalesce(min(weighed.session_arn), weighed.principal) AS subject,
    min(weighed.first_at) AS first_at,
    max(weighed.last_at) AS last_at,
    CASE
        WHEN weighed.how = 'elsewhere, beside a known client' THEN 'high'
        WHEN weighed.how = 'elsewhere' THEN 'medium'
        WHEN weighed.how = 'beside a known client' AND max(weighed.is_grave) = 1 THEN 'medium'
        ELSE 'low'
    END AS severity,
    weighed.root_principal AS root,
    min(weighed.path) AS path,
    nullif(array_to_string(array_sort(array_agg(DISTINCT weighed.account_id)), ' '), '') AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT network_of(weighed.source_ip_address))), ' '), '') AS networks,
    sum(weighed.calls) AS count,
    min(weighed.issue_event_ids) AS event_ids,
    'SELECT hour, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE access_key_id = ''' || replace(min(weighed.access_key_id), '''', '''''')
        || ''' ORDER BY hour' AS more,
    weighed.principal,
    weighed.client,
    weighed.how,
    min(weighed.issue_client) AS issue_client,
    min(weighed.user_agent) AS user_agent,
    min(weighed.access_key_id) AS access_key_id,
    min(weighed.session_id) AS session_id,
    max(weighed.is_workload) = 1 AS is_workload,
    min(weighed.root_kind) AS root_kind,
    min(weighed.issue_source_ip) AS issue_source_ip
FROM weighed
GROUP BY weighed.root_principal, weighed.principal, weighed.client, weighed.how
ORDER BY min(weighed.first_at), weighed.root_principal, weighed.principal, weighed.client, weighed.how
