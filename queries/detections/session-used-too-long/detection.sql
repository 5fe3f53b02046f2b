/*
+++
title       = "A session is used for longer than people work, or comes back from somewhere else"
severity    = "medium"
confidence  = "medium"
family      = "long session"
covers      = ["LS-2"]
attack      = ["T1078.004", "T1550.001"]
fingerprint = ["principal", "root", "why"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html",
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html",
]

[param.human_span]
type    = "integer"
default = 28800
about   = "seconds for which a person's session may be in use"

[param.any_span]
type    = "integer"
default = 43200
about   = "seconds for which any session may be in use"

[param.idle]
type    = "interval"
default = "4 hours"
about   = "pause, of an hour or more, after which a session that is used from somewhere new has come back"

[param.reach]
type    = "interval"
default = "2 days"
about   = "how far back the beginning of a session is looked for: none lives for more than 36 hours"

[param.usual_after]
type    = "integer"
default = 3
about   = "sessions in use for too long, of the same root and principal in the days before, that make another one usual"

[param.usual_within]
type    = "interval"
default = "7 days"
about   = "how far back such sessions count"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place counts as one from which the principal works"

[column.why]
about = "What happened: used too long, used far too long, or came back from a new place."

[column.span_seconds]
about = "From its issuance to its last use, or to its end if it was used beyond that, in seconds."

[column.ceiling_seconds]
about = "For how long it may be in use, in seconds: the ceiling of rolecall.toml for the role, or that of its kind."

[column.came_back_at]
about = "When it was used again after the pause."

[column.new_place]
about = "The place from which it came back."

[column.new_country]
about = "The country from which it came back, if a database knows it."
+++

A session was in use for longer than a person's working day, or than half a day whoever holds it. Or it
lay idle for hours, and was then used from a place where neither it nor its principal had been before.

## Why it matters

People stop working in the evening, and whoever holds a copy of their credential begins. A session that
is in use around the clock, or that wakes up somewhere else after its owner has gone home, is shared with
somebody. That it still works means that nobody has ended it.

## When it is harmless

A long day: sessions of people are low up to half a day, and quiet when that root's sessions last as long
on other days too. A role with a `[[ceiling]]` in rolecall.toml may be used for as long as that says.
Somebody who goes home and on: places and networks where the principal works, and `[[network]]` and
`[[vpc_endpoint]]`, are no news. Workloads that AWS services give credentials to, calls that services
make for the caller, and consoles never count as coming back.

## What it cannot see

Use after the end of a session, which is a question of its own. A thief who works while the owner does,
or from the owner's network. A role shared by many people is known from all their places. Without a
database of networks, an IPv6 address tells nothing about a session that was used from IPv4 alone. Of
sessions that share name and second, whose uses they were.
*/
WITH alive AS (
    SELECT
        session.*,
        least(session.last_used_at, coalesce(session.expires_at, session.last_used_at)) AS ended_at,
        CASE
            WHEN session.root_kind IN ('saml', 'identity center', 'console') THEN 'person'
            WHEN session.mfa THEN 'person'
            WHEN session.from_console THEN 'person'
            ELSE 'anybody'
        END AS holder
    FROM session
    WHERE session.created_at >= $from - $reach - $usual_within
      AND session.created_at < $until -- prunes
      AND session.date >= CAST($from - $reach - $usual_within AS DATE) -- prunes
      AND coalesce(session.use_link, 'key') <> 'ambiguous'
),
automatic AS (
    SELECT DISTINCT alive.session_id
    FROM alive
    JOIN automation
      ON glob(alive.principal, automation.principal)
      OR glob(alive.root_principal, automation.principal)
),
told AS (
    SELECT
        alive.session_id,
        session_ceiling.seconds,
        row_number() OVER (
            PARTITION BY alive.session_id
            ORDER BY length(session_ceiling.role) DESC, session_ceiling.seconds DESC
        ) AS place
    FROM alive
    JOIN session_ceiling
      ON glob(alive.principal, session_ceiling.role)
),
measured AS (
    SELECT
        alive.session_id,
        alive.principal,
        alive.principal_id,
        alive.root_principal,
        alive.root_kind,
        alive.created_at,
        alive.last_used_at,
        alive.issue_place,
        alive.siblings,
        CAST(
            date_part('epoch', alive.ended_at) - date_part('epoch', alive.created_at) AS BIGINT
        ) AS span_seconds,
        CASE
            WHEN told.seconds IS NOT NULL THEN told.seconds
            WHEN automatic.session_id IS NULL AND alive.holder = 'person' THEN $human_span
            ELSE $any_span
        END AS ceiling_seconds
    FROM alive
    LEFT JOIN told
      ON told.session_id = alive.session_id
     AND told.place = 1
    LEFT JOIN automatic
      ON automatic.session_id = alive.session_id
),
long AS (
    SELECT
        measured.*
    FROM measured
    WHERE measured.span_seconds > measured.ceiling_seconds
),
usual AS (
    SELECT
        long.principal,
        long.root_principal,
        count(*) AS times
    FROM long
    WHERE long.last_used_at < date_trunc('day', $from)
    GROUP BY long.principal, long.root_principal
),
called AS (
    SELECT
        usage.principal,
        usage.principal_id,
        usage.session_created_at,
        usage.source_ip_address,
        usage.source_place,
        usage.source_country,
        usage.source_asn,
        usage.vpc_endpoint_id,
        usage.hour,
        usage.first_at,
        usage.last_at
    FROM usage
    WHERE usage.hour >= date_trunc('hour', $from) - $reach -- prunes
      AND usage.hour < $until -- prunes
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND is_address(usage.source_ip_address)
),
moved AS (
    SELECT
        called.principal_id,
        called.session_created_at
    FROM called
    GROUP BY called.principal_id, called.session_created_at
    HAVING min(coalesce(called.source_place, '')) <> max(coalesce(called.source_place, '')) -- prunes
),
seen AS (
    SELECT
        called.principal,
        called.principal_id,
        called.session_created_at,
        called.source_ip_address,
        called.source_place,
        called.source_country,
        called.source_asn,
        called.vpc_endpoint_id,
        min(called.first_at) AS first_at,
        max(called.last_at) AS last_at
    FROM called
    JOIN moved
      ON moved.principal_id = called.principal_id -- prunes
     AND moved.session_created_at = called.session_created_at -- prunes
    GROUP BY
        called.principal,
        called.principal_id,
        called.session_created_at,
        called.source_ip_address,
        called.source_place,
        called.source_country,
        called.source_asn,
        called.vpc_endpoint_id,
        called.hour
),
used AS (
    SELECT
        seen.*,
        min(seen.first_at) OVER (
            PARTITION BY seen.principal_id, seen.session_created_at, seen.source_place
        ) AS place_first_at,
        min(seen.first_at) OVER (
            PARTITION BY seen.principal_id, seen.session_created_at, seen.source_ip_address LIKE '%:%'
        ) AS family_first_at,
        max(seen.last_at) OVER (
            PARTITION BY seen.principal_id, seen.session_created_at
            ORDER BY seen.first_at, seen.last_at, seen.source_ip_address
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before_at
    FROM seen
),
returned AS (
    SELECT
        used.*
    FROM used
    WHERE used.first_at >= $from
      AND used.first_at < $until
      AND used.first_at > used.before_at + $idle
      AND used.first_at = used.place_first_at
      AND (used.source_asn IS NOT NULL OR used.first_at > used.family_first_at)
),
known AS (
    SELECT
        footprint.principal,
        footprint.network,
        footprint.place,
        footprint.country
    FROM footprint
    WHERE footprint.first_at >= date_trunc('day', $from) - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
strange AS (
    SELECT
        returned.*
    FROM returned
    WHERE NOT EXISTS (
        SELECT 1
        FROM known
        WHERE known.principal = returned.principal
          AND (known.place = returned.source_place OR known.network = network_of(returned.source_ip_address))
    )
      AND NOT EXISTS (
        SELECT 1
        FROM known_network
        WHERE glob(returned.principal, known_network.principal)
          AND (
              in_cidr(returned.source_ip_address, known_network.cidr)
              OR known_network.place = returned.source_place
              OR known_network.country = returned.source_country
          )
    )
      AND NOT EXISTS (
        SELECT 1
        FROM known_endpoint
        WHERE known_endpoint.vpc_endpoint_id = returned.vpc_endpoint_id
    )
),
back AS (
    SELECT
        measured.session_id,
        min(strange.first_at) AS came_back_at,
        min(strange.source_place) AS new_place,
        min(network_of(strange.source_ip_address)) AS new_network,
        min(strange.source_country) AS new_country,
        max(CASE WHEN strange.source_country IS NOT NULL AND home.country IS NULL THEN 1 ELSE 0 END) AS far
    FROM strange
    JOIN measured
      ON measured.principal_id = strange.principal_id
     AND measured.created_at = strange.session_created_at
     AND coalesce(measured.issue_place, '') <> strange.source_place
     AND measured.root_kind <> 'service'
     AND measured.siblings IS NULL
    LEFT JOIN (SELECT DISTINCT known.principal, known.country FROM known) AS home
      ON home.principal = strange.principal
     AND home.country = strange.source_country
    GROUP BY measured.session_id
),
found AS (
    SELECT
        long.*,
        CASE WHEN long.span_seconds > $any_span THEN 'used far too long' ELSE 'used too long' END AS why,
        CASE WHEN long.span_seconds > $any_span THEN 'medium' ELSE 'low' END AS severity,
        long.created_at AS first_at,
        long.last_used_at AS last_at
    FROM long
    LEFT JOIN usual
      ON usual.principal = long.principal
     AND usual.root_principal = long.root_principal
    WHERE long.last_used_at >= $from
      AND long.last_used_at < $until
      AND coalesce(usual.times, 0) < $usual_after
    UNION ALL
    SELECT
        measured.*,
        'came back from a new place' AS why,
        CASE WHEN back.far = 1 THEN 'high' ELSE 'medium' END AS severity,
        back.came_back_at AS first_at,
        greatest(back.came_back_at, coalesce(measured.last_used_at, back.came_back_at)) AS last_at
    FROM back
    JOIN measured
      ON measured.session_id = back.session_id
),
ranked AS (
    SELECT
        found.*,
        count(*) OVER (PARTITION BY found.principal, found.root_principal, found.why) AS sessions,
        max(found.last_at) OVER (PARTITION BY found.principal, found.root_principal, found.why) AS all_until,
        row_number() OVER (
            PARTITION BY found.principal, found.root_principal, found.why
            ORDER BY found.first_at, found.session_id
        ) AS place
    FROM found
)
SELECT
    coalesce(session.session_arn, ranked.principal) AS subject,
    ranked.first_at,
    ranked.all_until AS last_at,
    ranked.severity,
    ranked.root_principal AS root,
    session.path,
    replace(session.account_path, ' > ', ' ') AS accounts,
    coalesce(back.new_network, session.networks) AS networks,
    ranked.sessions AS count,
    session.issue_event_ids AS event_ids,
    'SELECT hour, source_ip_address, source_place, user_agent, event_source, event_name, calls FROM usage WHERE principal_id = '''
        || replace(ranked.principal_id, '''', '''''') || ''' AND session_created_at = '''
        || CAST(ranked.created_at AS VARCHAR) || ''' ORDER BY first_at' AS more,
    ranked.why,
    ranked.principal,
    ranked.session_id,
    ranked.root_kind,
    session.issued_by,
    ranked.created_at,
    session.expires_at,
    ranked.last_used_at,
    ranked.span_seconds,
    ranked.ceiling_seconds,
    back.came_back_at,
    back.new_place,
    back.new_country,
    session.from_console,
    session.places
FROM ranked
JOIN session ON session.session_id = ranked.session_id
LEFT JOIN back
  ON back.session_id = ranked.session_id
 AND ranked.why = 'came back from a new place'
WHERE ranked.place = 1
  AND session.created_at >= $from - $reach - $usual_within -- prunes
  AND session.date >= CAST($from - $reach - $usual_within AS DATE) -- prunes
ORDER BY ranked.first_at, ranked.session_id
