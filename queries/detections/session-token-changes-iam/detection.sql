/*
+++
title       = "A user's session token changes IAM"
severity    = "high"
confidence  = "medium"
family      = "federation"
covers      = ["FD-5"]
subsumes    = ["E08", "E20", "E21", "E60", "S02", "P06", "K03", "T04"]
attack      = ["T1098", "T1098.001", "T1098.005", "T1556.006", "T1550.001"]
fingerprint = ["subject", "account_id", "why"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html",
]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a habit, and a place that the user works from, count"

[param.grave]
type    = "list"
default = [
    "CreateVirtualMFADevice", "EnableMFADevice", "DeactivateMFADevice", "DeleteVirtualMFADevice",
    "CreateLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile", "ChangePassword",
    "CreateAccessKey", "UpdateAccessKey", "CreateUser", "CreateServiceSpecificCredential",
    "UploadSigningCertificate", "UploadSSHPublicKey", "AddUserToGroup",
    "AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy",
    "PutUserPolicy", "PutGroupPolicy", "PutRolePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion",
    "DeleteUserPermissionsBoundary", "DeleteRolePermissionsBoundary", "DeleteAccountPasswordPolicy",
    "UpdateAssumeRolePolicy", "CreateRole", "AddRoleToInstanceProfile",
    "CreateSAMLProvider", "UpdateSAMLProvider", "CreateOpenIDConnectProvider",
]
about   = "calls by which somebody stays, or becomes more"

[param.self_service]
type    = "list"
default = [
    "ChangePassword", "CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey",
    "CreateVirtualMFADevice", "EnableMFADevice", "ResyncMFADevice",
]
about   = "calls by which people look after their own key, password and MFA device"

[param.shell]
type    = "text"
default = "*exec-env/CloudShell*"
about   = "a glob of the clients of CloudShell, which a console opens"

[column.why]
about = "What stands out, such as grave from a new place, or own credentials."

[column.apis]
about = "The calls."

[column.targets]
about = "The users and roles that they changed."

[column.with_mfa]
about = "Whether all of it was done with MFA."
+++

Temporary credentials of an IAM user, which no console made, changed users, roles, keys, policies or MFA
devices.

## Why it matters

People change IAM in the console or by roles, programs by roles or with a long-term key. A session token
of a user in the hands of somebody else may do so as long as it was made with MFA: up to 36 hours, also
after the key is gone. Registering an MFA device or a password of one's own is how a stolen session
becomes a stay.

High: calls that let somebody stay or become more, from a place that the user never worked from, or by a
user whose tokens never changed IAM before. Medium: other changes of that kind. Low: people who look
after their own key and password at a known place, CloudShell, the command line's own sign-in, and
attempts that were denied.

## When it is harmless

Taking such a token is nothing by itself: command lines do it all day, and only what it changes is told. A
person works with MFA on the command line: once their tokens have changed IAM, the same from a known place is a
habit and silent.

## What it cannot see

Which MFA device a role was taken with, as far as it is new: the past does not keep devices. Sessions of
a console, which are told by the console's own sign-in. What a user's long-term key does, and what is
done through roles.
*/
WITH changed AS (
    SELECT
        event.*,
        network_of(event.source_ip_address) AS network,
        coalesce(event.target_user_name, event.target_role_name) AS target,
        glob(coalesce(event.user_agent, ''), $shell) AS in_shell,
        event.event_name = ANY($grave) AS is_grave,
        event.event_name = ANY($self_service)
            AND coalesce(event.target_user_name, event.user_identity_user_name, '')
                = coalesce(event.user_identity_user_name, '') AS is_own
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.event_source = 'iam.amazonaws.com'
      AND event.user_identity_invoked_by IS NULL
      AND is_address(event.source_ip_address)
),
token AS (
    SELECT changed.*
    FROM changed
    WHERE changed.in_shell
       OR (
           changed.user_identity_type = 'IAMUser'
           AND changed.user_identity_access_key_id LIKE 'ASIA%'
           AND NOT changed.session_from_console
       )
),
habit AS (
    SELECT DISTINCT edge.to_principal AS principal
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.issued_by = 'GetSessionToken'
      AND ' ' || edge.changed_services || ' ' LIKE '% iam %'
),
home AS (
    SELECT DISTINCT token.event_id
    FROM token
    JOIN footprint
      ON footprint.principal = token.principal
     AND (footprint.place = token.source_place OR footprint.network = token.network)
    WHERE footprint.first_at >= date_trunc('day', $from) - $history
      AND footprint.first_at < date_trunc('day', $from)
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
        token.*,
        coalesce(held.root_principal, token.principal) AS root_principal,
        held.path,
        CASE
            WHEN token.in_shell THEN 'CloudShell'
            WHEN NOT token.succeeded THEN 'denied'
            WHEN token.is_grave AND home.event_id IS NULL THEN 'grave from a new place'
            WHEN token.is_own AND home.event_id IS NOT NULL THEN 'own credentials'
            WHEN token.session_sign_in_arn IS NOT NULL THEN 'sign-in by the command line'
            WHEN token.is_grave AND habit.principal IS NULL THEN 'grave'
            WHEN home.event_id IS NULL THEN 'from a new place'
            WHEN habit.principal IS NULL THEN 'first change'
            ELSE 'usual'
        END AS why
    FROM token
    LEFT JOIN habit ON habit.principal = token.principal
    LEFT JOIN home ON home.event_id = token.event_id
    LEFT JOIN held
      ON held.principal_id = token.user_identity_principal_id
     AND held.created_at = token.session_created_at
)
SELECT
    judged.principal AS subject,
    min(judged.event_time) AS first_at,
    max(judged.event_time) AS last_at,
    CASE
        WHEN judged.why IN ('grave from a new place', 'grave') THEN 'high'
        WHEN judged.why IN ('from a new place', 'first change') THEN 'medium'
        ELSE 'low'
    END AS severity,
    min(judged.root_principal) AS root,
    min(judged.path) AS path,
    judged.recipient_account_id AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.network)), ' '), '') AS networks,
    count(*) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.event_id)), ' '), '') AS event_ids,
    'SELECT event_time, event_name, target_user_name, target_role_name, policy, source_ip_address, user_agent,'
        || ' session_mfa, error_code FROM event WHERE event_source = ''iam.amazonaws.com'' AND principal = '''
        || replace(judged.principal, '''', '''''') || ''' ORDER BY event_time' AS more,
    judged.recipient_account_id AS account_id,
    judged.why,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.event_name)), ' '), '') AS apis,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.target)), ' '), '') AS targets,
    min(CASE WHEN judged.session_mfa THEN 'yes' ELSE 'no' END) AS with_mfa,
    min(judged.user_agent) AS user_agent
FROM judged
WHERE judged.why <> 'usual'
GROUP BY judged.principal, judged.recipient_account_id, judged.why
ORDER BY first_at, judged.principal, judged.recipient_account_id, judged.why
