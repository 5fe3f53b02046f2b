/*
+++
title       = "Roles take each other in turn for hours"
severity    = "high"
confidence  = "high"
family      = "lineage"
covers      = ["B4"]
attack      = ["T1550.001", "T1098.003", "T1078.004"]
fingerprint = ["root", "root_session_id"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
]

[param.min_hops]
type    = "integer"
default = 4
about   = "hops after the first session from which a chain that comes back counts as renewal"

[param.min_age]
type    = "interval"
default = "4 hours"
about   = "how old the lineage must be"

[param.history]
type    = "interval"
default = "7 days"
about   = "how far back the beginning of a lineage is looked for; an older one counts as that old"

[param.usual_history]
type    = "interval"
default = "30 days"
about   = "how far back such chains of the same root and role count as usual"

[param.usual_days]
type    = "integer"
default = 3
about   = "days with such chains that make them usual: low"

[column.root_session_id]
about = "The session at the start; NULL if it is not in the lake."

[column.begun_at]
about = "When the lineage began, or the earliest that is known."

[column.root_expired_at]
about = "When the first session ended."

[column.hops]
about = "The largest number of hops after the first session."

[column.seen_on_days]
about = "On how many of the days before such chains were seen."
+++

One session took the next, roles came back again and again, and that goes on for hours without a new
sign-in. Once the first session has ended the chain is older than anything that STS would have granted: high.

## Why it matters

A chained session lives an hour at most. Roles that may take each other, or a role that may take itself,
make an hour into for ever: each session takes the next before it ends, and no sign-in, MFA or key is
needed again. Deleting the key it began with changes nothing. Every single hop looks normal.

## When it is harmless

A job that runs for many hours and renews its role from the role's own session. It works the same each
day: after `usual_days` days it is low. Enter the pair of roles as a trusted edge if it is wanted; better
let the job ask from where it began.

## What it cannot see

A chain whose links are ambiguous, or that goes through an account whose trail is not collected: it begins
anew at each. Where the first session is not in the lake, the earliest session of that root in `history`
counts as the beginning.
*/
WITH lately AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from - $history -- prunes
      AND session.created_at < $until
),
renewed AS (
    SELECT lately.*
    FROM lately
    WHERE lately.created_at >= $from
      AND lately.revisits
      AND lately.depth >= $min_hops
      AND NOT EXISTS (
          SELECT 1
          FROM trusted_edge
          WHERE glob(lately.caller_principal, trusted_edge.from_principal)
            AND glob(lately.principal, trusted_edge.to_principal)
      )
),
nameless AS (
    SELECT
        lately.root_principal,
        min(lately.created_at) AS begun_at
    FROM lately
    WHERE lately.root_session_id IS NULL
    GROUP BY lately.root_principal
),
aged AS (
    SELECT
        renewed.*,
        coalesce(origin.created_at, nameless.begun_at, $from - $history) AS begun_at,
        origin.expires_at AS root_expired_at
    FROM renewed
    LEFT JOIN lately AS origin ON origin.session_id = renewed.root_session_id
    LEFT JOIN nameless
      ON nameless.root_principal = renewed.root_principal
     AND renewed.root_session_id IS NULL
),
old AS (
    SELECT aged.*
    FROM aged
    WHERE aged.created_at >= aged.begun_at + $min_age
),
usual AS (
    SELECT
        edge.root_principal,
        edge.to_principal,
        count(DISTINCT date_trunc('day', edge.first_at)) AS days
    FROM edge
    WHERE edge.first_at >= $from - $usual_history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $usual_history AS DATE) -- prunes
      AND edge.max_depth >= $min_hops
    GROUP BY edge.root_principal, edge.to_principal
),
summed AS (
    SELECT
        coalesce(old.root_session_id, old.root_principal) AS root_key,
        max(old.created_at) AS last_at,
        max(old.depth) AS hops,
        count(*) AS renewals,
        min(coalesce(usual.days, 0)) AS usual_on_days,
        string_agg(DISTINCT old.account_id, ' ' ORDER BY old.account_id) AS accounts
    FROM old
    LEFT JOIN usual
      ON usual.root_principal = old.root_principal
     AND usual.to_principal = old.principal
    GROUP BY coalesce(old.root_session_id, old.root_principal)
),
first_one AS (
    SELECT
        old.*,
        row_number() OVER (
            PARTITION BY coalesce(old.root_session_id, old.root_principal)
            ORDER BY old.depth, old.created_at, old.session_id
        ) AS turn
    FROM old
)
SELECT
    first_one.principal AS subject,
    first_one.begun_at AS first_at,
    summed.last_at,
    CASE
        WHEN summed.usual_on_days >= $usual_days THEN 'low'
        WHEN summed.last_at <= first_one.root_expired_at THEN 'medium'
        ELSE 'high'
    END AS severity,
    first_one.root_principal AS root,
    first_one.path,
    summed.accounts,
    network_of(first_one.issue_source_ip) AS networks,
    summed.renewals AS count,
    first_one.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE root_principal = ''' || replace(first_one.root_principal, '''', '''''')
        || ''' AND revisits ORDER BY created_at' AS more,
    first_one.root_session_id,
    first_one.root_kind,
    first_one.root_credential,
    first_one.begun_at,
    first_one.root_expired_at,
    summed.hops,
    summed.usual_on_days AS seen_on_days
FROM first_one
JOIN summed ON summed.root_key = coalesce(first_one.root_session_id, first_one.root_principal)
WHERE first_one.turn = 1
ORDER BY first_one.begun_at, first_one.session_id
