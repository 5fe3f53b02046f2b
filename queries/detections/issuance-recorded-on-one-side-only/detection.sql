/*
+++
title       = "One account's record of a role's assumption is missing"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B14"]
attack      = ["T1562.008", "T1070"]
fingerprint = ["silent_account", "side"]
references  = [
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html",
]

[param.late]
type    = "interval"
default = "60 minutes"
about   = "how much later than its twin a record may arrive"

[param.history]
type    = "interval"
default = "7 days"
about   = "how far back an account must have recorded an assumption in that region, to show that its trail does"

[param.named]
type    = "integer"
default = 20
about   = "how many of the calls are named by their events"

[column.silent_account]
about = "The account whose record is missing."

[column.side]
about = "Which record is missing: the caller's or the role owner's."

[column.delivered]
about = "Whether other logs of that account and region arrived within `late` after the call."

[column.recording_account]
about = "The accounts whose record is there, separated by blanks."
+++

A role was assumed from another account. Such a call is recorded in both, and the two records share an
id; but an hour later only one of them is here, although the other account's trail is read and does
record assumptions in that region. If that account's other logs went on arriving, that is worse than
an outage.

## Why it matters

Who filters a trail, deletes an object or stops logging in the account that he holds, does not reach
the other account's record of the same call. The missing twin is the trace of a cut: what else was in the
missing log is worth more than this call.

## When it is harmless

A log that arrives later than an hour. A trail that was switched to write events only, or taken out of
the collection: told once a week for its account, and as low when nothing else arrives from it either.
Objects that could not be read are no cut; `rolecall status` tells of them, and this stays silent.

## What it cannot see

Accounts that never recorded an assumption here in the week before, such as partners. Calls within one account, and
those of AWS services, which have one record only. A cut of both records.
*/
WITH lone AS (
    SELECT
        session.session_id,
        session.principal,
        session.root_principal,
        session.path,
        session.account_id,
        session.caller_account_id,
        session.copies,
        session.issue_region,
        session.issue_source_ip,
        session.issue_event_ids,
        session.shared_event_id,
        session.created_at,
        CASE WHEN session.copies = session.account_id THEN session.caller_account_id ELSE session.account_id END
            AS silent_account,
        CASE WHEN session.copies = session.account_id THEN 'caller' ELSE 'role owner' END AS side
    FROM session
    WHERE session.created_at >= $from - $late
      AND session.created_at < $until - $late
      AND session.issued_by = 'AssumeRole'
      AND session.shared_event_id IS NOT NULL
      AND session.caller_account_id <> session.account_id
      AND session.copies IN (session.account_id, session.caller_account_id)
),
witness AS (
    SELECT
        past.account_id AS account,
        past.issue_region AS region
    FROM session AS past
    WHERE past.created_at >= $from - $history
      AND past.created_at < $from - $late
      AND past.issued_by = 'AssumeRole'
      AND strpos(past.copies, past.account_id) > 0
    UNION
    SELECT
        past.caller_account_id AS account,
        past.issue_region AS region
    FROM session AS past
    WHERE past.created_at >= $from - $history
      AND past.created_at < $from - $late
      AND past.issued_by = 'AssumeRole'
      AND strpos(past.copies, past.caller_account_id) > 0
),
arrived AS (
    SELECT
        lone.session_id,
        max(CASE WHEN object.outcome = 'refused' OR object.rejected > 0 THEN 1 ELSE 0 END) AS is_unread
    FROM lone
    JOIN object
      ON object.account = lone.silent_account
     AND object.region = lone.issue_region
     AND object.delivered_at >= lone.created_at
     AND object.delivered_at < lone.created_at + $late
    WHERE object.delivered_at >= $from - $late -- prunes
      AND object.delivered_at < $until -- prunes
    GROUP BY lone.session_id
),
missing AS (
    SELECT
        lone.*,
        CASE WHEN arrived.session_id IS NOT NULL THEN 1 ELSE 0 END AS is_delivered,
        row_number() OVER (
            PARTITION BY lone.silent_account, lone.side
            ORDER BY lone.created_at, lone.session_id
        ) AS place
    FROM lone
    JOIN witness
      ON witness.account = lone.silent_account
     AND witness.region = lone.issue_region
    LEFT JOIN arrived ON arrived.session_id = lone.session_id
    WHERE coalesce(arrived.is_unread, 0) = 0
),
named AS (
    SELECT
        missing.*,
        network_of(missing.issue_source_ip) AS network,
        CASE WHEN missing.place <= $named THEN missing.issue_event_ids END AS named_event_ids
    FROM missing
)
SELECT
    named.silent_account AS subject,
    min(named.created_at) AS first_at,
    max(named.created_at) AS last_at,
    CASE WHEN max(named.is_delivered) = 1 THEN 'medium' ELSE 'low' END AS severity,
    min(CASE WHEN named.place = 1 THEN named.root_principal END) AS root,
    min(CASE WHEN named.place = 1 THEN named.path END) AS path,
    named.silent_account || ' ' || array_to_string(array_sort(array_agg(DISTINCT named.copies)), ' ') AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT named.network)), ' '), '')
        AS networks,
    count(*) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT named.named_event_ids)), ' '), '') AS event_ids,
    'SELECT created_at, caller_principal, principal, copies, issue_region, issue_event_ids FROM session'
        || ' WHERE ''' || named.silent_account || ''' IN (account_id, caller_account_id)'
        || ' AND caller_account_id <> account_id ORDER BY created_at' AS more,
    named.silent_account,
    named.side,
    max(named.is_delivered) = 1 AS delivered,
    nullif(array_to_string(array_sort(array_agg(DISTINCT named.copies)), ' '), '') AS recording_account,
    min(CASE WHEN named.place = 1 THEN named.principal END) AS principal,
    min(CASE WHEN named.place = 1 THEN named.shared_event_id END) AS shared_event_id,
    min(named.issue_region) AS issue_region
FROM named
GROUP BY named.silent_account, named.side
ORDER BY min(named.created_at), named.silent_account, named.side
