/*
+++
title       = "A credential is tried out, and looks around"
severity    = "medium"
confidence  = "medium"
family      = "recon"
covers      = ["RC-1"]
subsumes    = [
    "E09", "E25", "E45", "E46", "E47", "E48", "E58", "E64", "Z01", "Z02", "Z03", "Z10", "P19", "P20", "P27", "K13",
    "K14", "S16", "S18", "G06",
]
attack      = ["T1087.004", "T1580", "T1526", "T1069.003"]
fingerprint = ["subject", "credential", "severity"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
]

[param.burst]
type    = "interval"
default = "10 minutes"
about   = "the time within which reads and refused calls are counted"

[param.apis]
type    = "integer"
default = 5
about   = "different APIs that must be read, or refused, within that time"

[param.services]
type    = "integer"
default = 3
about   = "services that must be read within that time"

[param.refused_calls]
type    = "integer"
default = 10
about   = "calls that must be refused within that time"

[param.prized_apis]
type    = "list"
default = [
    "GetPasswordData", "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "CreateServiceSpecificCredential",
    "GetFederationToken", "GetSessionToken", "GetRoleCredentials", "GetClusterCredentials", "SendSSHPublicKey",
]
about   = "APIs that hand out credentials, and that programs seldom call: as many refusals of one kind are enough"

[param.region_burst]
type    = "interval"
default = "5 minutes"
about   = "the time within which regions are counted"

[param.regions]
type    = "integer"
default = 10
about   = "regions that must be asked within that time"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place or client counts as one of the principal's"

[param.shared_by]
type    = "integer"
default = 3
about   = "a network from which so many principals worked before is the organisation's own"

[param.shown]
type    = "integer"
default = 20
about   = "how many events are named as evidence"

[column.credential]
about = "The long-term key that was used; NULL for sessions."

[column.tried_out]
about = "Whether it asked who it is from a new place, and then read service after service."

[column.refused]
about = "Whether it was refused many calls, of many kinds or for credentials."

[column.toured]
about = "Whether it went through many regions, from a new place or with a new client."

[column.new_client]
about = "Whether the principal never used a client of this family."

[column.read_apis]
about = "The most different APIs that it read within one burst."

[column.refused_calls]
about = "The most calls that it was refused within one burst."

[column.asked_regions]
about = "The most regions that it asked within one burst."

[column.clients]
about = "The families of the clients that were used, separated by blanks."
+++

A credential did what whoever finds one does first. It asked who it is, from a place where its principal never
worked, and then read service after service; or it was refused many calls, of many kinds or for credentials;
or it went through many regions from a new place or with a new client. Two of these together, or a network on
a list, are high.

## Why it matters

Between the leak of a key and its abuse lie some minutes in which the finder learns what it opens. Nothing
is lost yet.

## When it is harmless

Everybody asks who they are: `GetCallerIdentity` alone is nothing. Somebody who travels does it at a new
place, and starts to work: with a role's session and the usual client that is low. A program with too few
permissions is refused day by day: as many refusals on an earlier day, by the same principal and client from
the same network, are a habit. Scanners of `rolecall.toml`, networks from which several principals worked,
vendors from outside that come with an external id, console sessions, services that act for a caller, and APIs that every
client calls by itself are left out.

## What it cannot see

Somebody who takes hours, or who reads one service alone. Secrets that are asked for by the dozen, and given. Data that is read: most of it is in no trail. Within
an hour, usage knows the first and last call of each kind; the calls between count as if they came last.
*/
WITH past AS (
    SELECT
        footprint.principal,
        footprint.place,
        footprint.network,
        footprint.client
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
home AS (
    SELECT
        past.principal,
        past.network AS spot
    FROM past
    UNION
    SELECT
        past.principal,
        past.place AS spot
    FROM past
),
shared AS (
    SELECT past.network
    FROM past
    GROUP BY past.network
    HAVING count(DISTINCT past.principal) >= $shared_by
),
common AS (
    SELECT past.place
    FROM past
    GROUP BY past.place
    HAVING count(DISTINCT past.principal) >= $shared_by
),
tool AS (
    SELECT DISTINCT
        past.principal,
        past.client
    FROM past
),
settled AS (
    SELECT DISTINCT past.principal
    FROM past
),
called AS (
    SELECT
        usage.*,
        CASE
            WHEN is_private_address(usage.source_ip_address) THEN usage.source_place
            ELSE network_of(usage.source_ip_address)
        END AS network,
        client_of(coalesce(usage.user_agent, '')) AS client
    FROM usage
    WHERE usage.hour >= $from - $burst - INTERVAL '1 hour'
      AND usage.hour < $until
      AND usage.date >= CAST($from - $burst - INTERVAL '1 hour' AS DATE) -- prunes
      AND usage.access_key_id IS NOT NULL -- prunes
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND is_address(usage.source_ip_address)
      AND NOT EXISTS (
          SELECT 1
          FROM automation
          WHERE glob(usage.principal, automation.principal)
      )
      AND NOT EXISTS (
          SELECT 1
          FROM quiet_api
          WHERE glob(split_part(usage.event_source, '.', 1) || ':' || usage.event_name, quiet_api.api)
      )
),
vouched AS (
    SELECT DISTINCT
        called.principal,
        called.source_ip_address
    FROM called
    JOIN known_network AS own
      ON glob(called.principal, own.principal)
     AND (
         in_cidr(called.source_ip_address, own.cidr)
         OR own.place = called.source_place
         OR glob(' ' || called.source_lists || ' ', '* ' || own.place || ' *')
         OR own.country = called.source_country
     )
),
placed AS (
    SELECT
        called.access_key_id,
        called.principal,
        called.principal_id,
        called.session_created_at,
        called.recipient_account_id,
        called.aws_region,
        called.network,
        called.client,
        called.source_place,
        called.source_country,
        called.source_lists,
        called.event_source AS service,
        called.event_source || ':' || called.event_name AS api,
        called.event_name = 'GetCallerIdentity' AS asks_who,
        coalesce(called.read_only, FALSE) AS reads,
        called.event_name = ANY($prized_apis) AS prized,
        coalesce(called.error_code LIKE '%AccessDenied%' OR called.error_code LIKE '%Unauthorized%', FALSE) AS is_refused,
        called.calls,
        called.first_at,
        called.last_at,
        tool.client IS NULL AS new_client,
        CASE
            WHEN at_place.spot IS NOT NULL THEN FALSE
            WHEN at_network.spot IS NOT NULL THEN FALSE
            WHEN shared.network IS NOT NULL THEN FALSE
            WHEN vouched.principal IS NOT NULL THEN FALSE
            WHEN settled.principal IS NULL AND common.place IS NOT NULL THEN FALSE
            ELSE TRUE
        END AS new_place
    FROM called
    LEFT JOIN home AS at_place
      ON at_place.principal = called.principal
     AND at_place.spot = called.source_place
    LEFT JOIN home AS at_network
      ON at_network.principal = called.principal
     AND at_network.spot = called.network
    LEFT JOIN shared ON shared.network = called.network
    LEFT JOIN common ON common.place = called.source_place
    LEFT JOIN settled ON settled.principal = called.principal
    LEFT JOIN tool
      ON tool.principal = called.principal
     AND tool.client = called.client
    LEFT JOIN vouched
      ON vouched.principal = called.principal
     AND vouched.source_ip_address = called.source_ip_address
),
moment AS (
    SELECT
        placed.*,
        date_trunc('second', placed.first_at) AS at,
        CASE WHEN placed.last_at = placed.first_at THEN placed.calls ELSE 1 END AS weight
    FROM placed
    UNION ALL
    SELECT
        placed.*,
        date_trunc('second', placed.last_at) AS at,
        placed.calls - 1 AS weight
    FROM placed
    WHERE placed.last_at > placed.first_at
),
-- Anybody may give an external id; only to those from outside does it say what they came for.
vendor AS (
    SELECT session.issued_key
    FROM session
    LEFT JOIN organization_account ON organization_account.account_id = session.caller_account_id
    WHERE session.external_id IS NOT NULL
      AND organization_account.account_id IS NULL
      AND session.created_at >= $from - INTERVAL '2 days' -- prunes
),
tried AS (
    SELECT
        one.access_key_id,
        one.at AS first_at,
        max(other.at) AS last_at,
        count(DISTINCT other.api) AS apis
    FROM moment AS one
    JOIN moment AS other
      ON other.access_key_id = one.access_key_id
     AND other.at >= one.at
     AND other.at < one.at + $burst
     AND other.reads
     AND other.new_place
     AND NOT other.asks_who
    WHERE one.asks_who
      AND NOT EXISTS (
          SELECT 1
          FROM vendor
          WHERE vendor.issued_key = one.access_key_id
      )
    GROUP BY one.access_key_id, one.at
    HAVING count(DISTINCT other.api) >= $apis
       AND count(DISTINCT other.service) >= $services
       AND max(other.at) >= $from
),
refused AS (
    SELECT moment.*
    FROM moment
    WHERE moment.is_refused
      AND NOT EXISTS (
          SELECT 1
          FROM footprint AS past
          WHERE past.principal = moment.principal
            AND past.network = moment.network
            AND past.client = moment.client
            AND past.failed_calls >= $refused_calls
            AND past.first_at >= $from - $history
            AND past.first_at < date_trunc('day', $from)
            AND past.date >= CAST($from - $history AS DATE) -- prunes
      )
),
refused_anchor AS (
    SELECT DISTINCT
        refused.access_key_id,
        refused.at
    FROM refused
),
denied AS (
    SELECT
        one.access_key_id,
        one.at AS first_at,
        max(other.at) AS last_at,
        sum(other.weight) AS calls
    FROM refused_anchor AS one
    JOIN refused AS other
      ON other.access_key_id = one.access_key_id
     AND other.at >= one.at
     AND other.at < one.at + $burst
    GROUP BY one.access_key_id, one.at
    HAVING sum(other.weight) >= $refused_calls
       AND (
           count(DISTINCT other.api) >= $apis
           OR sum(CASE WHEN other.prized THEN other.weight ELSE 0 END) >= $refused_calls
       )
       AND max(other.at) >= $from
),
far AS (
    SELECT DISTINCT
        moment.access_key_id,
        moment.aws_region,
        moment.at
    FROM moment
    WHERE (moment.new_place OR moment.new_client)
      AND moment.reads
),
toured AS (
    SELECT
        one.access_key_id,
        one.at AS first_at,
        max(other.at) AS last_at,
        count(DISTINCT other.aws_region) AS regions
    FROM far AS one
    JOIN far AS other
      ON other.access_key_id = one.access_key_id
     AND other.at >= one.at
     AND other.at < one.at + $region_burst
    GROUP BY one.access_key_id, one.at
    HAVING count(DISTINCT other.aws_region) >= $regions
       AND max(other.at) >= $from
),
sign AS (
    SELECT access_key_id, first_at, last_at, apis AS read_apis, 0 AS refused_calls, 0 AS asked_regions
    FROM tried
    UNION ALL
    SELECT access_key_id, first_at, last_at, 0 AS read_apis, calls AS refused_calls, 0 AS asked_regions
    FROM denied
    UNION ALL
    SELECT access_key_id, first_at, last_at, 0 AS read_apis, 0 AS refused_calls, regions AS asked_regions
    FROM toured
),
found AS (
    SELECT
        sign.access_key_id,
        min(sign.first_at) AS first_at,
        max(sign.last_at) AS last_at,
        max(sign.read_apis) AS read_apis,
        max(sign.refused_calls) AS refused_calls,
        max(sign.asked_regions) AS asked_regions
    FROM sign
    GROUP BY sign.access_key_id
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
scene AS (
    SELECT
        found.access_key_id,
        max(placed.principal) AS principal,
        sum(placed.calls) AS calls,
        bool_or(placed.new_client) AS new_client,
        max(placed.source_lists) AS source_lists,
        max(CASE WHEN placed.new_place THEN placed.source_place END) AS new_place,
        max(placed.source_place) AS source_place,
        max(placed.source_country) AS source_country,
        nullif(array_to_string(array_sort(array_agg(DISTINCT placed.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT placed.network)), ' '), '') AS networks,
        nullif(array_to_string(array_sort(array_agg(DISTINCT placed.client)), ' '), '') AS clients,
        max(coalesce(held.root_principal, placed.principal)) AS root_principal,
        max(held.path) AS path,
        min(held.issue_event_ids) AS issue_event_ids
    FROM found
    JOIN placed
      ON placed.access_key_id = found.access_key_id
     AND placed.first_at <= found.last_at
     AND placed.last_at >= found.first_at
    LEFT JOIN held
      ON held.principal_id = placed.principal_id
     AND held.created_at = placed.session_created_at
    GROUP BY found.access_key_id
),
proof AS (
    SELECT
        found.access_key_id,
        event.event_id,
        row_number() OVER (
            PARTITION BY found.access_key_id
            ORDER BY event.event_time, event.event_id
        ) AS nth
    FROM found
    JOIN event
      ON event.user_identity_access_key_id = found.access_key_id
     AND event.event_time >= found.first_at
     AND event.event_time <= found.last_at
    WHERE event.event_time >= $from - $burst - INTERVAL '1 hour' -- prunes
      AND event.event_time < $until -- prunes
),
proven AS (
    SELECT
        proof.access_key_id,
        string_agg(proof.event_id, ' ' ORDER BY proof.nth) AS event_ids
    FROM proof
    WHERE proof.nth <= $shown
    GROUP BY proof.access_key_id
)
SELECT
    scene.principal AS subject,
    found.first_at,
    found.last_at,
    CASE
        WHEN scene.source_lists IS NOT NULL THEN 'high'
        WHEN found.read_apis > 0 AND found.refused_calls > 0 THEN 'high'
        WHEN found.read_apis > 0 AND found.asked_regions > 0 THEN 'high'
        WHEN found.refused_calls > 0 AND found.asked_regions > 0 THEN 'high'
        WHEN found.refused_calls > 0 OR found.asked_regions > 0 THEN 'medium'
        WHEN found.access_key_id LIKE 'AKIA%' OR scene.new_client THEN 'medium'
        ELSE 'low'
    END AS severity,
    scene.root_principal AS root,
    scene.path,
    scene.accounts,
    scene.networks,
    scene.calls AS count,
    coalesce(proven.event_ids, scene.issue_event_ids) AS event_ids,
    'SELECT hour, aws_region, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE access_key_id = ''' || replace(found.access_key_id, '''', '''''') || ''' ORDER BY hour' AS more,
    CASE WHEN found.access_key_id LIKE 'AKIA%' THEN found.access_key_id END AS credential,
    found.read_apis > 0 AS tried_out,
    found.refused_calls > 0 AS refused,
    found.asked_regions > 0 AS toured,
    found.read_apis,
    found.refused_calls,
    found.asked_regions,
    scene.new_client,
    scene.clients,
    coalesce(scene.new_place, scene.source_place) AS source_place,
    scene.source_country,
    scene.source_lists
FROM found
JOIN scene ON scene.access_key_id = found.access_key_id
LEFT JOIN proven ON proven.access_key_id = found.access_key_id
ORDER BY found.first_at, found.access_key_id
