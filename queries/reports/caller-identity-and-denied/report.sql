/*
+++
title = "Which keys ask who they are, and which are refused?"
topic = "keys"

[param.few]
type    = "integer"
default = 1
about   = "the fewest GetCallerIdentity and refused calls together that make a row"

[column.access_key_id]
about = "The long-term key; NULL for the temporary keys of a role or user, which are one row together."

[column.caller_identity_calls]
about = "How often the key asked GetCallerIdentity."

[column.denied_calls]
about = "How many calls were refused for want of permission."

[column.denied_percent]
about = "How many of a hundred of its calls were refused."

[column.denied_apis]
about = "How many different APIs refused it."

[column.denied_services]
about = "The services that refused it."

[column.places]
about = "The places from which it asked or was refused."

[column.clients]
about = "The clients with which it asked or was refused."

[column.last_at]
about = "The last such call."

[column.first_at]
about = "The first such call."
+++

One row for each long-term key, and each principal with temporary keys, that asked who it is or was refused
something. The most refused come first.

Who finds a key asks whose it is, and then tries what it may do: `GetCallerIdentity`, and refusals over many
services and APIs, from a new place, by a client that the owner does not use. A program that was given too
little is refused too, but always at the same API. `GetCallerIdentity` alone means nothing: most tools call it
at each start. A high `denied_percent` over several services is what to look at.

Calls that AWS services make for somebody are left out. Calls signed with a key that does not exist are in no
trail, and what other accounts refuse is mostly recorded there. Reads of objects and the like are data events,
which a trail may not collect.
*/
WITH called AS (
    SELECT
        usage.principal,
        CASE
            WHEN glob(usage.access_key_id, 'AKIA*') THEN usage.access_key_id
        END AS access_key_id,
        usage.source_place,
        client_of(usage.user_agent) AS client,
        usage.event_source,
        usage.event_name,
        usage.calls,
        usage.first_at,
        usage.last_at,
        CASE
            WHEN usage.event_source LIKE 'sts.%' AND usage.event_name = 'GetCallerIdentity' THEN usage.calls
            ELSE 0
        END AS caller_identity_calls,
        CASE
            WHEN usage.error_code LIKE '%AccessDenied%' THEN usage.calls
            WHEN usage.error_code LIKE '%Unauthorized%' THEN usage.calls
            WHEN usage.error_code LIKE '%NotAuthorized%' THEN usage.calls
            ELSE 0
        END AS denied_calls
    FROM usage
    WHERE usage.last_at >= $from
      AND usage.first_at < $until
      AND usage.date >= CAST($from AS DATE) -- prunes
      AND usage.invoked_by IS NULL
      AND usage.access_key_id IS NOT NULL
),
total AS (
    SELECT
        called.principal,
        coalesce(called.access_key_id, '') AS long_term_key,
        sum(called.calls) AS calls
    FROM called
    GROUP BY called.principal, coalesce(called.access_key_id, '')
),
told AS (
    SELECT
        called.principal,
        coalesce(called.access_key_id, '') AS long_term_key,
        sum(called.caller_identity_calls) AS caller_identity_calls,
        sum(called.denied_calls) AS denied_calls,
        count(DISTINCT CASE WHEN called.denied_calls > 0 THEN called.event_source || ' ' || called.event_name END)
            AS denied_apis,
        array_to_string(
            array_sort(array_agg(
                DISTINCT CASE WHEN called.denied_calls > 0 THEN split_part(called.event_source, '.', 1) END
            )),
            ' '
        ) AS denied_services,
        array_to_string(array_sort(array_agg(DISTINCT called.source_place)), ', ') AS places,
        array_to_string(array_sort(array_agg(DISTINCT called.client)), ' ') AS clients,
        min(called.first_at) AS first_at,
        max(called.last_at) AS last_at
    FROM called
    WHERE called.caller_identity_calls + called.denied_calls > 0
    GROUP BY called.principal, coalesce(called.access_key_id, '')
    HAVING sum(called.caller_identity_calls) + sum(called.denied_calls) >= $few
)
SELECT
    told.principal,
    nullif(told.long_term_key, '') AS access_key_id,
    told.caller_identity_calls,
    told.denied_calls,
    round(100 * CAST(told.denied_calls AS DOUBLE) / CAST(total.calls AS DOUBLE), 1) AS denied_percent,
    told.denied_apis,
    nullif(told.denied_services, '') AS denied_services,
    nullif(told.places, '') AS places,
    nullif(told.clients, '') AS clients,
    told.first_at,
    told.last_at
FROM told
JOIN total
  ON total.principal = told.principal
 AND total.long_term_key = told.long_term_key
ORDER BY
    told.denied_calls DESC,
    told.denied_apis DESC,
    told.caller_identity_calls DESC,
    told.principal,
    told.long_term_key
