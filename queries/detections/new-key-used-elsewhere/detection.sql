/*
+++
title       = "A new access key is another user's, or is first used elsewhere"
severity    = "medium"
confidence  = "medium"
family      = "leaked key"
covers      = ["LK-5"]
subsumes    = ["E29", "E30", "P11", "P12", "P18", "S09", "S15", "K09", "T03", "E57", "Z05"]
attack      = ["T1098.001", "T1136.003", "T1078.004"]
fingerprint = ["credential", "severity"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
]

[param.within]
type    = "interval"
default = "24 hours"
about   = "how long after its creation the uses of a key are looked at"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place counts as one where the user or the creator works"

[param.shared_by]
type    = "integer"
default = 3
about   = "a network from which so many principals worked before is the organisation's own"

[column.credential]
about = "The key that was created."

[column.creator]
about = "Who created it."

[column.for_another]
about = "Whether it was created for somebody else."

[column.created_in]
about = "Where it was created."

[column.used_in]
about = "The strange place where it was used first; NULL if there is none."

[column.used_at]
about = "When it was used there first."

[column.used_with]
about = "The family of the client that used it there."

[column.created_with]
about = "The family of the client that created it."
+++

Somebody created an access key for another user, which is medium; or a key was used within a day of its
creation from a place that is neither where it was created nor one where its user or its creator works,
which is high, whosever it is.

## Why it matters

A key of another user is the plainest way to stay: it outlives the session that created it, and nobody expects
its user to act. A key that begins its life in two places has been created by one and carried to another.

## When it is harmless

An administrator makes a key for a program that runs elsewhere; then the place is known from the user's
former key, from `rolecall.toml`, or it is told once. Infrastructure as code belongs among the automation of
`rolecall.toml`. Rotation of the own key at the own desk is silent. A key that is made in a browser and used
by a command line at the same place is silent as well.

## What it cannot see

A key that is used where it was created, or only after a day (`key-from-new-place` sees that once the user has
a history). Where a key was created that a service made for somebody, such as a stack: then only that it is
another's. That a root made a key for itself is another finding, unless the key is carried away.
*/
WITH past AS (
    SELECT
        footprint.principal,
        footprint.place,
        footprint.network
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
created AS (
    SELECT
        event.issued_access_key_id AS credential,
        event.event_time,
        event.event_id,
        event.principal AS creator,
        event.user_identity_principal_id AS creator_id,
        event.session_created_at,
        event.recipient_account_id,
        event.source_ip_address,
        event.source_place,
        network_of(event.source_ip_address) AS network,
        client_of(coalesce(event.user_agent, '')) AS client,
        event.target_user_name,
        coalesce(nullif(split_part(event.user_identity_arn, ':', 2), ''), 'aws') AS partition,
        event.target_user_name IS NOT NULL
            AND event.target_user_name <> coalesce(event.user_identity_user_name, '') AS for_another
    FROM event
    WHERE event.event_time >= $from - $within
      AND event.event_time < $until
      AND event.date >= CAST($from - $within AS DATE) -- prunes
      AND event.event_name = 'CreateAccessKey'
      AND event.issued_access_key_id IS NOT NULL
),
machine AS (
    SELECT DISTINCT created.creator
    FROM created
    JOIN automation ON glob(created.creator, automation.principal)
),
used AS (
    SELECT
        usage.*,
        created.creator,
        CASE
            WHEN is_private_address(usage.source_ip_address) THEN usage.source_place
            ELSE network_of(usage.source_ip_address)
        END AS network,
        client_of(coalesce(usage.user_agent, '')) AS client
    FROM usage
    JOIN created
      ON created.credential = usage.access_key_id
     AND usage.first_at < created.event_time + $within
     AND is_address(created.source_ip_address)
     AND (
         (usage.source_ip_address LIKE '%:%') = (created.source_ip_address LIKE '%:%')
         OR (usage.source_place NOT LIKE '%/%' AND created.source_place NOT LIKE '%/%')
     )
    WHERE usage.hour >= $from - $within - INTERVAL '1 hour' -- prunes
      AND usage.hour < $until
      AND usage.date >= CAST($from - $within - INTERVAL '1 hour' AS DATE) -- prunes
      AND usage.invoked_by IS NULL
      AND is_address(usage.source_ip_address)
),
own AS (
    SELECT
        created.credential,
        created.source_place AS spot
    FROM created
    UNION
    SELECT
        created.credential,
        created.network AS spot
    FROM created
    UNION
    SELECT
        created.credential,
        home.spot
    FROM created
    JOIN home ON home.principal = created.creator
    UNION
    SELECT
        used.access_key_id AS credential,
        home.spot
    FROM used
    JOIN home ON home.principal = used.principal
),
strange AS (
    SELECT
        used.*,
        row_number() OVER (
            PARTITION BY used.access_key_id
            ORDER BY used.first_at, used.network, used.event_source, used.event_name
        ) AS nth
    FROM used
    WHERE NOT EXISTS (
          SELECT 1
          FROM own
          WHERE own.credential = used.access_key_id
            AND own.spot = used.source_place
      )
      AND NOT EXISTS (
          SELECT 1
          FROM own
          WHERE own.credential = used.access_key_id
            AND own.spot = used.network
      )
      AND NOT EXISTS (
          SELECT 1
          FROM shared
          WHERE shared.network = used.network
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_network AS known
          WHERE glob(used.principal, known.principal)
            AND (
                in_cidr(used.source_ip_address, known.cidr)
                OR known.place = used.source_place
                OR glob(' ' || used.source_lists || ' ', '* ' || known.place || ' *')
                OR known.country = used.source_country
            )
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_endpoint
          WHERE known_endpoint.vpc_endpoint_id = used.vpc_endpoint_id
      )
),
carried AS (
    SELECT
        strange.access_key_id AS credential,
        max(strange.principal) AS principal,
        min(strange.first_at) AS first_at,
        max(strange.last_at) AS last_at,
        sum(strange.calls) AS calls,
        max(CASE WHEN strange.nth = 1 THEN strange.source_place END) AS source_place,
        max(CASE WHEN strange.nth = 1 THEN strange.source_country END) AS source_country,
        max(CASE WHEN strange.nth = 1 THEN strange.client END) AS client,
        nullif(array_to_string(array_sort(array_agg(DISTINCT strange.network)), ' '), '') AS networks
    FROM strange
    GROUP BY strange.access_key_id
),
held AS (
    SELECT
        session.principal_id,
        session.created_at,
        min(session.root_principal) AS root_principal,
        min(session.path) AS path
    FROM session
    WHERE session.created_at >= $from - INTERVAL '4 days' -- prunes
      AND session.created_at < $until -- prunes
    GROUP BY session.principal_id, session.created_at
)
SELECT
    coalesce(
        carried.principal,
        'arn:' || created.partition || ':iam::' || created.recipient_account_id || ':user/' || created.target_user_name,
        created.creator
    ) AS subject,
    created.event_time AS first_at,
    coalesce(carried.last_at, created.event_time) AS last_at,
    CASE WHEN carried.credential IS NOT NULL THEN 'high' ELSE 'medium' END AS severity,
    coalesce(held.root_principal, created.creator) AS root,
    held.path,
    created.recipient_account_id AS accounts,
    created.network || coalesce(' ' || carried.networks, '') AS networks,
    coalesce(carried.calls, 0) + 1 AS count,
    created.event_id AS event_ids,
    'SELECT hour, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE access_key_id = ''' || replace(created.credential, '''', '''''') || ''' ORDER BY hour' AS more,
    created.credential,
    created.creator,
    created.for_another,
    created.source_place AS created_in,
    carried.source_place AS used_in,
    carried.source_country,
    created.client AS created_with,
    carried.client AS used_with,
    carried.first_at AS used_at
FROM created
LEFT JOIN carried ON carried.credential = created.credential
LEFT JOIN machine ON machine.creator = created.creator
LEFT JOIN held
  ON held.principal_id = created.creator_id
 AND held.created_at = created.session_created_at
WHERE (created.for_another OR carried.credential IS NOT NULL)
  AND (machine.creator IS NULL OR carried.credential IS NOT NULL)
  AND coalesce(carried.last_at, created.event_time) >= $from
ORDER BY created.event_time, created.credential
