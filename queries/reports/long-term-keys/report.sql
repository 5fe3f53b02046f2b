/*
+++
title = "Which long-term keys are in use, how old are they, and from where?"
topic = "keys"

[column.key_created_at]
about = "When the key was created; NULL if that was before the lake began."

[column.age_days]
about = "Days since then; if that is unknown, since its first call: it is at least so old."

[column.ended_at]
about = "When the key was switched off or deleted, if it was not switched on again."

[column.networks]
about = "From how many networks it was used."

[column.places]
about = "The places from which it was used."

[column.clients]
about = "The clients with which it was used."

[column.sessions]
about = "How many sessions grew from it, at any depth."
+++

One row for each long-term key that was used, created or ended in the span: the access keys of users, and of
root users. Those that still live come first, the oldest of them on top.

Each row is a secret that somebody keeps in a file. A key of a root user should not exist. A key that has
more than a few `places`, or a client that its program does not use, has more than one owner. A key with many
`sessions` is a way into roles: moving its owner to Identity Center or to a role of its machine ends the
need for it. A key without a last call for months can be switched off today, and deleted in a month. Whoever
ends a key should look at `last_at` afterwards: a call after `ended_at` cannot succeed.

Keys that slept through the whole span are in no row. Counts are those of whole days (UTC), so that the first
and last day of the span may hold calls from before and after it.
*/
WITH used AS (
    SELECT
        footprint.access_key_id,
        max(footprint.principal) AS principal,
        sum(footprint.calls) AS calls,
        count(DISTINCT footprint.network) AS networks,
        nullif(array_to_string(array_sort(array_agg(DISTINCT footprint.place)), ', '), '') AS places,
        nullif(array_to_string(array_sort(array_agg(DISTINCT footprint.client)), ' '), '') AS clients,
        min(footprint.first_at) AS first_at,
        max(footprint.last_at) AS last_at
    FROM footprint
    WHERE footprint.last_at >= $from
      AND footprint.first_at < $until
      AND footprint.date >= CAST($from AS DATE) -- prunes
      AND footprint.access_key_id IS NOT NULL
    GROUP BY footprint.access_key_id
),
changed AS (
    SELECT
        CASE
            WHEN event.event_name = 'CreateAccessKey' THEN event.issued_access_key_id
            ELSE event.target_access_key_id
        END AS access_key_id,
        coalesce(event.target_user_name, event.principal) AS owner,
        event.event_time,
        CASE WHEN event.event_name = 'CreateAccessKey' THEN event.event_time END AS created_at,
        CASE
            WHEN event.event_name = 'DeleteAccessKey' THEN event.event_time
            WHEN event.request_parameters LIKE '%"status":"Inactive"%' THEN event.event_time
        END AS ended_at
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.date >= CAST($from AS DATE) -- prunes
      AND event.event_name IN ('CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey')
      AND event.succeeded
),
managed AS (
    SELECT
        changed.access_key_id,
        max(changed.owner) AS owner,
        max(changed.created_at) AS created_at,
        max(changed.ended_at) AS ended_at,
        max(changed.event_time) AS changed_at
    FROM changed
    WHERE changed.access_key_id IS NOT NULL
    GROUP BY changed.access_key_id
),
grown AS (
    SELECT
        session.root_credential AS access_key_id,
        count(*) AS sessions
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
    GROUP BY session.root_credential
),
known_key AS (
    SELECT used.access_key_id
    FROM used
    UNION
    SELECT managed.access_key_id
    FROM managed
),
told AS (
    SELECT
        known_key.access_key_id,
        coalesce(used.principal, managed.owner) AS principal,
        managed.created_at AS key_created_at,
        coalesce(managed.created_at, used.first_at) AS born_at,
        CASE WHEN managed.ended_at = managed.changed_at THEN managed.ended_at END AS ended_at,
        coalesce(used.calls, 0) AS calls,
        coalesce(used.networks, 0) AS networks,
        used.places,
        used.clients,
        coalesce(grown.sessions, 0) AS sessions,
        used.first_at,
        used.last_at
    FROM known_key
    LEFT JOIN used ON used.access_key_id = known_key.access_key_id
    LEFT JOIN managed ON managed.access_key_id = known_key.access_key_id
    LEFT JOIN grown ON grown.access_key_id = known_key.access_key_id
)
SELECT
    told.access_key_id,
    told.principal,
    CAST(floor((date_part('epoch', $until) - date_part('epoch', told.born_at)) / 86400) AS BIGINT) AS age_days,
    told.ended_at,
    told.last_at,
    told.networks,
    told.sessions,
    told.calls,
    told.places,
    told.clients,
    told.first_at,
    told.key_created_at
FROM told
ORDER BY
    CASE WHEN told.ended_at IS NULL THEN 1 ELSE 2 END,
    told.born_at NULLS LAST,
    told.access_key_id
