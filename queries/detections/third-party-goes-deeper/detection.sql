/*
+++
title       = "A third party goes on from the role that it was given"
severity    = "high"
confidence  = "medium"
family      = "lineage"
covers      = ["B7"]
attack      = ["T1199", "T1550.001", "T1078.004"]
fingerprint = ["root_account_id", "why", "target"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
]

[param.history]
type    = "interval"
default = "90 days"
about   = "how far back a step of the third party counts as known"

[column.why]
about = "Whether the third party went on from a role inside, or entered an account it did not know."

[column.target]
about = "The name of the role that it went on to, or the account that it entered."

[column.partner_name]
about = "What rolecall.toml calls the third party."
+++

A lineage that begins in an account outside the organisation took a further role from within, which it
never did before; or it entered from outside an account that is new to it, while others were known.

## Why it matters

A vendor is given one role in an account, and what that role may do was thought about once. Roles that it can
take from there were not. The further step is logged as an ordinary hop between own roles, with no trace of
the vendor; only the lineage tells who walks. A vendor that was broken into looks exactly like this.

## When it is harmless

A vendor whose first role is a hub from which it enters all accounts: once. A vendor that is rolled out to further
accounts: low if it is entered as a partner; an external id proves nothing, for a role that asks for none takes
any. Enter hops that are wanted as trusted edges.
An own account that delivers no logs looks like a third party: enter it in `rolecall.toml`.

## What it cannot see

A first role that is too strong by itself. Which of the vendor's people or customers it was: the record of the
owner's account shows a unique id. Vendors that come with keys of an own IAM user begin inside.
*/
WITH outsider AS (
    SELECT session.*
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.issued_by IS NOT NULL
      AND session.root_account_id IS NOT NULL
      AND NOT EXISTS (
          SELECT 1
          FROM organization_account
          WHERE organization_account.account_id = session.root_account_id
      )
      AND EXISTS (
          SELECT 1
          FROM organization_account
          WHERE organization_account.account_id = session.account_id
      )
),
past AS (
    SELECT DISTINCT
        edge.root_account_id,
        edge.from_principal,
        edge.to_principal,
        edge.to_account_id
    FROM edge
    WHERE edge.first_at >= $from - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
found AS (
    SELECT
        outsider.*,
        'goes deeper' AS why,
        coalesce(role_name(outsider.principal), outsider.principal) AS target
    FROM outsider
    WHERE outsider.depth >= 1
      AND EXISTS (
          SELECT 1
          FROM organization_account
          WHERE organization_account.account_id = outsider.caller_account_id
      )
      AND NOT EXISTS (
          SELECT 1
          FROM past
          WHERE past.root_account_id = outsider.root_account_id
            AND past.from_principal = outsider.caller_principal
            AND past.to_principal = outsider.principal
      )
    UNION ALL
    SELECT
        outsider.*,
        'new account' AS why,
        outsider.account_id AS target
    FROM outsider
    WHERE outsider.caller_account_id = outsider.root_account_id
      AND EXISTS (
          SELECT 1
          FROM past
          WHERE past.root_account_id = outsider.root_account_id
      )
      AND NOT EXISTS (
          SELECT 1
          FROM past
          WHERE past.root_account_id = outsider.root_account_id
            AND past.to_account_id = outsider.account_id
      )
),
known AS (
    SELECT
        partner.account_id,
        max(partner.name) AS name
    FROM partner
    GROUP BY partner.account_id
),
told AS (
    SELECT
        found.*,
        known.account_id AS partner_id,
        known.name AS partner_name,
        count(*) OVER (PARTITION BY found.root_account_id, found.why, found.target) AS sessions,
        max(coalesce(found.last_used_at, found.created_at)) OVER (
            PARTITION BY found.root_account_id, found.why, found.target
        ) AS last_seen,
        row_number() OVER (
            PARTITION BY found.root_account_id, found.why, found.target
            ORDER BY found.created_at, found.session_id
        ) AS place
    FROM found
    LEFT JOIN known ON known.account_id = found.root_account_id
    WHERE NOT EXISTS (
        SELECT 1
        FROM trusted_edge
        WHERE glob(found.caller_principal, trusted_edge.from_principal)
          AND glob(found.principal, trusted_edge.to_principal)
    )
)
SELECT
    told.principal AS subject,
    told.created_at AS first_at,
    told.last_seen AS last_at,
    CASE
        WHEN told.why = 'goes deeper' THEN 'high'
        WHEN told.partner_id IS NOT NULL THEN 'low'
        ELSE 'medium'
    END AS severity,
    told.root_principal AS root,
    told.path,
    replace(told.account_path, ' > ', ' ') AS accounts,
    coalesce(told.networks, network_of(told.issue_source_ip)) AS networks,
    told.sessions AS count,
    told.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE root_account_id = ''' || replace(told.root_account_id, '''', '''''')
        || ''' ORDER BY created_at' AS more,
    told.why,
    told.target,
    told.root_account_id,
    told.partner_name,
    told.account_id,
    told.caller_principal,
    told.external_id,
    told.depth,
    told.changed_services,
    told.issue_source_ip
FROM told
WHERE told.place = 1
ORDER BY told.created_at, told.session_id, told.why
