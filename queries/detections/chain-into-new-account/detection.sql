/*
+++
title       = "A chain enters an account its root never reached before"
severity    = "high"
confidence  = "medium"
family      = "cross-account chain"
covers      = ["XA-1", "XA-2"]
attack      = ["T1550.001", "T1078.004"]
fingerprint = ["root", "account_id"]
baseline    = "14 days"
references  = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html"]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back an account counts as known to a root"

[param.min_depth]
type    = "integer"
default = 1
about   = "0 is a plain assumption of a role, 1 the first link of a chain"

[column.account_id]
about = "The account that was entered."
+++

Somebody used a temporary credential to obtain another one, and ended in an account where nothing that
began with the same root has ended before.

## Why it matters

A leaked credential is worth as much as the roles it can reach. Walking from role to role is how its
new owner finds out, and the first step into an unknown account is the earliest sign that somebody is
walking. The root says who really did it, however many roles lie between.

## When it is harmless

A deployment gains a target account, a team moves, somebody helps out. Each happens once: from then on
the account is known to that root. Chains that AWS services begin for a workload are left out.

## What it cannot see

A chain inside accounts that its root knows. A chain whose middle was issued in an account whose trail
is not collected: it then begins at the first link that can be seen, and its root is called unresolved.
Identity providers that put something new into every subject make every root new; their roots are as
old as their subjects.
*/
WITH entered AS (
    SELECT
        session.*,
        count(*) OVER (PARTITION BY session.root_principal, session.account_id) AS sessions,
        max(session.created_at) OVER (PARTITION BY session.root_principal, session.account_id) AS last_created_at,
        row_number() OVER (
            PARTITION BY session.root_principal, session.account_id
            ORDER BY session.created_at, session.session_id
        ) AS place
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.issued_by IS NOT NULL
      AND session.depth >= $min_depth
      AND session.crossings > 0
      AND session.root_kind <> 'service'
)
SELECT
    entered.principal AS subject,
    entered.created_at AS first_at,
    entered.last_created_at AS last_at,
    entered.root_principal AS root,
    entered.path,
    replace(entered.account_path, ' > ', ' ') AS accounts,
    entered.networks,
    entered.sessions AS count,
    entered.issue_event_ids AS event_ids,
    'SELECT * FROM session WHERE root_principal = ''' || replace(entered.root_principal, '''', '''''')
        || ''' AND account_id = ''' || entered.account_id || ''' ORDER BY created_at' AS more,
    entered.account_id,
    entered.root_kind,
    entered.depth,
    entered.crossings,
    entered.caller_principal,
    entered.issue_source_ip,
    entered.external_id
FROM entered
WHERE entered.place = 1
  AND NOT EXISTS (
      SELECT 1
      FROM edge AS past
      WHERE past.root_principal = entered.root_principal
        AND past.to_account_id = entered.account_id
        AND past.first_at >= $from - $history
        AND past.first_at < $from
  )
ORDER BY entered.created_at, entered.session_id
