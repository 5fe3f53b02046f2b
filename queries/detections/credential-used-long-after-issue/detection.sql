/*
+++
title       = "A credential lay idle before it was used"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B9"]
attack      = ["T1550.001", "T1078.004"]
fingerprint = ["root", "principal", "why"]
baseline    = "14 days"
references  = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"]

[param.late_seconds]
type    = "integer"
default = 1800
about   = "seconds from issue to first use that are late for a pair that is prompt"

[param.prompt_seconds]
type    = "integer"
default = 60
about   = "seconds within which the sessions of a prompt pair are first used"

[param.prompt_share]
type    = "number"
default = 0.9
about   = "the share of its days on which a prompt pair is prompt throughout"

[param.least_days]
type    = "integer"
default = 5
about   = "days with used sessions that a pair needs before it counts as prompt"

[param.stale_share]
type    = "number"
default = 0.9
about   = "the share of its lifetime after which a first use is stale"

[param.habit_share]
type    = "number"
default = 0.5
about   = "a pair that waited this share of the time on any day before has the habit, and is not stale"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back habits and places count"

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "how long a temporary credential lives at most"

[column.why]
about = "What is strange: used late from elsewhere, used late, or used just before its end."

[column.waited_seconds]
about = "Seconds from the issue to the first call."

[column.usual_seconds]
about = "The longest such wait of the same root and principal on any day before; empty if none is known."

[column.first_place]
about = "The place of the first call."
+++

A temporary credential was first used half an hour or more after its issue although the same root uses
sessions of this principal within a minute, or it was first used in the last tenth of its life. From a
place that is neither that of its issue nor known for those concerned, that is severe.

## Why it matters

Programs and people ask for a credential when they need it, and use it at once. A credential that lies
around was put aside: in a cache, a file, an environment, or in somebody else's hands. Stolen
credentials wait for their thief to look through the loot, and he then has to hurry.

## When it is harmless

Somebody fetched a credential and was called away. A job that fetches its credential first and deploys
an hour later does so each time, and is then known for it. Workloads whose work is data events alone,
such as reading objects, seem idle until they happen to make a management call; so do they. What AWS
services issue for workloads, in advance and in bulk, is left out.

## What it cannot see

Use that the trail does not record: data events, accounts and regions that are not collected. The wait of
a credential that is used from the place and at the pace of its owner. A pair with no history cannot be late,
only stale.
*/
WITH waited AS (
    SELECT
        session.*,
        date_trunc('day', session.created_at) AS issued_on,
        date_part('epoch', session.first_used_at) - date_part('epoch', session.created_at) AS waited_seconds
    FROM session
    WHERE session.created_at >= $from - $lifetime -- prunes
      AND session.first_used_at >= $from
      AND session.first_used_at < $until
      AND session.issued_by IS NOT NULL
      AND coalesce(session.caller_type, 'unknown') <> 'AWSService'
      AND session.use_link <> 'ambiguous'
      AND strpos(session.copies, session.account_id) > 0
),
habit AS (
    SELECT
        waited.session_id,
        count(DISTINCT past.date) AS days,
        count(DISTINCT CASE WHEN past.slowest_first_use_seconds > $prompt_seconds THEN past.date END) AS slow_days,
        max(past.slowest_first_use_seconds) AS usual_seconds
    FROM waited
    JOIN edge AS past
      ON past.root_principal = waited.root_principal
     AND past.to_principal = waited.principal
     AND past.first_at < waited.issued_on
     AND past.slowest_first_use_seconds IS NOT NULL
    WHERE past.first_at >= $from - $history
      AND past.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY waited.session_id
),
judged AS (
    SELECT
        waited.*,
        habit.usual_seconds,
        CASE
            WHEN waited.waited_seconds > $late_seconds
             AND habit.days >= $least_days
             AND habit.days - habit.slow_days >= $prompt_share * habit.days
            THEN 1
            ELSE 0
        END AS is_late,
        CASE
            WHEN waited.waited_seconds >= $stale_share * waited.granted_seconds
             AND coalesce(habit.usual_seconds, 0) < $habit_share * waited.waited_seconds
            THEN 1
            ELSE 0
        END AS is_stale
    FROM waited
    LEFT JOIN habit ON habit.session_id = waited.session_id
),
idle AS (
    SELECT judged.*
    FROM judged
    WHERE judged.is_late + judged.is_stale > 0
),
first_call AS (
    SELECT
        idle.session_id,
        usage.source_place AS place,
        usage.source_country AS country,
        usage.source_ip_address AS address,
        network_of(usage.source_ip_address) AS network,
        row_number() OVER (
            PARTITION BY idle.session_id
            ORDER BY usage.source_place NULLS LAST, usage.source_ip_address NULLS LAST
        ) AS place_of_first
    FROM idle
    JOIN usage
      ON usage.principal_id = idle.principal_id
     AND usage.session_created_at = idle.created_at
     AND usage.first_at = idle.first_used_at
     AND strpos(' ' || idle.keys_seen || ' ', ' ' || usage.access_key_id || ' ') > 0
    WHERE usage.hour >= date_trunc('hour', $from) -- prunes
      AND usage.hour < $until -- prunes
      AND usage.invoked_by IS NULL
      AND is_address(usage.source_ip_address)
      AND usage.source_place <> idle.issue_place
      AND (
          usage.source_asn IS NOT NULL
          OR (usage.source_ip_address LIKE '%:%') = (idle.issue_source_ip LIKE '%:%')
      )
),
holder AS (
    SELECT idle.session_id, idle.principal AS name FROM idle
    UNION
    SELECT idle.session_id, idle.caller_principal AS name FROM idle
    UNION
    SELECT idle.session_id, idle.root_principal AS name FROM idle
),
home AS (
    SELECT
        first_call.session_id,
        max(
            CASE
                WHEN past.place = first_call.place OR past.network = first_call.network THEN 1
                ELSE 0
            END
        ) AS is_known
    FROM first_call
    JOIN holder ON holder.session_id = first_call.session_id
    JOIN footprint AS past ON past.principal = holder.name
    WHERE past.first_at >= $from - $history
      AND past.first_at < date_trunc('day', $from)
      AND past.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY first_call.session_id
),
strange AS (
    SELECT
        first_call.session_id,
        first_call.place
    FROM first_call
    JOIN idle ON idle.session_id = first_call.session_id
    LEFT JOIN home ON home.session_id = first_call.session_id
    WHERE first_call.place_of_first = 1
      AND coalesce(home.is_known, CASE WHEN is_address(idle.issue_source_ip) THEN 0 ELSE 1 END) = 0
      AND NOT EXISTS (
          SELECT 1
          FROM known_network
          WHERE (
              glob(idle.principal, known_network.principal)
              OR glob(idle.root_principal, known_network.principal)
          )
            AND (
                known_network.place = first_call.place
                OR known_network.country = first_call.country
                OR in_cidr(first_call.address, known_network.cidr)
            )
      )
),
told AS (
    SELECT
        idle.*,
        strange.place AS first_place,
        CASE
            WHEN strange.session_id IS NOT NULL THEN 'used late from elsewhere'
            WHEN idle.is_late = 1 THEN 'used late'
            ELSE 'used just before its end'
        END AS why
    FROM idle
    LEFT JOIN strange ON strange.session_id = idle.session_id
),
placed AS (
    SELECT
        told.*,
        count(*) OVER (PARTITION BY told.root_principal, told.principal, told.why) AS sessions,
        max(told.first_used_at) OVER (PARTITION BY told.root_principal, told.principal, told.why) AS all_until,
        row_number() OVER (
            PARTITION BY told.root_principal, told.principal, told.why
            ORDER BY told.first_used_at, told.session_id
        ) AS place
    FROM told
)
SELECT
    coalesce(placed.session_arn, placed.principal) AS subject,
    placed.created_at AS first_at,
    placed.all_until AS last_at,
    CASE placed.why
        WHEN 'used late from elsewhere' THEN 'high'
        WHEN 'used late' THEN 'medium'
        ELSE 'low'
    END AS severity,
    placed.root_principal AS root,
    placed.path,
    replace(placed.account_path, ' > ', ' ') AS accounts,
    placed.networks,
    placed.sessions AS count,
    placed.issue_event_ids AS event_ids,
    'SELECT created_at, first_used_at, expires_at, issue_source_ip, places, clients, calls FROM session'
        || ' WHERE root_principal = ''' || replace(placed.root_principal, '''', '''''')
        || ''' AND principal = ''' || replace(placed.principal, '''', '''''') || ''' ORDER BY created_at' AS more,
    placed.why,
    placed.principal,
    placed.session_id,
    placed.waited_seconds,
    placed.usual_seconds,
    placed.granted_seconds,
    placed.issue_source_ip,
    placed.issue_place,
    placed.first_place
FROM placed
WHERE placed.place = 1
ORDER BY placed.first_used_at, placed.session_id
