/*
+++
title = "Who enters which account, through which role?"
topic = "cross-account access"

[column.from_account]
about = "The account whose principal asked for the session."

[column.from_whom]
about = "Whether that account is `own`, a `partner` that `rolecall.toml` names, or an `outsider`."

[column.role]
about = "The name of the role that was taken; the ARN of a root user."

[column.to_account]
about = "The account that was entered."

[column.callers]
about = "How many principals asked."

[column.roots]
about = "How many principals were at the start of the lineages."

[column.external_id_percent]
about = "How many of a hundred sessions came with an external id."

[column.longest_hours]
about = "The longest lifetime granted."
+++

One row for each door between two accounts that somebody walked through: the account that asked, the role,
and the account in which it acts. Every step of a chain counts by itself, so that a walk through three
accounts is in two rows.

Outsiders come first, then partners, then the own accounts; in each group what was used most. An outsider
that nobody can name needs a closed door. A partner or outsider below 100 percent takes the role without an
external id in some of its calls, so that the role cannot insist on one. `roots` far above `callers` are many
people behind one role.

Steps are counted by whole days (UTC), so that the first and last day of the span may hold some from before
and after it. What AWS services and identity providers take is no step from an account. If neither
`rolecall.toml` nor the names of the trail's objects tell the own accounts, every account is an outsider.
*/
WITH step AS (
    SELECT
        edge.from_account_id,
        edge.from_principal,
        edge.to_account_id,
        edge.to_principal,
        edge.root_principal,
        edge.sessions,
        edge.with_external_id,
        edge.longest_seconds,
        edge.first_at,
        edge.last_at
    FROM edge
    WHERE edge.last_at >= $from
      AND edge.first_at < $until
      AND edge.from_account_id <> edge.to_account_id
      AND edge.date >= CAST($from AS DATE) -- prunes
),
walked AS (
    SELECT
        step.from_account_id,
        step.to_account_id,
        step.to_principal,
        count(DISTINCT step.from_principal) AS callers,
        sum(step.sessions) AS sessions,
        sum(step.with_external_id) AS with_external_id,
        max(step.longest_seconds) AS longest_seconds,
        min(step.first_at) AS first_at,
        max(step.last_at) AS last_at
    FROM step
    GROUP BY step.from_account_id, step.to_account_id, step.to_principal
),
-- Apart, because to tell callers and roots apart in one step takes 29 kB for each door.
begun AS (
    SELECT
        step.from_account_id,
        step.to_principal,
        count(DISTINCT step.root_principal) AS roots
    FROM step
    GROUP BY step.from_account_id, step.to_principal
),
known_partner AS (
    SELECT
        partner.account_id,
        max(partner.name) AS name
    FROM partner
    GROUP BY partner.account_id
),
judged AS (
    SELECT
        walked.*,
        begun.roots,
        CASE
            WHEN organization_account.account_id IS NOT NULL THEN 'own'
            WHEN known_partner.account_id IS NOT NULL THEN 'partner'
            ELSE 'outsider'
        END AS from_whom,
        coalesce(own_account.name, known_partner.name) AS from_name
    FROM walked
    JOIN begun
      ON begun.from_account_id = walked.from_account_id
     AND begun.to_principal = walked.to_principal
    LEFT JOIN organization_account ON organization_account.account_id = walked.from_account_id
    LEFT JOIN known_partner ON known_partner.account_id = walked.from_account_id
    LEFT JOIN own_account ON own_account.account_id = walked.from_account_id
)
SELECT
    coalesce(judged.from_name || ' (' || judged.from_account_id || ')', judged.from_account_id) AS from_account,
    judged.from_whom,
    coalesce(role_name(judged.to_principal), judged.to_principal) AS role,
    coalesce(entered.name || ' (' || judged.to_account_id || ')', judged.to_account_id) AS to_account,
    judged.sessions,
    judged.callers,
    judged.roots,
    round(100 * CAST(judged.with_external_id AS DOUBLE) / CAST(judged.sessions AS DOUBLE), 1) AS external_id_percent,
    round(CAST(judged.longest_seconds AS DOUBLE) / 3600, 2) AS longest_hours,
    judged.first_at,
    judged.last_at
FROM judged
LEFT JOIN own_account AS entered ON entered.account_id = judged.to_account_id
ORDER BY
    CASE judged.from_whom WHEN 'outsider' THEN 1 WHEN 'partner' THEN 2 ELSE 3 END,
    judged.sessions DESC,
    judged.from_account_id,
    judged.to_account_id,
    judged.to_principal
