/*
+++
title       = "One root reaches many accounts or roles within an hour"
severity    = "high"
confidence  = "medium"
family      = "lineage"
covers      = ["B6"]
attack      = ["T1550.001", "T1580", "T1078.004"]
fingerprint = ["root"]
baseline    = "14 days"
references  = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html"]

[param.within]
type    = "interval"
default = "1 hour"
about   = "the time in which accounts and roles are counted"

[param.min_accounts]
type    = "integer"
default = 5
about   = "accounts entered in that time that are many"

[param.min_roles]
type    = "integer"
default = 10
about   = "roles taken in that time that are many"

[param.times]
type    = "integer"
default = 2
about   = "how many times the largest day of the past must be exceeded"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back the largest day is looked for"

[column.accounts_reached]
about = "Accounts entered within the hour."

[column.roles_reached]
about = "Roles taken within the hour."

[column.role_names]
about = "How many different names these roles have; a scanner has one."

[column.most_accounts_before]
about = "The most accounts of one day in the past."

[column.most_roles_before]
about = "The most roles of one day in the past."

[column.most_hops]
about = "The largest number of hops after the first session."
+++

Everything that grew from one person, key or workload, over however many sessions and roles, entered more
accounts or took more roles within an hour than ever before in a day, twice over.

## Why it matters

An intruder who holds a good credential tries where it leads. Each step uses another key and another
role, so that whoever counts by key, role or account sees one or two harmless calls. Counted at the root
the walk is plain.

## When it is harmless

A new scanner or deployment that enters every account, on its first day: it takes one role name everywhere and
changes nothing, which is medium, or low once it is entered as automation. A great migration. Scanners that come
each day, and accounts that join the organisation, stay below twice the largest day.

## What it cannot see

A slow walk. Attempts that were denied. What begins at a session whose issuance or parent is unknown or
ambiguous is counted from there. Of workloads, the role that the service handed out counts as the root, and
only its own hops as its past.
*/
WITH lately AS (
    SELECT
        session.*,
        CASE
            WHEN session.root_kind = 'service' THEN split_part(session.path, ' > ', 2)
            ELSE session.root_principal
        END AS origin,
        CASE
            WHEN session.root_kind = 'service' THEN substr(session.path, strpos(session.path, ' > ') + 3)
            ELSE session.path
        END AS way
    FROM session
    WHERE session.created_at >= $from - $within -- prunes
      AND session.created_at < $until
      AND session.issued_by IS NOT NULL
      AND session.root_kind <> 'ambiguous'
      AND NOT (session.root_kind = 'service' AND session.depth = 0)
),
-- Accounts and roles are counted apart: to tell two things apart in one step takes 29 kB for each origin.
lately_accounts AS (
    SELECT
        lately.origin,
        count(DISTINCT lately.account_id) AS accounts
    FROM lately
    GROUP BY lately.origin
),
lately_roles AS (
    SELECT
        lately.origin,
        count(DISTINCT lately.principal) AS roles
    FROM lately
    GROUP BY lately.origin
),
wide AS (
    SELECT
        lately_roles.origin,
        lately_accounts.accounts,
        lately_roles.roles
    FROM lately_roles
    JOIN lately_accounts ON lately_accounts.origin = lately_roles.origin
),
many AS (
    SELECT wide.origin
    FROM wide
    WHERE wide.accounts >= $min_accounts OR wide.roles >= $min_roles -- prunes
),
went AS (
    SELECT
        CASE
            WHEN edge.root_principal LIKE '%.amazonaws.com' THEN edge.from_principal
            ELSE edge.root_principal
        END AS origin,
        date_trunc('day', edge.first_at) AS day,
        edge.to_account_id,
        edge.to_principal
    FROM edge
    WHERE edge.first_at >= $from - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
most_accounts AS (
    SELECT
        by_day.origin,
        max(by_day.accounts) AS accounts
    FROM (
        SELECT
            went.origin,
            went.day,
            count(DISTINCT went.to_account_id) AS accounts
        FROM many
        JOIN went ON went.origin = many.origin -- prunes
        GROUP BY went.origin, went.day
    ) AS by_day
    GROUP BY by_day.origin
),
most_roles AS (
    SELECT
        by_day.origin,
        max(by_day.roles) AS roles
    FROM (
        SELECT
            went.origin,
            went.day,
            count(DISTINCT went.to_principal) AS roles
        FROM many
        JOIN went ON went.origin = many.origin -- prunes
        GROUP BY went.origin, went.day
    ) AS by_day
    GROUP BY by_day.origin
),
busy AS (
    SELECT
        wide.origin,
        coalesce(most_accounts.accounts, 0) AS most_accounts,
        coalesce(most_roles.roles, 0) AS most_roles,
        (wide.accounts >= $min_accounts AND wide.accounts > $times * coalesce(most_accounts.accounts, 0))
            OR (wide.roles >= $min_roles AND wide.roles > $times * coalesce(most_roles.roles, 0)) AS is_busy
    FROM wide
    LEFT JOIN most_accounts ON most_accounts.origin = wide.origin
    LEFT JOIN most_roles ON most_roles.origin = wide.origin
),
step AS (
    SELECT
        lately.origin,
        lately.account_id,
        lately.principal,
        date_trunc('minute', lately.created_at) AS minute,
        min(lately.created_at) AS first_at,
        max(lately.created_at) AS last_at,
        count(*) AS sessions,
        max(lately.depth) AS deepest,
        max(CASE WHEN lately.changed_services IS NULL THEN 0 ELSE 1 END) AS changed,
        min(network_of(lately.issue_source_ip)) AS network,
        min(lately.way) AS path,
        min(lately.root_kind) AS root_kind,
        min(lately.root_credential) AS root_credential,
        min(lately.issue_event_ids) AS issue_event_ids
    FROM lately
    JOIN busy
      ON busy.origin = lately.origin
     AND busy.is_busy -- prunes
    GROUP BY
        lately.origin,
        lately.account_id,
        lately.principal,
        date_trunc('minute', lately.created_at)
),
tick AS (
    SELECT DISTINCT
        step.origin,
        step.minute
    FROM step
    WHERE step.last_at >= $from
),
burst AS (
    SELECT
        tick.origin,
        tick.minute,
        count(DISTINCT step.account_id) AS accounts,
        count(DISTINCT step.principal) AS roles
    FROM tick
    JOIN step
      ON step.origin = tick.origin
     AND step.minute > tick.minute - $within
     AND step.minute <= tick.minute
    GROUP BY
        tick.origin,
        tick.minute
),
largest AS (
    SELECT
        burst.*,
        busy.most_accounts,
        busy.most_roles,
        row_number() OVER (
            PARTITION BY burst.origin
            ORDER BY burst.accounts DESC, burst.roles DESC, burst.minute
        ) AS place
    FROM burst
    JOIN busy ON busy.origin = burst.origin
    WHERE (burst.accounts >= $min_accounts AND burst.accounts > $times * busy.most_accounts)
       OR (burst.roles >= $min_roles AND burst.roles > $times * busy.most_roles)
),
chosen AS (
    SELECT
        step.*,
        largest.accounts,
        largest.roles,
        largest.most_accounts,
        largest.most_roles
    FROM largest
    JOIN step
      ON step.origin = largest.origin
     AND step.minute > largest.minute - $within
     AND step.minute <= largest.minute
    WHERE largest.place = 1
),
account AS (
    SELECT DISTINCT chosen.origin, chosen.account_id AS word FROM chosen
),
network AS (
    SELECT DISTINCT chosen.origin, chosen.network AS word FROM chosen
),
accounts AS (
    SELECT account.origin, string_agg(account.word, ' ' ORDER BY account.word) AS words
    FROM account
    GROUP BY account.origin
),
networks AS (
    SELECT network.origin, string_agg(network.word, ' ' ORDER BY network.word) AS words
    FROM network
    GROUP BY network.origin
),
summed AS (
    SELECT
        chosen.origin,
        chosen.accounts,
        chosen.roles,
        chosen.most_accounts,
        chosen.most_roles,
        min(chosen.first_at) AS first_at,
        max(chosen.last_at) AS last_at,
        sum(chosen.sessions) AS sessions,
        max(chosen.deepest) AS deepest,
        max(chosen.changed) AS changed,
        count(DISTINCT role_name(chosen.principal)) AS role_names,
        min(chosen.path) AS path,
        min(chosen.root_kind) AS root_kind,
        min(chosen.root_credential) AS root_credential,
        string_agg(chosen.issue_event_ids, ' ' ORDER BY chosen.issue_event_ids) AS event_ids
    FROM chosen
    GROUP BY
        chosen.origin,
        chosen.accounts,
        chosen.roles,
        chosen.most_accounts,
        chosen.most_roles
),
automatic AS (
    SELECT DISTINCT summed.origin
    FROM summed
    JOIN automation ON glob(summed.origin, automation.principal)
)
SELECT
    summed.origin AS subject,
    summed.first_at,
    summed.last_at,
    CASE
        WHEN automatic.origin IS NOT NULL THEN 'low'
        WHEN summed.changed = 0 AND summed.role_names <= 1 THEN 'medium'
        ELSE 'high'
    END AS severity,
    summed.origin AS root,
    summed.path,
    accounts.words AS accounts,
    networks.words AS networks,
    summed.sessions AS count,
    summed.event_ids,
    'SELECT * FROM session WHERE path LIKE ''%' || replace(summed.origin, '''', '''''')
        || '%'' ORDER BY created_at' AS more,
    summed.accounts AS accounts_reached,
    summed.roles AS roles_reached,
    summed.role_names,
    summed.most_accounts AS most_accounts_before,
    summed.most_roles AS most_roles_before,
    summed.deepest AS most_hops,
    summed.root_kind,
    summed.root_credential
FROM summed
JOIN accounts ON accounts.origin = summed.origin
LEFT JOIN networks ON networks.origin = summed.origin
LEFT JOIN automatic ON automatic.origin = summed.origin
ORDER BY summed.first_at, summed.origin
