/*
+++
title       = "One credential is used in two places at once"
severity    = "high"
confidence  = "medium"
family      = "leaked key"
covers      = ["LK-2"]
subsumes    = ["E12", "E14", "E49", "K04", "K05", "P25", "G09"]
attack      = ["T1078.004", "T1550.001", "T1552.001"]
fingerprint = ["root", "subject", "other_place", "severity"]
baseline    = "7 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html",
]

[param.within]
type    = "interval"
default = "30 minutes"
about   = "how close in time two uses are at once"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place counts as one where the principal works"

[param.shared_by]
type    = "integer"
default = 3
about   = "a network from which so many principals worked before is the organisation's own"

[param.workload_services]
type    = "list"
default = [
    "ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com",
    "codebuild.amazonaws.com", "glue.amazonaws.com", "sagemaker.amazonaws.com", "bedrock-agentcore.amazonaws.com",
]
about   = "services that hand a role to workloads, whose credentials are another finding"

[param.sensitive_calls]
type    = "integer"
default = 2
about   = "sensitive calls from the strange place that count as evidence"

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

[param.signed_in_within]
type    = "interval"
default = "12 hours"
about   = "how long a sign-in at the portal of Identity Center vouches for the network that it came from"

[param.shown]
type    = "integer"
default = 20
about   = "how many events are named as evidence"

[column.credential]
about = "The access key that was used."

[column.one_place]
about = "One of the two places."

[column.other_place]
about = "The other: the stranger one, if one is known."

[column.one_country]
about = "The country of the one place, if a database knows it."

[column.other_country]
about = "The country of the other place, if a database knows it."

[column.interleaved]
about = "Whether the uses overlap in time, instead of one place taking over from the other."

[column.new_client]
about = "Whether a strange place uses a client that its principal never used, and the other place does not."

[column.signed_in_there]
about = "Whether somebody signed in to Identity Center from the strange network shortly before: a person who travels."

[column.sensitive_calls]
about = "The sensitive calls from the strange place, within an hour."

[column.evidence_points]
about = "How much speaks against a change of networks: 0 is low, 1 medium, more is high."
+++

The same access key signed calls from two places (autonomous systems, or `/16` networks where no database
knows an address) within minutes, and its principal did not work from both of them before.

## Why it matters

A key is in one place unless it has been copied. Its owner goes on working while somebody else looks
around with it: that overlap is the clearest sign of a leak that a trail can show, and it shows it in
minutes.

## When it is harmless

Somebody leaves a VPN, changes to a telephone or travels. One place then takes over from the other, the client
and the country stay the same, and the finding is low. It rises with each of these: the uses overlap and the
country is not known to be the same, the countries differ, the client is new, the calls are sensitive, the
network is on a list. A session is low if somebody signed in to Identity Center from the strange network
before: that is a person on a journey, part of whose calls still come through the telephone at home. Places
and networks that the principal used on earlier days, those that several principals share, and those of
`rolecall.toml` are nobody's second place; neither are AWS services that act for the caller, console sessions,
private addresses, roles that AWS hands to workloads or that only service accounts of clusters take, and the
IPv4 and IPv6 addresses of one machine.

## What it cannot see

A thief who works only while the owner sleeps (`key-from-new-place` sees that), or from a network that the
owner uses. Credentials of instances are judged by `workload-credential-off-workload`. Without a database
of networks, two places of one provider look like two, and countries are unknown.
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
shared AS (
    SELECT past.network
    FROM past
    GROUP BY past.network
    HAVING count(DISTINCT past.principal) >= $shared_by
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
tool AS (
    SELECT DISTINCT
        past.principal,
        past.client
    FROM past
),
moved AS (
    SELECT
        usage.access_key_id,
        min(usage.source_place) AS one_place,
        max(usage.source_place) AS other_place
    FROM usage
    WHERE usage.hour >= $from - $within - INTERVAL '1 hour' -- prunes
      AND usage.hour < $until -- prunes
    GROUP BY usage.access_key_id
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
called AS (
    SELECT
        usage.*,
        network_of(usage.source_ip_address) AS network,
        client_of(coalesce(usage.user_agent, '')) AS client,
        usage.source_ip_address LIKE '%:%' AS six,
        CASE
            WHEN usage.event_name = ANY($sensitive_apis) THEN usage.calls
            WHEN NOT coalesce(usage.read_only, only_reads(usage.event_name))
             AND split_part(usage.event_source, '.', 1) = ANY($sensitive_services) THEN usage.calls
            ELSE 0
        END AS sensitive
    FROM usage
    WHERE usage.hour >= $from - $within - INTERVAL '1 hour'
      AND usage.hour < $until
      AND usage.date >= CAST($from - $within - INTERVAL '1 hour' AS DATE) -- prunes
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND is_address(usage.source_ip_address)
      AND NOT is_private_address(usage.source_ip_address)
      AND usage.session_ec2_role_delivery IS NULL
      AND usage.access_key_id IN (SELECT moved.access_key_id FROM moved WHERE moved.one_place <> moved.other_place) -- prunes
      AND NOT EXISTS (
          SELECT 1
          FROM edge
          WHERE edge.to_principal = usage.principal
            AND edge.from_principal = ANY($workload_services)
            AND edge.first_at >= $from - $history
            AND edge.first_at < $until
            AND edge.date >= CAST($from - $history AS DATE) -- prunes
      )
      AND NOT EXISTS (
          SELECT 1
          FROM pods
          WHERE pods.principal = usage.principal
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
signed_in AS (
    SELECT DISTINCT network_of(event.source_ip_address) AS network
    FROM event
    WHERE event.event_time >= $from - $signed_in_within
      AND event.event_time < $until
      AND event.date >= CAST($from - $signed_in_within AS DATE) -- prunes
      -- A challenge is met by a name, and a password is half of a sign-in: only this tells of a whole one.
      AND (event.event_source = 'sso.amazonaws.com' OR event.event_name = 'UserAuthentication')
      AND event.user_identity_type IN ('IdentityCenterUser', 'Unknown')
      AND event.succeeded
),
used AS (
    SELECT
        called.access_key_id,
        called.principal,
        called.source_place,
        called.six,
        called.hour,
        max(called.principal_id) AS principal_id,
        max(called.session_created_at) AS session_created_at,
        max(called.source_country) AS country,
        max(called.source_lists) AS lists,
        min(called.first_at) AS first_at,
        max(called.last_at) AS last_at,
        sum(called.sensitive) AS sensitive,
        min(called.event_source) AS first_service,
        max(called.event_source) AS last_service,
        array_to_string(array_agg(DISTINCT called.client), ' ') AS clients,
        max(CASE WHEN tool.client IS NULL THEN called.client END) AS new_client,
        bool_or(signed_in.network IS NOT NULL) AS signed_in,
        bool_or(
            at_place.spot IS NOT NULL
            OR at_network.spot IS NOT NULL
            OR shared.network IS NOT NULL
            OR vouched.principal IS NOT NULL
        ) AS known
    FROM called
    LEFT JOIN home AS at_place
      ON at_place.principal = called.principal
     AND at_place.spot = called.source_place
    LEFT JOIN home AS at_network
      ON at_network.principal = called.principal
     AND at_network.spot = called.network
    LEFT JOIN shared ON shared.network = called.network
    LEFT JOIN signed_in ON signed_in.network = called.network
    LEFT JOIN vouched
      ON vouched.principal = called.principal
     AND vouched.source_ip_address = called.source_ip_address
    LEFT JOIN tool
      ON tool.principal = called.principal
     AND tool.client = called.client
    GROUP BY called.access_key_id, called.principal, called.source_place, called.six, called.hour
),
pair AS (
    SELECT
        other.access_key_id AS credential,
        other.principal,
        other.principal_id,
        other.session_created_at,
        one.source_place AS one_place,
        other.source_place AS other_place,
        one.country AS one_country,
        other.country AS other_country,
        least(one.first_at, other.first_at) AS first_at,
        greatest(one.last_at, other.last_at) AS last_at,
        one.first_at <= other.last_at AND other.first_at <= one.last_at AS interleaved,
        NOT glob(' ' || one.clients || ' ', '* ' || other.new_client || ' *') AS new_client,
        other.sensitive,
        other.signed_in,
        other.lists
    FROM used AS one
    JOIN used AS other
      ON other.access_key_id = one.access_key_id
     AND other.source_place <> one.source_place
     AND (
         other.six = one.six
         OR (other.source_place NOT LIKE '%/%' AND one.source_place NOT LIKE '%/%')
     )
     AND NOT other.known
     AND (one.known OR one.source_place < other.source_place)
     AND one.first_at <= other.last_at + $within
     AND other.first_at <= one.last_at + $within
    WHERE greatest(one.last_at, other.last_at) >= $from
      AND (
          least(one.first_service, other.first_service) <> greatest(one.last_service, other.last_service)
          OR other.sensitive >= $sensitive_calls
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
doubled AS (
    SELECT
        pair.credential,
        pair.principal,
        pair.one_place,
        pair.other_place,
        min(pair.first_at) AS first_at,
        max(pair.last_at) AS last_at,
        max(pair.one_country) AS one_country,
        max(pair.other_country) AS other_country,
        bool_or(pair.interleaved) AS interleaved,
        bool_or(coalesce(pair.new_client, FALSE)) AS new_client,
        max(pair.sensitive) AS sensitive,
        bool_or(pair.signed_in) AS signed_in,
        max(pair.lists) AS lists,
        max(coalesce(held.root_principal, pair.principal)) AS root_principal,
        max(held.path) AS path,
        min(held.issue_event_ids) AS issue_event_ids
    FROM pair
    LEFT JOIN held
      ON held.principal_id = pair.principal_id
     AND held.created_at = pair.session_created_at
    GROUP BY pair.credential, pair.principal, pair.one_place, pair.other_place
),
judged AS (
    SELECT
        doubled.*,
        CASE
            WHEN NOT doubled.interleaved THEN 0
            WHEN doubled.one_country = doubled.other_country THEN 0
            ELSE 1
        END
        + CASE WHEN doubled.one_country <> doubled.other_country THEN 1 ELSE 0 END
        + CASE WHEN doubled.new_client THEN 1 ELSE 0 END
        + CASE WHEN doubled.sensitive >= $sensitive_calls THEN 1 ELSE 0 END
        + CASE WHEN doubled.lists IS NOT NULL THEN 2 ELSE 0 END AS evidence_points
    FROM doubled
),
scene AS (
    SELECT
        doubled.credential,
        doubled.one_place,
        doubled.other_place,
        sum(called.calls) AS calls,
        nullif(array_to_string(array_sort(array_agg(DISTINCT called.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT called.network)), ' '), '') AS networks
    FROM doubled
    JOIN called
      ON called.access_key_id = doubled.credential
     AND (called.source_place = doubled.one_place OR called.source_place = doubled.other_place)
    GROUP BY doubled.credential, doubled.one_place, doubled.other_place
),
proof AS (
    SELECT
        doubled.credential,
        doubled.one_place,
        doubled.other_place,
        event.event_id,
        row_number() OVER (
            PARTITION BY doubled.credential, doubled.one_place, doubled.other_place
            ORDER BY event.event_time, event.event_id
        ) AS nth
    FROM doubled
    JOIN event
      ON event.user_identity_access_key_id = doubled.credential
     AND (event.source_place = doubled.one_place OR event.source_place = doubled.other_place)
    WHERE event.event_time >= $from - $within - INTERVAL '1 hour' -- prunes
      AND event.event_time < $until -- prunes
),
proven AS (
    SELECT
        proof.credential,
        proof.one_place,
        proof.other_place,
        string_agg(proof.event_id, ' ' ORDER BY proof.nth) AS event_ids
    FROM proof
    WHERE proof.nth <= $shown
    GROUP BY proof.credential, proof.one_place, proof.other_place
)
SELECT
    judged.principal AS subject,
    judged.first_at,
    judged.last_at,
    CASE
        WHEN judged.signed_in AND judged.credential NOT LIKE 'AKIA%' THEN 'low'
        WHEN judged.evidence_points >= 2 THEN 'high'
        WHEN judged.evidence_points = 1 THEN 'medium'
        ELSE 'low'
    END AS severity,
    judged.root_principal AS root,
    judged.path,
    scene.accounts,
    scene.networks,
    scene.calls AS count,
    coalesce(proven.event_ids, judged.issue_event_ids) AS event_ids,
    'SELECT hour, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE access_key_id = ''' || replace(judged.credential, '''', '''''') || ''' ORDER BY hour' AS more,
    judged.credential,
    judged.one_place,
    judged.other_place,
    judged.one_country,
    judged.other_country,
    judged.interleaved,
    judged.new_client,
    judged.signed_in AS signed_in_there,
    judged.sensitive AS sensitive_calls,
    judged.lists AS source_lists,
    judged.evidence_points
FROM judged
JOIN scene
  ON scene.credential = judged.credential
 AND scene.one_place = judged.one_place
 AND scene.other_place = judged.other_place
LEFT JOIN proven
  ON proven.credential = judged.credential
 AND proven.one_place = judged.one_place
 AND proven.other_place = judged.other_place
ORDER BY judged.first_at, judged.credential, judged.one_place, judged.other_place
