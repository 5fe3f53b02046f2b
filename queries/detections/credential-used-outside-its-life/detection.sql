/*
+++
title       = "A credential works before its issue or after its end"
severity    = "medium"
confidence  = "high"
family      = "lineage"
covers      = ["B10", "LS-2"]
attack      = ["T1550.001", "T1070"]
fingerprint = ["session_id", "why"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
]

[param.grace]
type    = "interval"
default = "5 minutes"
about   = "use after the end that clocks and long requests explain"

[param.early]
type    = "interval"
default = "2 minutes"
about   = "use before the issue that clocks explain"

[param.lookback]
type    = "interval"
default = "7 days"
about   = "how long before its use a session may have been issued"

[column.why]
about = "What is impossible: used after its end, or used before its issue."

[column.misused_from]
about = "The addresses of those calls, separated by blanks."
+++

The very key that STS handed out signed calls that succeeded more than five minutes after it had expired,
or more than two minutes before it was issued. From another place than that of its issue, that is severe.

## Why it matters

AWS refuses an expired key. A success outside the life of a key means that what is on record is not
what happened: a record was forged or altered, an object was put into the trail by hand, or a key was
issued a second time and its issuance is missing. Whoever covers a track in a log gets the times wrong first.

## When it is harmless

An upload that began before the end and was recorded after it. A trail that was anonymised, merged or
shifted in time by a tool. An expiration that was read wrongly: its text knows no zone. Console
sessions outlive the credentials they began with, and services go on for the caller with keys of their
own; neither counts.

## What it cannot see

Keys other than the issued one, whose end nobody recorded: console, Identity Center, CloudShell.
Sessions without an issuance in the lake. Refused calls of an expired key, which are harmless and mostly
not recorded.
*/
WITH misused AS (
    SELECT
        session.session_id,
        session.session_arn,
        session.principal,
        session.root_principal,
        session.root_kind,
        session.path,
        session.account_path,
        session.account_id,
        session.issue_event_ids,
        session.issued_by,
        session.issued_key,
        session.created_at,
        session.expires_at,
        session.issue_source_ip,
        CASE
            WHEN usage.last_at > session.expires_at + $grace THEN 'used after its end'
            ELSE 'used before its issue'
        END AS why,
        CASE
            WHEN usage.source_place <> session.issue_place AND is_address(session.issue_source_ip) THEN 1
            ELSE 0
        END AS is_elsewhere,
        usage.recipient_account_id,
        usage.source_ip_address,
        usage.calls,
        usage.first_at,
        usage.last_at
    FROM session
    JOIN usage
      ON usage.access_key_id = session.issued_key
     AND usage.session_created_at = session.created_at
    WHERE session.created_at >= $from - $lookback -- prunes
      AND usage.hour >= date_trunc('hour', $from) -- prunes
      AND usage.hour < $until -- prunes
      AND session.use_link = 'key'
      AND usage.error_code IS NULL
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND (
          (
              usage.last_at > session.expires_at + $grace
              AND usage.last_at >= $from
              AND usage.last_at < $until
          )
          OR (
              usage.first_at < session.created_at - $early
              AND usage.first_at >= $from
              AND usage.first_at < $until
          )
      )
)
SELECT
    coalesce(min(misused.session_arn), min(misused.principal)) AS subject,
    min(misused.first_at) AS first_at,
    max(misused.last_at) AS last_at,
    CASE WHEN max(misused.is_elsewhere) = 1 THEN 'high' ELSE 'medium' END AS severity,
    min(misused.root_principal) AS root,
    min(misused.path) AS path,
    nullif(array_to_string(array_sort(array_agg(DISTINCT misused.recipient_account_id)), ' '), '') AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT network_of(misused.source_ip_address))), ' '), '') AS networks,
    sum(misused.calls) AS count,
    min(misused.issue_event_ids) AS event_ids,
    'SELECT hour, source_ip_address, user_agent, event_source, event_name, error_code, calls, first_at, last_at'
        || ' FROM usage WHERE access_key_id = ''' || replace(min(misused.issued_key), '''', '''''')
        || ''' ORDER BY first_at' AS more,
    misused.why,
    misused.session_id,
    min(misused.issued_by) AS issued_by,
    min(misused.issued_key) AS issued_key,
    min(misused.created_at) AS created_at,
    min(misused.expires_at) AS expires_at,
    min(misused.root_kind) AS root_kind,
    min(misused.issue_source_ip) AS issue_source_ip,
    nullif(array_to_string(array_sort(array_agg(DISTINCT misused.source_ip_address)), ' '), '') AS misused_from
FROM misused
GROUP BY misused.session_id, misused.why
ORDER BY min(misused.first_at), misused.session_id, misused.why
