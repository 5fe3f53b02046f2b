/*
+++
title       = "A role that deserves MFA is reached without it, or MFA is carried to another place"
severity    = "high"
confidence  = "medium"
family      = "lineage"
covers      = ["B8"]
attack      = ["T1550.001", "T1556.006", "T1078.004"]
fingerprint = ["root", "subject", "why"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-api.html",
]

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "how long before its use a session, or the first one of its lineage, may have been issued"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a way or a place counts as one that the root goes"

[param.mfa_history]
type    = "interval"
default = "7 days"
about   = "how far back the root's sessions with MFA show that it has a device"

[param.neighbours]
type    = "integer"
default = 3
about   = "other principals that worked from the same network before, which make it a shared one: low"

[param.neighbour_days]
type    = "integer"
default = 3
about   = "days on which each of them must have worked from there; an intruder with many credentials has fewer"

[column.why]
about = "What happened to MFA: none at the origin, or carried elsewhere."

[column.reached]
about = "What was reached: a listed role, or a change in IAM; of MFA carried elsewhere, the place."

[column.root_has_mfa]
about = "Whether sessions of that root had MFA in the days before."

[column.origin_session_id]
about = "The session at the start of the lineage."

[column.origin_place]
about = "The place at which it was issued."
+++

A lineage that began with a user's key or console sign-in without MFA came, by one role or several, to a
listed role or to a change in IAM, on a way that this root never went. Or a lineage that began with
MFA went on from a place that its root never worked from.

## Why it matters

In a role's session `mfaAuthenticated` says little, and from the second role on it is false for everybody. A
role that asks for MFA can be reached through one that does not, and a session with MFA keeps it wherever it
is taken. Only the first session of the lineage knows whether there was a device.

## When it is harmless

Deployments with keys of users that have no device: each way is told once, and never if entered as automation.
A person who goes on from a train or a hotel: low if others of the organisation work from
there, or if the country is the same.

## What it cannot see

People of Identity Center and SAML: their MFA is the provider's, and every record says false. A lineage whose
first session is not in the lake. Places within one AS; without a database of networks, IPv4 and IPv6 are not
compared.
*/
WITH child AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from - $lifetime
      AND session.created_at < $until
      AND coalesce(session.last_used_at, session.created_at) >= $from
      AND session.kind = 'role'
),
origin AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from - $lifetime - $lifetime -- prunes
      AND session.created_at < $until -- prunes
),
had_mfa AS (
    SELECT DISTINCT session.root_principal
    FROM session
    WHERE session.created_at >= $from - $mfa_history
      AND session.created_at < $until
      AND session.depth = 0
      AND session.mfa
),
past_edge AS (
    SELECT
        edge.root_principal,
        edge.to_principal,
        max(CASE WHEN ' ' || edge.changed_services || ' ' LIKE '% iam %' THEN 1 ELSE 0 END) AS changed_iam
    FROM edge
    WHERE edge.first_at >= $from - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY
        edge.root_principal,
        edge.to_principal
),
past_place AS (
    SELECT DISTINCT
        footprint.principal,
        footprint.network,
        footprint.place
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
neighbour AS (
    SELECT
        footprint.network,
        footprint.principal
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY
        footprint.network,
        footprint.principal
    HAVING count(DISTINCT date_trunc('day', footprint.first_at)) >= $neighbour_days
),
shared AS (
    SELECT
        neighbour.network,
        count(*) AS principals
    FROM neighbour
    GROUP BY neighbour.network
),
listed AS (
    SELECT DISTINCT child.session_id
    FROM child
    JOIN special_role ON glob(child.principal, special_role.role)
),
bare AS (
    SELECT
        child.session_id,
        'none at the origin' AS why,
        CASE WHEN listed.session_id IS NOT NULL THEN 'a listed role' ELSE 'a change in IAM' END AS reached,
        CASE WHEN listed.session_id IS NOT NULL OR had_mfa.root_principal IS NOT NULL THEN 'high' ELSE 'medium' END
            AS severity,
        had_mfa.root_principal IS NOT NULL AS root_has_mfa,
        origin.session_id AS origin_session_id,
        origin.issue_place AS origin_place
    FROM child
    JOIN origin ON origin.session_id = child.root_session_id
    LEFT JOIN listed ON listed.session_id = child.session_id
    LEFT JOIN had_mfa ON had_mfa.root_principal = child.root_principal
    LEFT JOIN past_edge
      ON past_edge.root_principal = child.root_principal
     AND past_edge.to_principal = child.principal
    WHERE NOT coalesce(child.mfa, FALSE)
      AND (
          (origin.root_kind = 'long-term key' AND NOT coalesce(origin.mfa, FALSE))
          OR (origin.root_kind = 'console' AND origin.kind = 'user' AND NOT origin.mfa)
      )
      AND (
          (listed.session_id IS NOT NULL AND past_edge.root_principal IS NULL)
          OR (' ' || child.changed_services || ' ' LIKE '% iam %' AND coalesce(past_edge.changed_iam, 0) = 0)
      )
      AND NOT EXISTS (
          SELECT 1
          FROM automation
          WHERE glob(child.root_principal, automation.principal) OR glob(child.caller_principal, automation.principal)
      )
),
carried AS (
    SELECT
        child.session_id,
        'carried elsewhere' AS why,
        child.issue_place AS reached,
        CASE
            WHEN child.issue_lists IS NOT NULL THEN 'high'
            WHEN shared.principals >= $neighbours THEN 'low'
            WHEN child.issue_country = origin.issue_country THEN 'low'
            WHEN child.issue_country <> origin.issue_country THEN 'high'
            ELSE 'medium'
        END AS severity,
        TRUE AS root_has_mfa,
        origin.session_id AS origin_session_id,
        origin.issue_place AS origin_place
    FROM child
    JOIN origin ON origin.session_id = child.root_session_id
    LEFT JOIN shared ON shared.network = network_of(child.issue_source_ip)
    WHERE origin.mfa
      AND child.created_at >= $from
      AND is_address(child.issue_source_ip)
      AND is_address(origin.issue_source_ip)
      AND child.issue_place <> origin.issue_place
      AND (child.issue_place LIKE '%:%') = (origin.issue_place LIKE '%:%')
      AND NOT EXISTS (
          SELECT 1
          FROM past_place
          WHERE past_place.principal = child.root_principal
            AND (past_place.place = child.issue_place OR past_place.network = network_of(child.issue_source_ip))
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_network
          WHERE glob(child.root_principal, known_network.principal)
            AND (
                in_cidr(child.issue_source_ip, known_network.cidr)
                OR child.issue_place = known_network.place
                OR child.issue_country = known_network.country
            )
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_endpoint
          WHERE known_endpoint.vpc_endpoint_id = child.issue_vpc_endpoint_id
      )
),
found AS (
    SELECT bare.* FROM bare
    UNION ALL
    SELECT carried.* FROM carried
),
told AS (
    SELECT
        child.*,
        found.why,
        found.reached,
        found.severity,
        found.root_has_mfa,
        found.origin_session_id,
        found.origin_place,
        count(*) OVER (PARTITION BY child.root_principal, child.principal, found.why) AS sessions,
        max(coalesce(child.last_used_at, child.created_at)) OVER (
            PARTITION BY child.root_principal, child.principal, found.why
        ) AS last_seen,
        row_number() OVER (
            PARTITION BY child.root_principal, child.principal, found.why
            ORDER BY
                CASE found.severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
                child.created_at,
                child.session_id
        ) AS place
    FROM found
    JOIN child ON child.session_id = found.session_id
)
SELECT
    told.principal AS subject,
    told.created_at AS first_at,
    told.last_seen AS last_at,
    told.severity,
    told.root_principal AS root,
    told.path,
    replace(told.account_path, ' > ', ' ') AS accounts,
    coalesce(network_of(told.issue_source_ip), told.networks) AS networks,
    told.sessions AS count,
    told.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE root_session_id = ''' || replace(told.origin_session_id, '''', '''''')
        || ''' ORDER BY created_at' AS more,
    told.why,
    told.reached,
    told.root_has_mfa,
    told.origin_session_id,
    told.origin_place,
    told.root_kind,
    told.root_credential,
    told.session_id,
    told.caller_principal,
    told.depth,
    told.changed_services,
    told.issue_source_ip,
    told.issue_country
FROM told
WHERE told.place = 1
ORDER BY told.created_at, told.session_id, told.why
