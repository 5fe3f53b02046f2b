/*
+++
title       = "Sessions are taken in bulk and left unused"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B11"]
attack      = ["T1550.001", "T1528"]
fingerprint = ["holder", "step"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html",
    "https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html",
]

[param.least_sessions]
type    = "integer"
default = 20
about   = "sessions that one credential takes within the time"

[param.least_roles]
type    = "integer"
default = 10
about   = "roles of accounts that one federated person takes within the time"

[param.within]
type    = "interval"
default = "10 minutes"
about   = "the time within which they are taken"

[param.soon]
type    = "interval"
default = "30 minutes"
about   = "how soon after its issue a session has to be used to count as used"

[param.used_share]
type    = "number"
default = 0.1
about   = "the share of used sessions at which taking them is no hoarding"

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "how long after its issue a hoarded session may be used"

[param.bulk_sessions]
type    = "integer"
default = 200
about   = "sessions on one day that show that taking them in bulk is the caller's business"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back habits and places count"

[param.named]
type    = "integer"
default = 20
about   = "how many of the sessions are named by their events"

[column.holder]
about = "The key that took the sessions, or the federated person."

[column.step]
about = "What happened: sessions were hoarded, or a hoarded one was used from elsewhere."

[column.used_sessions]
about = "How many of the sessions of the burst were used soon."

[column.roles]
about = "How many different roles they are of."
+++

One key took twenty sessions within ten minutes, or one person of a federation the roles of ten accounts,
and half an hour later fewer than a tenth of them had been used. If one of them is then first used from
a place that is not that of its issue, that is told again, as severe.

## Why it matters

Sessions outlive the key that took them. An intruder who expects to lose a key first takes as many sessions
as he can, for every role he can reach, and uses them when the key has long been switched off. So does
a malware that empties the cache of a single sign-on.

## When it is harmless

A tool that prepares profiles for all accounts at once. A vending machine for scoped credentials whose
customers only read and write data, which no trail shows: it does so each day, and a caller who left as
many unused on a day before, or takes hundreds each day, is left out. A scanner that enters every account uses what
it takes. What AWS services take for workloads is left out.

## What it cannot see

A hoarder whose caller hoards each day. One who uses each session once, to try it: that is a fan-out. Use that
the trail does not record. Different keys that take a few sessions each.
*/
WITH issued AS (
    SELECT
        session.session_id,
        session.principal,
        session.principal_id,
        session.keys_seen,
        session.account_id,
        session.root_principal,
        session.path,
        session.issue_event_ids,
        session.issue_source_ip,
        session.issue_place,
        session.created_at,
        session.first_used_at,
        session.issued_by = 'AssumeRoleWithSAML' AS is_federated,
        CASE
            WHEN session.issued_by = 'AssumeRoleWithSAML' THEN session.root_principal
            ELSE coalesce(session.caller_key, session.caller_principal)
        END AS holder,
        CASE
            WHEN session.issued_by = 'AssumeRoleWithSAML' THEN session.root_principal
            ELSE session.caller_principal
        END AS holder_principal,
        CASE WHEN session.issued_by = 'AssumeRoleWithSAML' THEN $least_roles ELSE $least_sessions END AS least,
        CASE
            WHEN session.first_used_at <= session.created_at + $soon THEN 1
            WHEN session.use_link = 'ambiguous' THEN 1
            ELSE 0
        END AS is_used,
        lag(session.created_at) OVER (
            PARTITION BY session.root_principal, session.principal
            ORDER BY session.created_at, session.session_id
        ) AS taken_before_at
    FROM session
    WHERE session.created_at >= $from - $lifetime - $soon - $within -- prunes
      AND session.created_at < $until -- prunes
      AND session.issued_by IS NOT NULL
      AND coalesce(session.caller_type, 'unknown') <> 'AWSService'
),
placed AS (
    SELECT
        issued.*,
        row_number() OVER (PARTITION BY issued.holder ORDER BY issued.created_at, issued.session_id) AS place,
        sum(issued.is_used) OVER (
            PARTITION BY issued.holder
            ORDER BY issued.created_at, issued.session_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS used_so_far
    FROM issued
    WHERE NOT issued.is_federated
       OR coalesce(issued.taken_before_at + $within < issued.created_at, TRUE)
),
burst AS (
    SELECT
        later.holder,
        later.holder_principal,
        later.is_federated,
        earlier.created_at AS first_at,
        later.created_at AS last_at
    FROM placed AS later
    JOIN placed AS earlier
      ON earlier.holder = later.holder
     AND earlier.place = later.place - later.least + 1
     AND later.created_at <= earlier.created_at + $within
    WHERE later.used_so_far - earlier.used_so_far + earlier.is_used < $used_share * later.least
      AND later.created_at < $until - $soon
),
suspect AS (
    SELECT DISTINCT burst.holder_principal
    FROM burst
),
bulk AS (
    SELECT DISTINCT day.holder_principal
    FROM (
        SELECT
            CASE
                WHEN past.issued_by = 'AssumeRoleWithSAML' THEN past.root_principal
                ELSE past.from_principal
            END AS holder_principal,
            past.date,
            sum(past.sessions) AS sessions,
            sum(
                CASE
                    WHEN past.slowest_first_use_seconds IS NULL AND past.issued_by <> 'AssumeRoleWithSAML'
                    THEN past.sessions
                    ELSE 0
                END
            ) AS unused,
            count(
                DISTINCT CASE
                    WHEN past.slowest_first_use_seconds IS NULL AND past.issued_by = 'AssumeRoleWithSAML'
                    THEN past.to_principal
                END
            ) AS unused_roles
        FROM edge AS past
        WHERE past.first_at >= $from - $history
          AND past.first_at < date_trunc('day', $from - $lifetime)
          AND past.date >= CAST($from - $history AS DATE) -- prunes
          AND CASE WHEN past.issued_by = 'AssumeRoleWithSAML' THEN past.root_principal ELSE past.from_principal END IN (SELECT suspect.holder_principal FROM suspect) -- prunes
        GROUP BY
            CASE
                WHEN past.issued_by = 'AssumeRoleWithSAML' THEN past.root_principal
                ELSE past.from_principal
            END,
            past.date
    ) AS day
    WHERE day.sessions >= $bulk_sessions
       OR day.unused >= $least_sessions
       OR day.unused_roles >= $least_roles
),
hoard AS (
    SELECT
        burst.holder,
        min(burst.first_at) AS first_at,
        max(burst.last_at) AS last_at
    FROM burst
    WHERE NOT EXISTS (
        SELECT 1
        FROM bulk
        WHERE bulk.holder_principal = burst.holder_principal
    )
    GROUP BY burst.holder
),
taken AS (
    SELECT
        placed.*,
        hoard.last_at AS hoarded_at,
        row_number() OVER (PARTITION BY placed.holder ORDER BY placed.created_at, placed.session_id) AS turn
    FROM placed
    JOIN hoard
      ON hoard.holder = placed.holder
     AND placed.created_at >= hoard.first_at
     AND placed.created_at <= hoard.last_at
),
spent AS (
    SELECT
        taken.session_id,
        min(usage.source_place) AS place,
        min(network_of(usage.source_ip_address)) AS network,
        min(usage.source_ip_address) AS address,
        min(usage.source_country) AS country
    FROM taken
    JOIN usage
      ON usage.principal_id = taken.principal_id
     AND usage.session_created_at = taken.created_at
     AND usage.first_at = taken.first_used_at
     AND strpos(' ' || taken.keys_seen || ' ', ' ' || usage.access_key_id || ' ') > 0
    WHERE usage.hour >= date_trunc('hour', $from) -- prunes
      AND usage.hour < $until -- prunes
      AND taken.is_used = 0
      AND taken.first_used_at >= $from
      AND taken.first_used_at < $until
      AND usage.invoked_by IS NULL
      AND is_address(usage.source_ip_address)
      AND usage.source_place <> taken.issue_place
      AND (
          usage.source_asn IS NOT NULL
          OR (usage.source_ip_address LIKE '%:%') = (taken.issue_source_ip LIKE '%:%')
      )
    GROUP BY taken.session_id
),
strange AS (
    SELECT
        taken.*,
        spent.network
    FROM spent
    JOIN taken ON taken.session_id = spent.session_id
    WHERE NOT EXISTS (
        SELECT 1
        FROM footprint AS past
        WHERE past.principal = taken.holder_principal
          AND (past.place = spent.place OR past.network = spent.network)
          AND past.first_at >= $from - $history
          AND past.first_at < date_trunc('day', $from)
          AND past.date >= CAST($from - $history AS DATE) -- prunes
    )
      AND NOT EXISTS (
          SELECT 1
          FROM footprint AS past
          WHERE past.principal = taken.principal
            AND (past.place = spent.place OR past.network = spent.network)
            AND past.first_at >= $from - $history
            AND past.first_at < date_trunc('day', $from)
            AND past.date >= CAST($from - $history AS DATE) -- prunes
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_network
          WHERE glob(taken.holder_principal, known_network.principal)
            AND (
                known_network.place = spent.place
                OR known_network.country = spent.country
                OR in_cidr(spent.address, known_network.cidr)
            )
      )
),
told AS (
    SELECT
        'hoarded' AS step,
        taken.holder,
        taken.holder_principal,
        taken.session_id,
        taken.principal,
        taken.account_id,
        taken.root_principal,
        taken.path,
        CASE WHEN taken.turn <= $named THEN taken.issue_event_ids END AS issue_event_ids,
        taken.is_used,
        taken.created_at AS first_at,
        date_trunc('second', taken.created_at) AS last_at,
        network_of(taken.issue_source_ip) AS network
    FROM taken
    WHERE taken.hoarded_at >= $from - $soon
    UNION ALL
    SELECT
        'used from elsewhere' AS step,
        strange.holder,
        strange.holder_principal,
        strange.session_id,
        strange.principal,
        strange.account_id,
        strange.root_principal,
        strange.path,
        strange.issue_event_ids,
        strange.is_used,
        strange.created_at AS first_at,
        date_trunc('second', strange.first_used_at) AS last_at,
        strange.network
    FROM strange
)
SELECT
    min(told.holder_principal) AS subject,
    min(told.first_at) AS first_at,
    max(told.last_at) AS last_at,
    CASE told.step WHEN 'hoarded' THEN 'medium' ELSE 'high' END AS severity,
    min(told.root_principal) AS root,
    min(told.path) AS path,
    nullif(array_to_string(array_sort(array_agg(DISTINCT told.account_id)), ' '), '') AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT told.network)), ' '), '') AS networks,
    count(*) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT told.issue_event_ids)), ' '), '') AS event_ids,
    'SELECT created_at, principal, issue_source_ip, first_used_at, places FROM session WHERE caller_key = '''
        || replace(told.holder, '''', '''''') || ''' OR root_principal = '''
        || replace(told.holder, '''', '''''') || ''' ORDER BY created_at' AS more,
    told.holder,
    told.step,
    count(DISTINCT told.principal) AS roles,
    sum(told.is_used) AS used_sessions
FROM told
GROUP BY told.holder, told.step
ORDER BY min(told.first_at), told.holder, told.step
