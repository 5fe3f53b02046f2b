/*
+++
title       = "The root of a member account is assumed"
severity    = "high"
confidence  = "medium"
family      = "root"
covers      = ["RT-2"]
subsumes    = ["E05", "E42", "G10"]
attack      = ["T1078.004", "T1548.005", "T1098.003"]
fingerprint = ["subject", "scope", "why"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html",
]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a principal and a member account count as known to each other"

[param.audit]
type    = "text"
default = "*IAMAuditRootUserCredentials"
about   = "a glob of the task policies that only look"

[param.unlocking]
type    = "list"
default = ["IAMCreateRootUserPassword", "S3UnlockBucketPolicy", "SQSUnlockQueuePolicy"]
about   = "the task policies that open something: a root password, a bucket, a queue"

[column.scope]
about = "The member account whose root was assumed; `members` where several are one question."

[column.why]
about = "What stands out: unlocks, first of its caller, new account, denied, nobody asked, …"

[column.tasks]
about = "The task policies that were asked for."

[column.changed_services]
about = "The services in which the sessions changed something."
+++

Somebody took a session as the root user of a member account, by central root access, who has not done so
in that account before; or a task was asked for that opens something.

## Why it matters

AssumeRoot needs no password and no MFA device of the member account, only a role in the management or
delegated account. It removes the policy that denies everybody a bucket, and hands out a root password.
Whoever holds that role holds every account.

High: a task that unlocks, or a caller who has never assumed any root and does more than look. Medium: a
caller who never did and only looks, a task that deletes root credentials in an account new to the
caller, denied attempts of somebody new, and root sessions that changed something and of which no request
is seen. Low: an audit that looks into one more account.

## When it is harmless

Security cleans up root credentials once, or looks every week; automation that is listed is silent except
for what unlocks. A locked bucket has a ticket.

## What it cannot see

Requests in a management account whose trail is not collected: then only the use is seen, if it changes
credentials or trust. A caller who is known, in an account that it knows, with a task that it may have.
*/
WITH asked AS (
    SELECT
        event.*,
        coalesce(account_of_arn(event.target_principal), event.target_principal, 'unknown') AS member,
        network_of(event.source_ip_address) AS network,
        split_part(coalesce(event.task_policy_arn, ''), 'root-task/', 2) AS task
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.event_source = 'sts.amazonaws.com'
      AND event.event_name = 'AssumeRoot'
),
past AS (
    SELECT DISTINCT
        edge.from_principal,
        edge.to_account_id
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.issued_by = 'AssumeRoot'
),
past_caller AS (
    SELECT DISTINCT past.from_principal
    FROM past
),
program AS (
    SELECT DISTINCT asked.principal
    FROM asked
    JOIN automation ON glob(asked.principal, automation.principal)
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
    HAVING count(DISTINCT session.root_principal) = 1
),
judged AS (
    SELECT
        asked.principal AS subject,
        asked.member,
        asked.event_time,
        asked.event_id,
        asked.network,
        asked.task,
        asked.user_agent,
        coalesce(held.root_principal, asked.principal) AS root_principal,
        held.path,
        coalesce(asked.user_identity_account_id, asked.recipient_account_id) AS from_account,
        lent.changed_services,
        CASE
            WHEN NOT asked.succeeded AND past_caller.from_principal IS NOT NULL THEN 'usual'
            WHEN NOT asked.succeeded AND program.principal IS NOT NULL THEN 'usual'
            WHEN NOT asked.succeeded THEN 'denied'
            WHEN asked.task = ANY($unlocking) THEN 'unlocks'
            WHEN past.to_account_id IS NOT NULL THEN 'usual'
            WHEN program.principal IS NOT NULL THEN 'usual'
            WHEN past_caller.from_principal IS NULL AND glob(coalesce(asked.task_policy_arn, ''), $audit)
                THEN 'first look of its caller'
            WHEN past_caller.from_principal IS NULL THEN 'first of its caller'
            WHEN glob(coalesce(asked.task_policy_arn, ''), $audit) THEN 'looks into a new account'
            ELSE 'new account'
        END AS why
    FROM asked
    LEFT JOIN past
      ON past.from_principal = asked.principal
     AND past.to_account_id = asked.member
    LEFT JOIN past_caller ON past_caller.from_principal = asked.principal
    LEFT JOIN program ON program.principal = asked.principal
    LEFT JOIN held
      ON held.principal_id = asked.user_identity_principal_id
     AND held.created_at = asked.session_created_at
    LEFT JOIN session AS lent
      ON lent.issued_key = asked.issued_access_key_id
     AND lent.created_at = asked.event_time
    UNION ALL
    SELECT
        event.principal AS subject,
        coalesce(event.user_identity_account_id, event.recipient_account_id) AS member,
        event.event_time,
        event.event_id,
        network_of(event.source_ip_address) AS network,
        CAST(NULL AS VARCHAR) AS task,
        event.user_agent,
        event.principal AS root_principal,
        CAST(NULL AS VARCHAR) AS path,
        CAST(NULL AS VARCHAR) AS from_account,
        replace(event.event_source, '.amazonaws.com', '') AS changed_services,
        'nobody asked' AS why
    FROM event
    LEFT JOIN session AS lent
      ON lent.account_id = event.user_identity_account_id
     AND lent.created_at = event.session_created_at
     AND lent.issued_by = 'AssumeRoot'
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.session_assumed_root
      AND event.event_source <> 'sts.amazonaws.com'
      AND lent.session_id IS NULL
),
said AS (
    SELECT
        judged.*,
        CASE
            WHEN judged.why IN ('unlocks', 'new account', 'nobody asked') THEN judged.member
            ELSE 'members'
        END AS scope
    FROM judged
    WHERE judged.why <> 'usual'
)
SELECT
    said.subject,
    min(said.event_time) AS first_at,
    max(said.event_time) AS last_at,
    CASE
        WHEN said.why IN ('unlocks', 'first of its caller') THEN 'high'
        WHEN said.why = 'looks into a new account' THEN 'low'
        ELSE 'medium'
    END AS severity,
    min(said.root_principal) AS root,
    min(said.path) AS path,
    coalesce(min(said.from_account) || ' ', '')
        || nullif(array_to_string(array_sort(array_agg(DISTINCT said.member)), ' '), '') AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT said.network)), ' '), '') AS networks,
    count(DISTINCT said.event_id) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT said.event_id)), ' '), '') AS event_ids,
    'SELECT created_at, caller_principal, root_principal, account_id, issue_source_ip, calls, changed_services'
        || ' FROM session WHERE issued_by = ''AssumeRoot'' AND caller_principal = '''
        || replace(said.subject, '''', '''''') || ''' ORDER BY created_at' AS more,
    said.scope,
    said.why,
    nullif(array_to_string(array_sort(array_agg(DISTINCT said.task)), ' '), '') AS tasks,
    nullif(array_to_string(array_sort(array_agg(DISTINCT said.changed_services)), ' '), '') AS changed_services,
    min(said.user_agent) AS user_agent
FROM said
GROUP BY said.subject, said.scope, said.why
ORDER BY first_at, said.subject, said.scope, said.why
