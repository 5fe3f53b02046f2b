/*
+++
title       = "A credential is used from a place where its principal never worked"
severity    = "low"
confidence  = "medium"
family      = "leaked key"
covers      = ["LK-1"]
subsumes    = [
    "E10", "E11", "E13", "E27", "E28", "E59", "E61", "K11", "K12", "K15", "K16", "K19", "EH2", "EH7", "M03", "S17",
    "G06", "G07", "P20",
]
attack      = ["T1078.004", "T1552.001"]
fingerprint = ["subject", "credential", "source_place", "severity"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place counts as one where the principal works"

[param.settled]
type    = "integer"
default = 2
about   = "earlier days on which a principal must have worked before a place can be new to it"

[param.roaming]
type    = "integer"
default = 20
about   = "a principal that worked from so many places is everybody's: one more tells nothing"

[param.shared_by]
type    = "integer"
default = 3
about   = "a network from which so many principals worked before is the organisation's own"

[param.burst]
type    = "interval"
default = "1 hour"
about   = "the time within which sensitive calls are added up"

[param.sensitive_calls]
type    = "integer"
default = 2
about   = "sensitive calls within that time that make a new place severe"

[param.sensitive_services]
type    = "list"
default = ["iam", "organizations", "sso", "identitystore", "rolesanywhere", "cloudtrail", "guardduty", "config"]
about   = "services in which every change is sensitive"

[param.sensitive_apis]
type    = "list"
default = [
    "GetSecretValue", "BatchGetSecretValue", "GetPasswordData", "GetFederationToken", "SendCommand", "StartSession",
    "RunInstances", "CreateFunction20150331", "UpdateFunctionCode20150331v2", "ModifySnapshotAttribute",
    "ModifyImageAttribute", "PutBucketPolicy", "PutKeyPolicy", "CreateGrant",
]
about   = "further APIs that are sensitive"

[param.within]
type    = "interval"
default = "30 minutes"
about   = "use elsewhere so close in time makes it one credential in two places, which is another finding"

[param.workload_services]
type    = "list"
default = [
    "ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com",
    "codebuild.amazonaws.com", "glue.amazonaws.com", "sagemaker.amazonaws.com", "bedrock-agentcore.amazonaws.com",
]
about   = "services that hand a role to workloads, whose credentials are another finding"

[param.shown]
type    = "integer"
default = 20
about   = "how many events are named as evidence"

[column.credential]
about = "The long-term key that was used; NULL for a role's or user's sessions."

[column.new_country]
about = "Whether the country is new as well; false where no database knows it."

[column.new_client]
about = "Whether the client's family is new as well."

[column.sensitive_calls]
about = "The most sensitive calls within one burst."

[column.elsewhere_too]
about = "Whether the same key was used elsewhere at the same time."

[column.clients]
about = "The families of the clients that were used there, separated by blanks."

[column.known_places]
about = "How many places the principal worked from before."
+++

A long-term key, or a session of a role, was used from a place (an autonomous system, a VPC endpoint, or a
`/16` where no database knows the address) from which its principal did not work on any earlier day. Alone
that is only counted. It is severe on a list of suspicious networks, or with sensitive calls within the hour.

## Why it matters

A stolen key has to be used from somewhere, and the thief's network is hardly ever the owner's. The first
calls from there are the first that a trail can show of a leak.

## When it is harmless

Somebody travels, changes the provider, or works from a telephone; a build moves to other runners. Such
findings are low: the client stays the same, and nothing sensitive is done. Networks of `rolecall.toml`, and
those from which several principals worked before (offices, VPNs), are known to everybody. Roles that AWS
hands to workloads, those that only service accounts of clusters take, roles that half the world uses,
services that act for a caller, and console sessions are left out.

## What it cannot see

A thief in a network that the owner uses, such as the same cloud. A principal that nobody used before. A key
that its owner uses at the same time elsewhere is told by `credential-in-two-places`, and is low here. Without
databases of networks, countries and lists are unknown, and one provider has many places.
*/
WITH past AS (
    SELECT
        footprint.principal,
        footprint.place,
        footprint.network,
        footprint.country,
        footprint.client,
        date_trunc('day', footprint.first_at) AS day
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
shared AS (
    SELECT past.network
    FROM past
    GROUP BY past.network
    HAVING count(DISTINCT past.principal) >= $shared_by
),
homeland AS (
    SELECT DISTINCT
        past.principal,
        past.country
    FROM past
),
tool AS (
    SELECT DISTINCT
        past.principal,
        past.client
    FROM past
),
used AS (
    SELECT
        usage.*,
        CASE WHEN usage.access_key_id LIKE 'AKIA%' THEN usage.access_key_id END AS credential,
        CASE
            WHEN is_private_address(usage.source_ip_address) THEN usage.source_place
            ELSE network_of(usage.source_ip_address)
        END AS network,
        client_of(coalesce(usage.user_agent, '')) AS client,
        CASE
            WHEN usage.event_name = ANY($sensitive_apis) THEN usage.calls
            WHEN NOT coalesce(usage.read_only, only_reads(usage.event_name))
             AND split_part(usage.event_source, '.', 1) = ANY($sensitive_services) THEN usage.calls
            ELSE 0
        END AS sensitive
    FROM usage
    WHERE usage.hour >= $from - $burst - INTERVAL '1 hour'
      AND usage.hour < $until
      AND usage.date >= CAST($from - $burst - INTERVAL '1 hour' AS DATE) -- prunes
      AND usage.access_key_id IS NOT NULL
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND usage.session_ec2_role_delivery IS NULL
      AND is_address(usage.source_ip_address)
),
unusual AS (
    SELECT used.*
    FROM used
    WHERE used.principal IN (SELECT past.principal FROM past) -- prunes
      AND NOT EXISTS (
          SELECT 1
          FROM past
          WHERE past.principal = used.principal
            AND past.place = used.source_place
      )
      AND NOT EXISTS (
          SELECT 1
          FROM past
          WHERE past.principal = used.principal
            AND past.network = used.network
      )
      AND NOT EXISTS (
          SELECT 1
          FROM shared
          WHERE shared.network = used.network
      )
),
habit AS (
    SELECT
        past.principal,
        count(DISTINCT past.place) AS places,
        count(DISTINCT past.country) AS countries
    FROM past
    WHERE past.principal IN (SELECT unusual.principal FROM unusual) -- prunes
    GROUP BY past.principal
    HAVING count(DISTINCT past.day) >= $settled
),
pods AS (
    -- Roles that only service accounts of clusters take.
    SELECT edge.to_principal AS principal
    FROM edge
    WHERE edge.first_at >= $from - $history
      AND edge.first_at < $until
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY edge.to_principal
    HAVING bool_and(edge.from_principal LIKE '% system:serviceaccount:%')
),
strange AS (
    SELECT
        unusual.*,
        habit.places,
        unusual.source_country IS NOT NULL AND habit.countries > 0 AND homeland.country IS NULL AS new_country,
        tool.client IS NULL AS new_client
    FROM unusual
    JOIN habit ON habit.principal = unusual.principal
    LEFT JOIN homeland
      ON homeland.principal = unusual.principal
     AND homeland.country = unusual.source_country
    LEFT JOIN tool
      ON tool.principal = unusual.principal
     AND tool.client = unusual.client
    WHERE (habit.places < $roaming OR unusual.source_lists IS NOT NULL)
      AND NOT EXISTS (
          SELECT 1
          FROM edge
          WHERE edge.to_principal = unusual.principal
            AND edge.from_principal = ANY($workload_services)
            AND edge.first_at >= $from - $history
            AND edge.first_at < $until
            AND edge.date >= CAST($from - $history AS DATE) -- prunes
      )
      AND NOT EXISTS (
          SELECT 1
          FROM pods
          WHERE pods.principal = unusual.principal
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_network AS own
          WHERE glob(unusual.principal, own.principal)
            AND (
                in_cidr(unusual.source_ip_address, own.cidr)
                OR own.place = unusual.source_place
                OR glob(' ' || unusual.source_lists || ' ', '* ' || own.place || ' *')
                OR own.country = unusual.source_country
            )
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_endpoint
          WHERE known_endpoint.vpc_endpoint_id = unusual.vpc_endpoint_id
      )
),
anchor AS (
    SELECT DISTINCT
        strange.access_key_id,
        strange.source_place,
        strange.first_at
    FROM strange
),
busy AS (
    SELECT
        anchor.access_key_id,
        anchor.source_place,
        anchor.first_at,
        sum(strange.sensitive) AS sensitive
    FROM anchor
    JOIN strange
      ON strange.access_key_id = anchor.access_key_id
     AND strange.source_place = anchor.source_place
     AND strange.last_at >= anchor.first_at
     AND strange.first_at < anchor.first_at + $burst
    GROUP BY anchor.access_key_id, anchor.source_place, anchor.first_at
),
busiest AS (
    SELECT
        busy.access_key_id,
        busy.source_place,
        max(busy.sensitive) AS sensitive
    FROM busy
    GROUP BY busy.access_key_id, busy.source_place
),
beside AS (
    SELECT DISTINCT
        strange.access_key_id,
        strange.source_place
    FROM strange
    JOIN used AS other
      ON other.access_key_id = strange.access_key_id
     AND other.source_place <> strange.source_place
     AND (
         (other.source_ip_address LIKE '%:%') = (strange.source_ip_address LIKE '%:%')
         OR (other.source_place NOT LIKE '%/%' AND strange.source_place NOT LIKE '%/%')
     )
     AND NOT is_private_address(other.source_ip_address)
     AND other.first_at <= strange.last_at + $within
     AND strange.first_at <= other.last_at + $within
    WHERE NOT is_private_address(strange.source_ip_address)
),
proof AS (
    SELECT
        event.user_identity_access_key_id AS access_key_id,
        event.source_place,
        event.event_id,
        row_number() OVER (
            PARTITION BY event.user_identity_access_key_id, event.source_place
            ORDER BY event.event_time, event.event_id
        ) AS nth
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.date >= CAST($from AS DATE) -- prunes
),
proven AS (
    SELECT
        proof.access_key_id,
        proof.source_place,
        string_agg(proof.event_id, ' ' ORDER BY proof.nth) AS event_ids
    FROM proof
    WHERE proof.nth <= $shown
    GROUP BY proof.access_key_id, proof.source_place
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
key AS (
    SELECT
        strange.principal,
        strange.credential,
        strange.access_key_id,
        strange.source_place,
        min(strange.first_at) AS first_at,
        max(strange.last_at) AS last_at,
        sum(strange.calls) AS calls,
        bool_or(strange.new_country) AS new_country,
        bool_or(strange.new_client) AS new_client,
        max(strange.source_country) AS source_country,
        max(strange.source_operator) AS source_operator,
        max(strange.source_lists) AS source_lists,
        max(strange.places) AS places,
        nullif(array_to_string(array_sort(array_agg(DISTINCT strange.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT strange.network)), ' '), '') AS networks,
        nullif(array_to_string(array_sort(array_agg(DISTINCT strange.client)), ' '), '') AS clients,
        max(coalesce(held.root_principal, strange.principal)) AS root_principal,
        max(held.path) AS path,
        min(held.issue_event_ids) AS issue_event_ids
    FROM strange
    LEFT JOIN held
      ON held.principal_id = strange.principal_id
     AND held.created_at = strange.session_created_at
    GROUP BY strange.principal, strange.credential, strange.access_key_id, strange.source_place
    HAVING max(strange.last_at) >= $from
),
judged AS (
    SELECT
        key.*,
        busiest.sensitive AS sensitive,
        beside.access_key_id IS NOT NULL AS elsewhere_too,
        coalesce(proven.event_ids, key.issue_event_ids) AS event_ids,
        CASE
            WHEN key.source_lists IS NOT NULL THEN 'high'
            WHEN beside.access_key_id IS NOT NULL THEN 'low'
            WHEN busiest.sensitive >= $sensitive_calls
             AND (key.credential IS NOT NULL OR key.new_country OR key.new_client) THEN 'high'
            WHEN busiest.sensitive >= $sensitive_calls
             AND key.source_place NOT LIKE '%/%' THEN 'medium'
            WHEN key.new_country
             AND (key.credential IS NOT NULL OR key.new_client) THEN 'medium'
            ELSE 'low'
        END AS severity
    FROM key
    LEFT JOIN busiest
      ON busiest.access_key_id = key.access_key_id
     AND busiest.source_place = key.source_place
    LEFT JOIN beside
      ON beside.access_key_id = key.access_key_id
     AND beside.source_place = key.source_place
    LEFT JOIN proven
      ON proven.access_key_id = key.access_key_id
     AND proven.source_place = key.source_place
)
SELECT
    judged.principal AS subject,
    judged.first_at,
    judged.last_at,
    judged.severity,
    judged.root_principal AS root,
    judged.path,
    judged.accounts,
    judged.networks,
    judged.calls AS count,
    judged.event_ids,
    'SELECT hour, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE principal = ''' || replace(judged.principal, '''', '''''') || ''' AND source_place = '''
        || replace(judged.source_place, '''', '''''') || ''' ORDER BY hour' AS more,
    judged.credential,
    judged.source_place,
    judged.source_country,
    judged.source_operator,
    judged.source_lists,
    judged.new_country,
    judged.new_client,
    judged.sensitive AS sensitive_calls,
    judged.elsewhere_too,
    judged.clients,
    judged.places AS known_places
FROM judged
ORDER BY judged.first_at, judged.access_key_id, judged.source_place
