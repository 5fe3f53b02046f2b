/*
+++
title       = "AWS says that a key is exposed"
severity    = "high"
confidence  = "high"
family      = "leaked key"
covers      = ["LK-4"]
subsumes    = ["E26", "P03", "P04", "P16", "G04", "G05"]
attack      = ["T1078.004", "T1552.001"]
fingerprint = ["subject", "used_after"]
references  = [
    "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html",
]

[param.watched]
type    = "interval"
default = "2 days"
about   = "how long a quarantined user is watched for use"

[param.grace]
type    = "interval"
default = "5 minutes"
about   = "use after the quarantine that is still underway"

[param.shown]
type    = "integer"
default = 20
about   = "how many sessions are named as evidence"

[column.policy]
about = "The policy that was attached."

[column.quarantined_at]
about = "When the quarantine began."

[column.used_after]
about = "Whether a call of the user, or of a session that grew from it, succeeded later."

[column.calls_after]
about = "Successful calls of the user after the quarantine."

[column.refused_after]
about = "Calls of the user after the quarantine that failed."

[column.sessions_after]
about = "Sessions rooted in the user that were used after the quarantine, separated by blanks."
+++

AWS attached one of its quarantine policies to a user, since it found one of the user's access keys in
public. If the user, or a session that grew from its keys, is used successfully after that, it is critical.

## Why it matters

Whoever finds a key in public tries it within minutes. The quarantine denies some thirty kinds of abuse, but
neither reading nor `sts:AssumeRole`, and no session that was issued before: the key still works.

## When it is harmless

Hardly ever: the key has to be replaced even if nobody used it. What goes on afterwards may be the owner's
own program, which still needs a new key.

## What it cannot see

Which of the user's keys is meant; so every use of the user counts. The Health event
`AWS_RISK_CREDENTIALS_EXPOSED` and the mail that AWS sends are not in CloudTrail. A key that AWS did not find.
Use more than `watched` after the quarantine.
*/
WITH quarantine AS (
    SELECT
        event.recipient_account_id AS account_id,
        event.target_user_name,
        'arn:*:iam::' || event.recipient_account_id || ':user/' || event.target_user_name AS plain,
        'arn:*:iam::' || event.recipient_account_id || ':user/*/' || event.target_user_name AS nested,
        min(event.policy) AS policy,
        min(event.event_time) AS quarantined_at,
        max(event.event_time) AS last_at,
        count(*) AS events,
        string_agg(event.event_id, ' ' ORDER BY event.event_time, event.event_id) AS event_ids
    FROM event
    WHERE event.event_time >= $from - $watched
      AND event.event_time < $until
      AND event.date >= CAST($from - $watched AS DATE) -- prunes
      AND event.event_source = 'iam.amazonaws.com'
      AND event.succeeded
      AND event.event_name IN ('AttachUserPolicy', 'PutUserPolicy')
      AND (
          event.policy LIKE '%AWSCompromisedKeyQuarantine%'
          OR event.policy LIKE '%AWSExposedCredentialPolicy%'
      )
    GROUP BY event.recipient_account_id, event.target_user_name
),
used AS (
    SELECT
        quarantine.plain,
        min(usage.principal) AS principal,
        max(usage.last_at) AS last_at,
        sum(CASE WHEN usage.error_code IS NULL THEN usage.calls ELSE 0 END) AS calls,
        sum(CASE WHEN usage.error_code IS NULL THEN 0 ELSE usage.calls END) AS refused,
        nullif(array_to_string(array_sort(array_agg(DISTINCT network_of(usage.source_ip_address))), ' '), '') AS networks
    FROM quarantine
    JOIN usage
      ON usage.account_id = quarantine.account_id
     AND (glob(usage.principal, quarantine.plain) OR glob(usage.principal, quarantine.nested))
     AND usage.last_at > quarantine.quarantined_at + $grace
    WHERE usage.hour >= $from - $watched - INTERVAL '1 hour' -- prunes
      AND usage.hour < $until
      AND usage.date >= CAST($from - $watched - INTERVAL '1 hour' AS DATE) -- prunes
    GROUP BY quarantine.plain
),
grown AS (
    SELECT
        quarantine.plain,
        session.root_principal,
        session.account_id AS session_account_id,
        session.session_id,
        session.last_used_at,
        row_number() OVER (
            PARTITION BY quarantine.plain
            ORDER BY session.created_at, session.session_id
        ) AS nth
    FROM quarantine
    JOIN session
      ON session.root_account_id = quarantine.account_id
     AND (glob(session.root_principal, quarantine.plain) OR glob(session.root_principal, quarantine.nested))
     AND session.last_used_at > quarantine.quarantined_at + $grace
    WHERE session.created_at >= $from - $watched - INTERVAL '2 days' -- prunes
      AND session.created_at < $until
      AND session.calls > session.failed_calls
      AND coalesce(session.use_link, 'key') <> 'ambiguous'
),
descendants AS (
    SELECT
        grown.plain,
        min(grown.root_principal) AS principal,
        max(grown.last_used_at) AS last_at,
        count(*) AS sessions,
        string_agg(CASE WHEN grown.nth <= $shown THEN grown.session_id END, ' ' ORDER BY grown.nth) AS session_ids,
        nullif(array_to_string(array_sort(array_agg(DISTINCT grown.session_account_id)), ' '), '') AS accounts
    FROM grown
    GROUP BY grown.plain
),
judged AS (
    SELECT
        quarantine.*,
        coalesce(
            used.principal,
            descendants.principal,
            'arn:aws:iam::' || quarantine.account_id || ':user/' || quarantine.target_user_name
        ) AS principal,
        greatest(
            quarantine.last_at,
            coalesce(used.last_at, quarantine.last_at),
            coalesce(descendants.last_at, quarantine.last_at)
        ) AS seen_at,
        coalesce(used.calls, 0) AS calls,
        coalesce(used.refused, 0) AS refused,
        coalesce(descendants.sessions, 0) AS sessions,
        coalesce(used.calls, 0) + coalesce(descendants.sessions, 0) > 0 AS used_after,
        used.networks,
        descendants.session_ids,
        descendants.accounts AS reached
    FROM quarantine
    LEFT JOIN used ON used.plain = quarantine.plain
    LEFT JOIN descendants ON descendants.plain = quarantine.plain
)
SELECT
    judged.principal AS subject,
    judged.quarantined_at AS first_at,
    judged.seen_at AS last_at,
    CASE WHEN judged.used_after THEN 'critical' ELSE 'high' END AS severity,
    judged.principal AS root,
    judged.principal AS path,
    CASE
        WHEN judged.reached IS NULL THEN judged.account_id
        WHEN glob(' ' || judged.reached || ' ', '* ' || judged.account_id || ' *') THEN judged.reached
        ELSE judged.account_id || ' ' || judged.reached
    END AS accounts,
    judged.networks,
    judged.events + judged.calls + judged.sessions AS count,
    judged.event_ids,
    'SELECT hour, access_key_id, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE principal = ''' || replace(judged.principal, '''', '''''') || ''' ORDER BY hour' AS more,
    judged.policy,
    judged.quarantined_at,
    judged.used_after,
    judged.calls AS calls_after,
    judged.refused AS refused_after,
    judged.session_ids AS sessions_after
FROM judged
WHERE judged.seen_at >= $from
ORDER BY judged.quarantined_at, judged.principal
