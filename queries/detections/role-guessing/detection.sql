/*
+++
title       = "Somebody guesses roles or principals"
severity    = "medium"
confidence  = "medium"
family      = "recon"
covers      = ["RC-2"]
subsumes    = ["E35", "K06", "Z06"]
attack      = ["T1087.004", "T1069.003", "T1110"]
fingerprint = ["subject", "why", "severity"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
]

[param.burst]
type    = "interval"
default = "10 minutes"
about   = "the time within which refused calls are counted"

[param.roles]
type    = "integer"
default = 5
about   = "different roles that must be refused within that time"

[param.policies]
type    = "integer"
default = 10
about   = "policies with unknown principals that must be refused within that time"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back refused calls count as a habit"

[param.door_apis]
type    = "list"
default = ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]
about   = "calls that take a role, and of which a refusal is a wrong guess"

[param.shown]
type    = "integer"
default = 20
about   = "how many events are named as evidence"

[column.why]
about = "What was guessed: roles or principals."

[column.guesses]
about = "The most different roles, or refused policies, within one burst."

[column.roles]
about = "Different roles that were asked for."

[column.opened_role]
about = "A role that the same caller took within the burst, after it had been refused others."
+++

One caller was refused many different roles within minutes, or many policies that name principals which do
not exist. It is high if one of the roles opened.

## Why it matters

A trust policy is accepted only if its principals exist: whoever writes policy after policy learns the names of
users and roles, of other accounts too. And whoever asks for role after role hopes that one of them opens.

## When it is harmless

A program goes through the accounts and is refused where its role is missing. It does that each day: a caller
that had as many refusals on an earlier day, with the same client from the same network, is left out, and so is the
automation of `rolecall.toml`. A person who mistypes a role asks for one or two.

## What it cannot see

Guesses against roles of ours from an account that is not ours: refusals are in the caller's trail alone. Slow
guessing. Roles that services name in other calls.
*/
WITH refused AS (
    SELECT
        event.principal,
        event.user_identity_principal_id AS principal_id,
        event.session_created_at,
        event.event_time,
        event.event_id,
        event.recipient_account_id,
        event.role_arn,
        event.source_place,
        event.source_country,
        network_of(event.source_ip_address) AS network,
        client_of(coalesce(event.user_agent, '')) AS client,
        CASE WHEN event.event_name = ANY($door_apis) THEN 'roles' ELSE 'principals' END AS why,
        CASE WHEN event.event_name = ANY($door_apis) THEN event.role_arn ELSE event.event_id END AS guess
    FROM event
    WHERE event.event_time >= $from - $burst -- prunes
      AND event.event_time < $until
      AND event.date >= CAST($from - $burst AS DATE) -- prunes
      AND event.user_identity_invoked_by IS NULL
      AND (
          event.error_code LIKE 'MalformedPolicy%'
          OR (event.event_name = ANY($door_apis) AND event.error_code LIKE 'AccessDenied%')
      )
      AND NOT EXISTS (
          SELECT 1
          FROM automation
          WHERE glob(event.principal, automation.principal)
      )
),
burst AS (
    SELECT
        one.principal,
        one.why,
        one.event_time,
        count(DISTINCT other.guess) AS guesses,
        max(other.event_time) AS last_at
    FROM refused AS one
    JOIN refused AS other
      ON other.principal = one.principal
     AND other.why = one.why
     AND other.event_time >= one.event_time
     AND other.event_time < one.event_time + $burst
    GROUP BY one.principal, one.why, one.event_time
    HAVING count(DISTINCT other.guess) >= CASE WHEN one.why = 'roles' THEN $roles ELSE $policies END
       AND max(other.event_time) >= $from
),
guesser AS (
    SELECT
        burst.principal,
        burst.why,
        min(burst.event_time) AS first_at,
        max(burst.last_at) AS last_at,
        max(burst.guesses) AS guesses
    FROM burst
    GROUP BY burst.principal, burst.why
),
guessed AS (
    SELECT
        refused.*,
        guesser.first_at,
        guesser.last_at,
        guesser.guesses,
        row_number() OVER (
            PARTITION BY refused.principal, refused.why
            ORDER BY refused.event_time, refused.event_id
        ) AS nth
    FROM guesser
    JOIN refused
      ON refused.principal = guesser.principal
     AND refused.why = guesser.why
     AND refused.event_time >= guesser.first_at
     AND refused.event_time <= guesser.last_at
    WHERE NOT EXISTS (
          SELECT 1
          FROM footprint AS past
          WHERE past.principal = refused.principal
            AND past.network = refused.network
            AND past.client = refused.client
            AND past.failed_calls >= guesser.guesses
            AND past.first_at >= $from - $history
            AND past.first_at < date_trunc('day', $from)
            AND past.date >= CAST($from - $history AS DATE) -- prunes
      )
),
held AS (
    SELECT
        session.principal_id,
        session.created_at,
        min(session.root_principal) AS root_principal,
        min(session.path) AS path
    FROM session
    WHERE session.created_at >= $from - INTERVAL '2 days' -- prunes
      AND session.created_at < $until -- prunes
    GROUP BY session.principal_id, session.created_at
),
found AS (
    SELECT
        guessed.principal,
        guessed.why,
        guessed.first_at,
        guessed.last_at,
        guessed.guesses,
        count(*) AS calls,
        count(DISTINCT guessed.role_arn) AS roles,
        string_agg(CASE WHEN guessed.nth <= $shown THEN guessed.event_id END, ' ' ORDER BY guessed.nth) AS event_ids,
        nullif(array_to_string(array_sort(array_agg(DISTINCT guessed.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT guessed.network)), ' '), '') AS networks,
        max(guessed.source_place) AS source_place,
        max(guessed.source_country) AS source_country,
        max(coalesce(held.root_principal, guessed.principal)) AS root_principal,
        max(held.path) AS path
    FROM guessed
    LEFT JOIN held
      ON held.principal_id = guessed.principal_id
     AND held.created_at = guessed.session_created_at
    GROUP BY guessed.principal, guessed.why, guessed.first_at, guessed.last_at, guessed.guesses
),
opened AS (
    SELECT
        found.principal,
        min(taken.role_arn) AS role_arn
    FROM found
    JOIN event AS taken
      ON taken.principal = found.principal
     AND taken.event_time >= found.first_at
     AND taken.event_time < found.last_at + $burst
    WHERE taken.event_time >= $from - $burst -- prunes
      AND taken.event_time < $until -- prunes
      AND taken.event_name = ANY($door_apis)
      AND taken.succeeded
      AND NOT EXISTS (
          SELECT 1
          FROM edge
          WHERE edge.from_principal = taken.principal
            AND edge.to_principal = taken.role_arn
            AND edge.first_at >= $from - $history
            AND edge.first_at < date_trunc('day', $from)
            AND edge.date >= CAST($from - $history AS DATE) -- prunes
      )
    GROUP BY found.principal
)
SELECT
    found.principal AS subject,
    found.first_at,
    found.last_at,
    CASE WHEN opened.role_arn IS NOT NULL THEN 'high' ELSE 'medium' END AS severity,
    found.root_principal AS root,
    found.path,
    found.accounts,
    found.networks,
    found.calls AS count,
    found.event_ids,
    'SELECT event_time, event_name, role_arn, error_code, error_message, source_ip_address, user_agent FROM event'
        || ' WHERE principal = ''' || replace(found.principal, '''', '''''') || ''' AND NOT succeeded ORDER BY event_time' AS more,
    found.why,
    found.guesses,
    found.roles,
    opened.role_arn AS opened_role,
    found.source_place,
    found.source_country
FROM found
LEFT JOIN opened
  ON opened.principal = found.principal
 AND found.why = 'roles'
ORDER BY found.first_at, found.principal, found.why
