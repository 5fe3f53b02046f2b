/*
+++
title = "Which doors into roles stand open, and nobody walks through them any more?"
topic = "cross-account access"

[param.unused]
type    = "interval"
default = "90 days"
about   = "how long nobody has walked through"

[column.role]
about = "The name of the role that may be taken."

[column.account]
about = "The account of the role."

[column.trusted]
about = "Who may come in: an account, an identity provider, or `*` for everybody."

[column.known_by]
about = "How the door is known: its `policy` is in the lake, or somebody `walked` through it before."

[column.needs_external_id]
about = "Whether the policy insists on an external id; NULL if it names no account, or is not in the lake."

[column.opened_at]
about = "Since when the door is known."

[column.sessions]
about = "How many sessions were taken through it."

[column.last_at]
about = "The last of them; NULL if there was none."

[column.idle_days]
about = "Days since the last of them, or else since the door is known."
+++

One row for each door from another account, or from an identity provider, into a role, through which nobody
came for a long time: doors that stand in the role's last trust policy, and, of roles whose policy was set
before the lake began, doors through which somebody came earlier. The doors for everybody come first, then
those without an external id, then the longest idle.

Every row is a change that can be made today: take the principal out of the trust policy. If the role shows
nobody else, take the role. A door that is there for emergencies should be used once a quarter, and then is
not in this list. A trusted principal that is no account but an id such as `AROA…` is somebody who was deleted.

Ask about a span that is longer than `unused`, and ends today. A door counts as open since it was first seen
in a policy of the role. Conditions of the policy are not read, only whether it asks for an external id. AWS
services are left out; their roles are in `roles-not-assumed`. Visits to accounts whose trail is not collected
cannot be seen, so that their doors look unused.
*/
WITH policy AS (
    SELECT
        event.recipient_account_id AS account_id,
        event.target_role_name AS role,
        event.event_time AS changed_at,
        event.trusted_principals,
        event.trust_needs_external_id
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.date >= CAST($from AS DATE) -- prunes
      AND event.event_name IN ('CreateRole', 'UpdateAssumeRolePolicy', 'DeleteRole')
      AND event.succeeded
),
last_policy AS (
    SELECT
        policy.account_id,
        policy.role,
        max(policy.changed_at) AS changed_at
    FROM policy
    GROUP BY policy.account_id, policy.role
),
digit AS (
    SELECT digit.place
    FROM (VALUES
        (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15)
    ) AS digit (place)
),
named AS (
    SELECT
        policy.account_id,
        policy.role,
        policy.changed_at,
        policy.trust_needs_external_id,
        split_part(policy.trusted_principals, ' ', 16 * high.place + low.place + 1) AS guest
    FROM policy
    CROSS JOIN digit AS high
    CROSS JOIN digit AS low
    WHERE split_part(policy.trusted_principals, ' ', 16 * high.place + low.place + 1) <> ''
),
opened AS (
    SELECT
        named.account_id,
        named.role,
        named.guest,
        min(named.changed_at) AS opened_at,
        max(named.changed_at) AS said_at,
        bool_and(named.trust_needs_external_id) FILTER (WHERE named.changed_at = last_policy.changed_at)
            AS needs_external_id
    FROM named
    JOIN last_policy
      ON last_policy.account_id = named.account_id
     AND last_policy.role = named.role
    WHERE named.guest <> named.account_id
      AND (
          NOT glob(named.guest, '*.amazonaws.com*')
          OR named.guest LIKE 'arn:%'
          OR named.guest = 'cognito-identity.amazonaws.com'
      )
    GROUP BY named.account_id, named.role, named.guest, last_policy.changed_at
    HAVING max(named.changed_at) = last_policy.changed_at
),
walked AS (
    SELECT
        session.account_id,
        role_name(session.principal) AS role,
        session.caller_account_id,
        session.identity_provider,
        count(*) AS sessions,
        min(session.created_at) AS first_at,
        max(session.created_at) AS last_at
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND session.issued_by IS NOT NULL
    GROUP BY session.account_id, role_name(session.principal), session.caller_account_id, session.identity_provider
),
door AS (
    SELECT
        opened.account_id,
        opened.role,
        opened.guest,
        'policy' AS known_by,
        opened.needs_external_id,
        opened.opened_at,
        walked.sessions,
        walked.last_at
    FROM opened
    LEFT JOIN walked
      ON walked.account_id = opened.account_id
     AND walked.role = opened.role
     AND (
         walked.caller_account_id = opened.guest
         OR walked.identity_provider = opened.guest
         OR (opened.guest = '*' AND walked.caller_account_id <> walked.account_id)
     )
    UNION ALL
    SELECT
        walked.account_id,
        walked.role,
        coalesce(walked.caller_account_id, walked.identity_provider) AS guest,
        'walked' AS known_by,
        CAST(NULL AS BOOLEAN) AS needs_external_id,
        walked.first_at,
        walked.sessions,
        walked.last_at
    FROM walked
    LEFT JOIN last_policy
      ON last_policy.account_id = walked.account_id
     AND last_policy.role = walked.role
    WHERE last_policy.role IS NULL
      AND walked.role IS NOT NULL
      AND coalesce(walked.caller_account_id, walked.identity_provider) <> walked.account_id
),
idle AS (
    SELECT
        door.account_id,
        door.role,
        door.guest,
        door.known_by,
        door.needs_external_id,
        min(door.opened_at) AS opened_at,
        coalesce(sum(door.sessions), 0) AS sessions,
        max(door.last_at) AS last_at
    FROM door
    GROUP BY door.account_id, door.role, door.guest, door.known_by, door.needs_external_id
    HAVING min(door.opened_at) < $until - $unused
       AND coalesce(max(door.last_at), min(door.opened_at)) < $until - $unused
),
known_partner AS (
    SELECT
        partner.account_id,
        max(partner.name) AS name
    FROM partner
    GROUP BY partner.account_id
)
SELECT
    idle.role,
    coalesce(own_account.name || ' (' || idle.account_id || ')', idle.account_id) AS account,
    coalesce(coalesce(neighbour.name, known_partner.name) || ' (' || idle.guest || ')', idle.guest) AS trusted,
    idle.known_by,
    idle.needs_external_id,
    idle.opened_at,
    idle.sessions,
    idle.last_at,
    CAST(floor((date_part('epoch', $until) - date_part('epoch', coalesce(idle.last_at, idle.opened_at))) / 86400)
        AS BIGINT) AS idle_days
FROM idle
LEFT JOIN own_account ON own_account.account_id = idle.account_id
LEFT JOIN own_account AS neighbour ON neighbour.account_id = idle.guest
LEFT JOIN known_partner ON known_partner.account_id = idle.guest
ORDER BY
    CASE WHEN idle.guest = '*' THEN 1 ELSE 2 END,
    CASE WHEN idle.needs_external_id THEN 2 ELSE 1 END,
    idle_days DESC,
    idle.account_id,
    idle.role,
    idle.guest
