/*
+++
title       = "A session carries the name of somebody else"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B5"]
attack      = ["T1036.005", "T1550.001", "T1078.004"]
fingerprint = ["root", "given_name"]
baseline    = "7 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
]

[param.history]
type    = "interval"
default = "7 days"
about   = "how far back sessions tell whose a name is, and which names a caller is used to give"

[param.user_history]
type    = "interval"
default = "30 days"
about   = "how far back IAM users count as known"

[param.broker_names]
type    = "integer"
default = 3
about   = "names of others that a caller gave in the days before, which make it a broker that acts for people"

[column.why]
about = "Where the name stands: session name, or source identity; or that a source identity was lost."

[column.given_name]
about = "The name as it is compared: lower case, without the part after the @."

[column.owner]
about = "Whose name it is."

[column.owners]
about = "How many principals go by that name."
+++

Somebody took a role under a name that belongs to a person, user or instance that they are not, for the
first time. The root says who really did it. Or a session lost the source identity of its parent.

## Why it matters

Whoever reads a trail looks at the session name first, and the caller chooses it. An intruder who takes
roles as `anna@example.com` is not looked at, and Anna is asked. Only the way back to the root, over
several roles and accounts, tells that it was not her. A source identity cannot be dropped by a caller: a
child without it means that a record was altered, or that a link is wrong.

## When it is harmless

A portal or broker that takes roles for people names each of them: after `broker_names` names it is one; until
then, enter it as a portal or as automation. A person with two identities whose names differ.
Names that many users share (`deploy`, `admin`) are low.

## What it cannot see

A name that nobody in the lake goes by. A borrowed name that this caller gave in the days before. Names that
the identity provider chose: it vouches for them. Callers of other accounts, whose own name is not in the
record.
*/
WITH asked AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from - $history
      AND session.created_at < $until
      AND session.issued_by IN ('AssumeRole', 'AssumeRoleWithWebIdentity', 'GetFederationToken')
      AND session.caller_type NOT IN ('AWSService', 'AWSAccount')
      AND session.caller_invoked_by IS NULL
),
named AS (
    SELECT
        lower(split_part(session.session_name, '@', 1)) AS name,
        session.root_principal AS owner,
        1 AS is_sure
    FROM session
    WHERE session.created_at >= $from - $history
      AND session.created_at < $until
      AND session.depth = 0
      AND (
          session.root_kind IN ('identity center', 'saml')
          OR (session.root_kind = 'service' AND glob(session.session_name, 'i-????????*'))
      )
    UNION
    SELECT
        lower(split_part(regexp_replace(footprint.principal, '^.*/', ''), '@', 1)) AS name,
        footprint.principal AS owner,
        0 AS is_sure
    FROM footprint
    WHERE footprint.first_at >= $from - $user_history
      AND footprint.first_at < $until
      AND footprint.date >= CAST($from - $user_history AS DATE) -- prunes
      AND footprint.principal LIKE 'arn:%:user/%'
),
known AS (
    SELECT
        named.name,
        min(named.owner) AS owner,
        count(DISTINCT named.owner) AS owners,
        max(named.is_sure) AS is_sure
    FROM named
    GROUP BY named.name
),
given AS (
    SELECT
        asked.*,
        'session name' AS why,
        lower(split_part(asked.session_name, '@', 1)) AS given_name
    FROM asked
    UNION ALL
    SELECT
        asked.*,
        'source identity' AS why,
        lower(split_part(asked.source_identity, '@', 1)) AS given_name
    FROM asked
),
vouched AS (
    SELECT
        session.session_id,
        lower(split_part(session.session_name, '@', 1)) AS name
    FROM session
    WHERE session.created_at >= $from - $history - $history -- prunes
      AND session.created_at < $until -- prunes
      AND session.root_kind IN ('identity center', 'saml', 'service', 'console')
),
borrowed AS (
    SELECT
        given.*,
        known.owner,
        known.owners,
        known.is_sure
    FROM given
    JOIN known ON known.name = given.given_name
    LEFT JOIN vouched ON vouched.session_id = given.root_session_id
    WHERE given.given_name <> lower(split_part(regexp_replace(given.root_principal, '^.*[/ ]', ''), '@', 1))
      AND coalesce(given.given_name <> vouched.name, TRUE)
      AND (
          given.root_session_id IS NOT NULL
          OR coalesce(given.given_name <> lower(split_part(session_name(given.caller_arn), '@', 1)), TRUE)
      )
),
habit AS (
    SELECT DISTINCT
        borrowed.caller_principal,
        borrowed.given_name
    FROM borrowed
    WHERE borrowed.created_at < date_trunc('day', $from)
),
broker AS (
    SELECT habit.caller_principal
    FROM habit
    GROUP BY habit.caller_principal
    HAVING count(*) >= $broker_names
),
found AS (
    SELECT borrowed.*
    FROM borrowed
    WHERE borrowed.created_at >= $from
      AND NOT EXISTS (
          SELECT 1
          FROM habit
          WHERE habit.caller_principal = borrowed.caller_principal
            AND habit.given_name = borrowed.given_name
      )
      AND NOT EXISTS (
          SELECT 1
          FROM broker
          WHERE broker.caller_principal = borrowed.caller_principal
      )
      AND NOT EXISTS (
          SELECT 1
          FROM automation
          WHERE glob(borrowed.caller_principal, automation.principal) OR glob(borrowed.root_principal, automation.principal)
      )
      AND NOT EXISTS (
          SELECT 1
          FROM portal
          WHERE glob(borrowed.caller_principal, portal.principal)
      )
    UNION ALL
    SELECT
        asked.*,
        'source identity lost' AS why,
        lower(split_part(parent.source_identity, '@', 1)) AS given_name,
        parent.root_principal AS owner,
        1 AS owners,
        1 AS is_sure
    FROM asked
    JOIN session AS parent ON parent.session_id = asked.parent_session_id
    WHERE asked.created_at >= $from
      AND asked.source_identity IS NULL
      AND asked.parent_link <> 'ambiguous'
      AND parent.source_identity IS NOT NULL
      AND parent.created_at >= $from - $history -- prunes
      AND parent.created_at < $until -- prunes
),
once AS (
    SELECT
        found.*,
        row_number() OVER (PARTITION BY found.session_id ORDER BY found.why, found.given_name) AS turn
    FROM found
),
told AS (
    SELECT
        once.*,
        count(*) OVER (PARTITION BY once.root_principal, once.given_name) AS sessions,
        max(coalesce(once.last_used_at, once.created_at)) OVER (
            PARTITION BY once.root_principal, once.given_name
        ) AS last_seen,
        row_number() OVER (
            PARTITION BY once.root_principal, once.given_name
            ORDER BY once.created_at, once.session_id
        ) AS place
    FROM once
    WHERE once.turn = 1
)
SELECT
    coalesce(told.session_arn, told.principal) AS subject,
    told.created_at AS first_at,
    told.last_seen AS last_at,
    CASE
        WHEN told.is_sure = 0 AND told.owners > 1 THEN 'low'
        WHEN ' ' || told.changed_services || ' ' LIKE '% iam %' THEN 'high'
        ELSE 'medium'
    END AS severity,
    told.root_principal AS root,
    told.path,
    replace(told.account_path, ' > ', ' ') AS accounts,
    coalesce(told.networks, network_of(told.issue_source_ip)) AS networks,
    told.sessions AS count,
    told.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE session_name = ''' || replace(told.session_name, '''', '''''')
        || ''' ORDER BY created_at' AS more,
    told.why,
    told.given_name,
    told.owner,
    told.owners,
    told.session_name,
    told.source_identity,
    told.root_kind,
    told.caller_principal,
    told.principal,
    told.issue_source_ip,
    told.issue_user_agent,
    told.changed_services
FROM told
WHERE told.place = 1
ORDER BY told.created_at, told.session_id
