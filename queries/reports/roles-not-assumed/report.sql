/*
+++
title = "Which roles has nobody assumed for a long time?"
topic = "cross-account access"

[param.unused]
type    = "interval"
default = "90 days"
about   = "how long nobody has assumed the role"

[column.role]
about = "The name of the role."

[column.account]
about = "The account of the role."

[column.trusted]
about = "Whom its last trust policy in the lake lets in; NULL if none is in the lake."

[column.seen_at]
about = "When the lake first saw the role: its creation, another change of it, or its first session."

[column.sessions]
about = "How many sessions of it there were."

[column.last_at]
about = "When it was last assumed; NULL if never."

[column.last_root]
about = "Who was at the start of that session's lineage."

[column.idle_days]
about = "Days since then, or else since the lake first saw the role."
+++

One row for each role that the lake has seen and that nobody assumed for a long time: neither people nor
programs nor AWS services. The longest idle come first.

A role that nobody takes is a door that nobody watches. Ask its owner, then delete it, or first take its
policies away and wait. `last_root` says who would miss it; `trusted` says who could come back. Roles that
were made and never taken are often the remains of a template.

The lake sees a role when it is taken, made or changed in the span that was asked about: roles that have
slept since before are in no row. Ask about a span that is longer than `unused`, and ends today. Some roles
sleep on purpose: break-glass roles, service-linked roles, roles for disaster recovery. A role that was
deleted is left out, as long as its deletion is in the lake. Roles named in refused calls are left out too:
they need not exist.
*/
WITH taken AS (
    SELECT
        session.account_id,
        role_name(session.principal) AS role,
        count(*) AS sessions,
        min(session.created_at) AS first_at,
        max(session.created_at) AS last_at
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND session.kind = 'role'
    GROUP BY session.account_id, role_name(session.principal)
),
changed AS (
    SELECT
        event.recipient_account_id AS account_id,
        event.target_role_name AS role,
        event.event_time AS changed_at,
        event.event_name,
        event.event_id,
        event.trusted_principals
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.date >= CAST($from AS DATE) -- prunes
      AND event.event_source LIKE 'iam.%'
      AND event.succeeded
),
made AS (
    SELECT
        changed.account_id,
        changed.role,
        min(changed.changed_at) AS seen_at,
        max(CASE WHEN changed.event_name = 'DeleteRole' THEN changed.changed_at END) AS deleted_at,
        max(changed.changed_at) AS changed_at
    FROM changed
    GROUP BY changed.account_id, changed.role
),
policy AS (
    SELECT
        changed.account_id,
        changed.role,
        changed.trusted_principals,
        row_number() OVER (
            PARTITION BY changed.account_id, changed.role
            ORDER BY changed.changed_at DESC, changed.event_id
        ) AS place
    FROM changed
    WHERE changed.event_name IN ('CreateRole', 'UpdateAssumeRolePolicy')
),
seen AS (
    SELECT
        taken.account_id,
        taken.role
    FROM taken
    UNION
    SELECT
        made.account_id,
        made.role
    FROM made
),
judged AS (
    SELECT
        seen.account_id,
        seen.role,
        policy.trusted_principals AS trusted,
        CASE
            WHEN taken.first_at < coalesce(made.seen_at, $until) THEN taken.first_at
            ELSE made.seen_at
        END AS seen_at,
        coalesce(taken.sessions, 0) AS sessions,
        taken.last_at,
        made.deleted_at,
        made.changed_at
    FROM seen
    LEFT JOIN taken
      ON taken.account_id = seen.account_id
     AND taken.role = seen.role
    LEFT JOIN made
      ON made.account_id = seen.account_id
     AND made.role = seen.role
    LEFT JOIN policy
      ON policy.account_id = seen.account_id
     AND policy.role = seen.role
     AND policy.place = 1
),
idle AS (
    SELECT judged.*
    FROM judged
    WHERE coalesce(judged.last_at, judged.seen_at) < $until - $unused
      AND (judged.deleted_at IS NULL OR judged.changed_at > judged.deleted_at)
),
last_taken AS (
    SELECT
        idle.account_id,
        idle.role,
        min(session.root_principal) AS root_principal
    FROM idle
    JOIN session
      ON session.account_id = idle.account_id
     AND role_name(session.principal) = idle.role
     AND session.created_at = idle.last_at
    WHERE session.created_at >= $from -- prunes
      AND session.created_at < $until -- prunes
      AND session.date >= CAST($from AS DATE) -- prunes
    GROUP BY idle.account_id, idle.role
)
SELECT
    idle.role,
    coalesce(own_account.name || ' (' || idle.account_id || ')', idle.account_id) AS account,
    idle.trusted,
    idle.seen_at,
    idle.sessions,
    idle.last_at,
    last_taken.root_principal AS last_root,
    CAST(floor((date_part('epoch', $until) - date_part('epoch', coalesce(idle.last_at, idle.seen_at))) / 86400)
        AS BIGINT) AS idle_days
FROM idle
LEFT JOIN last_taken
  ON last_taken.account_id = idle.account_id
 AND last_taken.role = idle.role
LEFT JOIN own_account ON own_account.account_id = idle.account_id
ORDER BY idle_days DESC, idle.account_id, idle.role
