/*
+++
title       = "A credential is used with a tool made for attacking"
severity    = "medium"
confidence  = "medium"
family      = "leaked key"
covers      = ["LK-6"]
subsumes    = ["E44", "S03", "S04", "S15", "P05", "Z13", "G08"]
attack      = ["T1078.004", "T1087.004", "T1526"]
fingerprint = ["root", "credential", "severity"]
references  = [
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
]

[param.validating_apis]
type    = "list"
default = ["GetCallerIdentity", "GetAccessKeyInfo"]
about   = "APIs that only try whether a key works"

[param.shown]
type    = "integer"
default = 20
about   = "how many events are named as evidence"

[column.credential]
about = "The long-term key that was used; NULL for sessions."

[column.tool_marks]
about = "The patterns that the clients fit, separated by `, `."

[column.apis]
about = "How many APIs were called."

[column.succeeded_apis]
about = "How many of them, but those that only try a key, were called with success."
+++

The client of a call names a distribution or a tool that is made for attacking, such as Kali, Pacu or
TruffleHog. It is high if a call succeeded that does more than to try the key.

## Why it matters

TruffleHog tries the keys that it finds: its call says that a key lies where others can read it. Pacu,
CloudFox and their like are what comes next. Nobody does daily work with them.

## When it is harmless

Somebody tests the own defences, or the own scanner looks for secrets. Put its principal among the automation
of `rolecall.toml`, or its client among the expected ones, with an end.

## What it cannot see

A tool that does not say its name: the client is chosen by the caller, and is easily changed. Patterns can fit
words that only look alike, so an own client may need an entry.
*/
WITH agent AS (
    SELECT DISTINCT
        usage.user_agent,
        lower(usage.user_agent) AS lower_agent
    FROM usage
    WHERE usage.hour >= date_trunc('hour', $from) -- prunes
      AND usage.hour < $until -- prunes
      AND usage.date >= CAST($from AS DATE) -- prunes
),
marked AS (
    SELECT
        agent.user_agent,
        array_to_string(array_sort(array_agg(DISTINCT marked_client.user_agent)), ', ') AS marked
    FROM agent
    JOIN marked_client
      ON glob(agent.lower_agent, marked_client.user_agent)
     AND marked_client.kind = 'attack tool'
    WHERE NOT EXISTS (
          SELECT 1
          FROM marked_client AS expected
          WHERE expected.kind = 'expected'
            AND glob(agent.lower_agent, expected.user_agent)
      )
    GROUP BY agent.user_agent
),
called AS (
    SELECT
        usage.principal,
        usage.principal_id,
        usage.session_created_at,
        CASE WHEN usage.access_key_id LIKE 'AKIA%' THEN usage.access_key_id END AS credential,
        usage.recipient_account_id,
        network_of(usage.source_ip_address) AS network,
        usage.source_place,
        usage.source_country,
        usage.user_agent,
        usage.event_source || ':' || usage.event_name AS api,
        usage.calls,
        usage.first_at,
        usage.last_at,
        usage.error_code IS NULL
            AND NOT usage.event_name = ANY($validating_apis) AS succeeded,
        marked.marked
    FROM usage
    JOIN marked ON marked.user_agent = usage.user_agent
    WHERE usage.hour >= date_trunc('hour', $from)
      AND usage.hour < $until
      AND usage.last_at >= $from
      AND usage.date >= CAST($from AS DATE) -- prunes
      AND NOT EXISTS (
          SELECT 1
          FROM automation
          WHERE glob(usage.principal, automation.principal)
      )
),
held AS (
    SELECT
        session.principal_id,
        session.created_at,
        min(session.root_principal) AS root_principal,
        min(session.path) AS path,
        min(session.issue_event_ids) AS issue_event_ids
    FROM session
    WHERE session.created_at >= $from - INTERVAL '2 days' -- prunes
      AND session.created_at < $until -- prunes
    GROUP BY session.principal_id, session.created_at
),
tool AS (
    SELECT
        called.principal,
        called.credential,
        array_to_string(array_sort(array_agg(DISTINCT called.marked)), ', ') AS marked,
        min(called.first_at) AS first_at,
        max(called.last_at) AS last_at,
        sum(called.calls) AS calls,
        max(called.user_agent) AS user_agent,
        count(DISTINCT called.api) AS apis,
        count(DISTINCT CASE WHEN called.succeeded THEN called.api END) AS succeeded_apis,
        nullif(array_to_string(array_sort(array_agg(DISTINCT called.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT called.network)), ' '), '') AS networks,
        max(called.source_place) AS source_place,
        max(called.source_country) AS source_country,
        max(coalesce(held.root_principal, called.principal)) AS root_principal,
        max(held.path) AS path,
        min(held.issue_event_ids) AS issue_event_ids
    FROM called
    LEFT JOIN held
      ON held.principal_id = called.principal_id
     AND held.created_at = called.session_created_at
    GROUP BY called.principal, called.credential
),
proof AS (
    SELECT
        event.principal,
        CASE
            WHEN event.user_identity_access_key_id LIKE 'AKIA%' THEN event.user_identity_access_key_id
            ELSE ''
        END AS credential,
        event.event_id,
        event.event_time
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.date >= CAST($from AS DATE) -- prunes
      AND EXISTS (
          SELECT 1
          FROM called
          WHERE called.user_agent = event.user_agent
      )
),
numbered AS (
    SELECT
        proof.*,
        row_number() OVER (
            PARTITION BY proof.principal, proof.credential
            ORDER BY proof.event_time, proof.event_id
        ) AS nth
    FROM proof
),
proven AS (
    SELECT
        numbered.principal,
        numbered.credential,
        string_agg(numbered.event_id, ' ' ORDER BY numbered.nth) AS event_ids
    FROM numbered
    WHERE numbered.nth <= $shown
    GROUP BY numbered.principal, numbered.credential
)
SELECT
    tool.principal AS subject,
    tool.first_at,
    tool.last_at,
    CASE WHEN tool.succeeded_apis > 0 THEN 'high' ELSE 'medium' END AS severity,
    tool.root_principal AS root,
    tool.path,
    tool.accounts,
    tool.networks,
    tool.calls AS count,
    coalesce(proven.event_ids, tool.issue_event_ids) AS event_ids,
    'SELECT hour, access_key_id, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE principal = ''' || replace(tool.principal, '''', '''''') || ''' AND user_agent = '''
        || replace(tool.user_agent, '''', '''''') || ''' ORDER BY hour' AS more,
    tool.credential,
    tool.marked AS tool_marks,
    tool.user_agent,
    tool.apis,
    tool.succeeded_apis,
    tool.source_place,
    tool.source_country
FROM tool
LEFT JOIN proven
  ON proven.principal = tool.principal
 AND proven.credential = coalesce(tool.credential, '')
ORDER BY tool.first_at, tool.principal, tool.credential NULLS FIRST
