/*
+++
title       = "A credential is handed out in one place and used only in another"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B1"]
attack      = ["T1550.001", "T1528", "T1078.004"]
fingerprint = ["root", "subject", "used_in"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html",
]

[param.within]
type    = "interval"
default = "15 minutes"
about   = "how long after its first use every use of the credential must be elsewhere"

[param.first_use]
type    = "interval"
default = "1 hour"
about   = "how long after the hand-out a first use counts as the first steps of the credential"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place counts as one that the caller, the role or the root works from"

[param.neighbours]
type    = "integer"
default = 3
about   = "other principals that worked from the same network before, which make it a shared one: low"

[param.neighbour_days]
type    = "integer"
default = 3
about   = "days on which each of them must have worked from there; an intruder with many credentials has fewer"

[column.minted_in]
about = "The place from which the credential was asked for."

[column.minted_in_country]
about = "The country of that place, if a database knows it."

[column.used_in]
about = "The place of its first use."

[column.used_in_country]
about = "The country of that place, if a database knows it."

[column.used_on_lists]
about = "The lists that the address of the first use is on, such as tor."

[column.credential]
about = "The access key that was handed out."

[column.sharing_principals]
about = "How many other principals worked from that network before."
+++

A program asked STS for a credential from one place. None of the credential's first calls came from
there: all came from somewhere that neither the caller nor the role nor the root has worked from before.

## Why it matters

Whoever asks for a credential uses it, within seconds and on the same machine. If the first calls come
from elsewhere, the credential was carried away: out of a build log, a compromised host or a proxy that
read the answer. Neither call looks strange alone; only the two ends of one credential tell.

## When it is harmless

A credential broker mints on its server for machines that are elsewhere: after the first day their places
are known, and silent. A laptop that changes to a VPN or a phone in the first minutes: low if others
of the organisation work from that network; enter it as a network in `rolecall.toml` if it is yours. Hand-outs by
AWS services, Identity Center and the console come from AWS's addresses, and are left out.

## What it cannot see

A thief in the same network or AS, which includes most thieves inside AWS. Without a database of networks a
place is the first 16 bits of an address (32 of IPv6), and IPv4 cannot be compared with IPv6: such pairs stay
silent. A credential that its owner also uses in the first minutes: that is the credential in two places.
*/
WITH minted AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from - $first_use - $within -- prunes
      AND session.created_at < $until -- prunes
      AND is_address(session.issue_source_ip)
      AND NOT (session.depth = 0 AND session.root_kind = 'identity center')
),
used AS (
    SELECT
        minted.session_id,
        usage.source_ip_address,
        usage.source_place,
        usage.source_country,
        usage.source_lists,
        usage.vpc_endpoint_id,
        min(usage.first_at) AS first_at,
        max(usage.last_at) AS last_at,
        sum(usage.calls) AS calls
    FROM minted
    JOIN usage
      ON usage.access_key_id = minted.issued_key
     AND usage.session_created_at = minted.created_at
    WHERE usage.hour >= $from - $first_use - $within - INTERVAL '1 hour' -- prunes
      AND usage.hour < $until -- prunes
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND is_address(usage.source_ip_address)
    GROUP BY
        minted.session_id,
        usage.source_ip_address,
        usage.source_place,
        usage.source_country,
        usage.source_lists,
        usage.vpc_endpoint_id
),
begun AS (
    SELECT
        used.*,
        min(used.first_at) OVER (PARTITION BY used.session_id) AS first_used_at
    FROM used
),
early AS (
    SELECT
        minted.session_id,
        minted.principal,
        minted.caller_principal,
        minted.root_principal,
        begun.source_ip_address,
        begun.source_place,
        begun.source_country,
        begun.source_lists,
        begun.vpc_endpoint_id,
        begun.first_at,
        begun.last_at,
        begun.calls,
        CASE
            WHEN begun.source_place IS NULL OR minted.issue_place IS NULL THEN 1
            WHEN begun.source_place = minted.issue_place THEN 1
            WHEN (begun.source_ip_address LIKE '%:%') <> (minted.issue_source_ip LIKE '%:%')
                AND (begun.source_place LIKE '%/%' OR minted.issue_place LIKE '%/%') THEN 1
            ELSE 0
        END AS at_home
    FROM begun
    JOIN minted ON minted.session_id = begun.session_id
    WHERE begun.first_at <= begun.first_used_at + $within
      AND begun.first_used_at <= minted.created_at + $first_use
      AND begun.first_used_at + $within >= $from
      AND begun.first_used_at + $within < $until
),
abroad AS (
    SELECT early.session_id
    FROM early
    GROUP BY early.session_id
    HAVING max(early.at_home) = 0
),
suspect AS (
    SELECT early.*
    FROM early
    JOIN abroad ON abroad.session_id = early.session_id
),
who AS (
    SELECT suspect.session_id, suspect.principal AS name FROM suspect
    UNION
    SELECT suspect.session_id, suspect.caller_principal AS name FROM suspect
    UNION
    SELECT suspect.session_id, suspect.root_principal AS name FROM suspect
),
past AS (
    SELECT DISTINCT
        footprint.principal,
        footprint.network,
        footprint.place
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
familiar AS (
    SELECT DISTINCT
        who.session_id,
        past.network,
        past.place
    FROM who
    JOIN past ON past.principal = who.name
),
recognised AS (
    SELECT suspect.session_id
    FROM suspect
    JOIN familiar
      ON familiar.session_id = suspect.session_id
     AND (familiar.place = suspect.source_place OR familiar.network = network_of(suspect.source_ip_address))
    UNION
    SELECT suspect.session_id
    FROM suspect
    JOIN known_network
      ON glob(suspect.principal, known_network.principal) OR glob(suspect.root_principal, known_network.principal)
    WHERE in_cidr(suspect.source_ip_address, known_network.cidr)
       OR suspect.source_place = known_network.place
       OR suspect.source_country = known_network.country
    UNION
    SELECT suspect.session_id
    FROM suspect
    JOIN known_endpoint ON known_endpoint.vpc_endpoint_id = suspect.vpc_endpoint_id
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
told AS (
    SELECT
        minted.*,
        first_use.first_at AS first_used,
        first_use.last_at AS last_used,
        first_use.source_place AS used_in,
        first_use.source_country AS used_country,
        first_use.source_lists AS used_lists,
        network_of(first_use.source_ip_address) AS used_network,
        coalesce(shared.principals, 0) AS sharing_principals,
        row_number() OVER (
            PARTITION BY minted.session_id
            ORDER BY first_use.first_at, first_use.source_ip_address, first_use.source_country NULLS LAST
        ) AS turn
    FROM minted
    JOIN suspect AS first_use ON first_use.session_id = minted.session_id
    LEFT JOIN shared ON shared.network = network_of(first_use.source_ip_address)
    WHERE NOT EXISTS (
        SELECT 1
        FROM recognised
        WHERE recognised.session_id = minted.session_id
    )
),
found AS (
    SELECT
        told.*,
        count(*) OVER (PARTITION BY told.root_principal, told.principal, told.used_in) AS sessions,
        max(told.last_used) OVER (PARTITION BY told.root_principal, told.principal, told.used_in) AS last_seen,
        row_number() OVER (
            PARTITION BY told.root_principal, told.principal, told.used_in
            ORDER BY told.first_used, told.session_id
        ) AS place
    FROM told
    WHERE told.turn = 1
)
SELECT
    found.principal AS subject,
    found.first_used AS first_at,
    found.last_seen AS last_at,
    CASE
        WHEN found.used_lists IS NOT NULL THEN 'high'
        WHEN ' ' || found.changed_services || ' ' LIKE '% iam %' THEN 'high'
        WHEN found.sharing_principals >= $neighbours THEN 'low'
        WHEN found.used_country <> found.issue_country THEN 'high'
        ELSE 'medium'
    END AS severity,
    found.root_principal AS root,
    found.path,
    replace(found.account_path, ' > ', ' ') AS accounts,
    network_of(found.issue_source_ip) || ' ' || found.used_network AS networks,
    found.sessions AS count,
    found.issue_event_ids AS event_ids,
    'SELECT * FROM usage WHERE access_key_id = ''' || replace(found.issued_key, '''', '''''')
        || ''' ORDER BY hour, first_at' AS more,
    found.issue_place AS minted_in,
    found.issue_country AS minted_in_country,
    found.used_in,
    found.used_country AS used_in_country,
    found.used_lists AS used_on_lists,
    found.issued_key AS credential,
    found.caller_principal,
    found.changed_services,
    found.sharing_principals
FROM found
WHERE found.place = 1
ORDER BY found.first_used, found.session_id
