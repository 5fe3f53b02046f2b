/*
+++
title       = "A federated caller or a workload makes access that lasts"
severity    = "medium"
confidence  = "medium"
family      = "lineage"
covers      = ["B15"]
subsumes    = ["E22", "E23", "E24"]
attack      = ["T1098.001", "T1098.003", "T1136.003", "T1078.004"]
fingerprint = ["root", "account_id", "made_for", "step"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
]

[param.apis]
type    = "list"
default = [
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:CreateUser",
    "iam:CreateServiceSpecificCredential",
    "iam:UploadSigningCertificate",
    "iam:CreateSAMLProvider",
    "iam:CreateOpenIDConnectProvider",
    "rolesanywhere:CreateTrustAnchor",
    "rolesanywhere:CreateProfile",
]
about   = "calls that make a credential that lasts, or a way to make one"

[param.grants]
type    = "list"
default = [
    "iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy",
    "iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy",
    "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion",
    "iam:AddUserToGroup", "iam:AddRoleToInstanceProfile",
    "iam:CreateRole", "iam:UpdateAssumeRolePolicy",
    "iam:DeleteUserPermissionsBoundary", "iam:DeleteRolePermissionsBoundary",
]
about   = "calls by which somebody may do more, or more may enter; they are told of workloads alone"

[param.within]
type    = "interval"
default = "24 hours"
about   = "how long after its making the first use of a credential belongs to it"

[param.lifetime]
type    = "interval"
default = "36 hours"
about   = "how long a session may be used after its issue"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back changes of IAM and places count as known"

[param.function_history]
type    = "interval"
default = "14 days"
about   = "how far back changes of IAM count in sessions that nobody was seen to issue, as those of functions are"

[param.least_days]
type    = "integer"
default = 3
about   = "days on which a role was seen before without a change of IAM, so that its first one is medium"

[column.step]
about = "What happened: a credential was made, it was used within a day, or a workload granted rights in IAM."

[column.account_id]
about = "The account in which it was made."

[column.made_for]
about = "The user whose credential it is, the call that made something else, or the role of the workload that granted rights."

[column.made_with]
about = "The calls that made or granted something, separated by blanks."

[column.made_key]
about = "The access key that was made."

[column.origin]
about = "Where the maker's lineage begins: federation or workload."

[column.has_habit]
about = "Whether the root, of a workload its role, changed something in IAM on a day before, or is a program that rolecall.toml names."

[column.targets]
about = "The roles, users, policies or calls that it is about, separated by blanks."

[column.used_by]
about = "Who used what was made."

[column.is_elsewhere]
about = "Whether it was used from a place that is neither that of its making nor known for the maker."
+++

Somebody whose lineage begins with SAML, OIDC, Identity Center or a workload of AWS made an access key,
a login profile, a user, or a provider that lets others in. When what was made is used within a day, that
is told again, as one story of both identities. Of workloads (instances, functions, tasks, pods, builds) it
is also told when one grants rights for the first time: attaches or writes a policy, makes a role or changes
whom one trusts, takes a boundary away.

## Why it matters

A federated session ends by the evening, and the identity provider can lock its owner out. A key or user made
with it stays, and belongs to nobody whom the provider knows. The identity changes at that border, so
that whoever looks at the new user alone sees its first call, and not who made it. Few workloads have business
in IAM: one that suddenly has is mostly in the hands of somebody who came in through it, and looks for more.

## When it is harmless

Administrators and infrastructure as code make users and keys for systems that cannot do otherwise. Roots
that changed IAM in the thirty days before, and programs named in rolecall.toml, are told as low, and as
medium when what they made is used elsewhere; that they grant rights is not told. Of a workload its role counts
as the root, and what was done through it in other roles. A role that was seen on fewer than three days is told
as low: it is new, as a pipeline is on its first day. Identity Center and other services that make their own
providers are left out.

## What it cannot see

What a service makes on the caller's behalf, such as by a stack of CloudFormation. Use later than a day
after the making. Makers who hold a long-term key themselves. A workload that is misused to change IAM as it
does every month: what it grants is its business. A function of which neither the record nor its client says
that it is one, because nobody is seen to issue its sessions; and one that changes IAM more seldom than every
two weeks is told each time.
*/
WITH made AS (
    SELECT
        event.event_id,
        event.event_time,
        split_part(event.event_source, '.', 1) || ':' || event.event_name AS api,
        split_part(event.event_source, '.', 1) || ':' || event.event_name = ANY($grants) AS is_grant,
        event.issued_access_key_id AS made_key,
        event.target_user_name,
        event.response_elements,
        event.event_name,
        coalesce(event.target_role_name, event.target_user_name, event.policy, event.event_name) AS target,
        event.recipient_account_id AS account_id,
        event.source_ip_address,
        event.source_place,
        session.session_id,
        session.principal,
        session.caller_principal,
        session.session_arn,
        session.root_principal,
        session.root_kind,
        session.path,
        -- All instances begin with one service: what tells them apart is the role that it handed them.
        CASE
            WHEN session.root_kind = 'service' THEN split_part(session.path, ' > ', 2)
            ELSE session.root_principal
        END AS doer,
        CASE
            WHEN session.root_kind = 'service' THEN 'workload'
            WHEN session.root_principal LIKE '%system:serviceaccount:%' THEN 'workload'
            WHEN event.session_ec2_role_delivery IS NOT NULL THEN 'workload'
            WHEN event.credentials_issued_to IS NOT NULL THEN 'workload'
            WHEN event.user_agent LIKE '%exec-env/AWS_Lambda%' THEN 'workload'
            WHEN session.root_kind IN ('saml', 'web identity', 'identity center') THEN 'federation'
            WHEN glob(role_name(session.principal), 'AWSReservedSSO_*') THEN 'federation'
        END AS origin
    FROM event
    JOIN session
      ON session.principal_id = event.user_identity_principal_id
     AND session.created_at = event.session_created_at
     AND strpos(' ' || session.keys_seen || ' ', ' ' || event.user_identity_access_key_id || ' ') > 0
    WHERE event.event_time >= $from - $within -- prunes
      AND event.event_time < $until
      AND session.created_at >= $from - $within - $lifetime -- prunes
      AND event.succeeded
      AND event.user_identity_invoked_by IS NULL
      AND (
          split_part(event.event_source, '.', 1) || ':' || event.event_name = ANY($apis)
          OR split_part(event.event_source, '.', 1) || ':' || event.event_name = ANY($grants)
      )
      AND session.use_link <> 'ambiguous'
),
workload AS (
    SELECT
        made.event_id,
        made.doer
    FROM made
    WHERE made.origin = 'workload'
),
changer AS (
    SELECT DISTINCT
        edge.root_principal,
        edge.from_principal,
        edge.to_principal
    FROM edge
    WHERE edge.first_at >= $from - $history
      AND edge.first_at < date_trunc('day', $from - $within - $lifetime)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
      AND strpos(' ' || edge.changed_services || ' ', ' iam ') > 0
),
habit AS (
    SELECT made.event_id
    FROM made
    JOIN changer ON changer.root_principal = made.doer
    UNION
    SELECT workload.event_id
    FROM workload
    JOIN changer ON changer.to_principal = workload.doer OR changer.from_principal = workload.doer
    UNION
    SELECT workload.event_id
    FROM workload
    JOIN session AS past ON past.principal = workload.doer
    WHERE past.created_at >= $from - $function_history
      AND past.created_at < $from - $within - $lifetime
      AND past.date >= CAST($from - $function_history AS DATE) -- prunes
      AND past.issued_by IS NULL
      AND strpos(' ' || past.changed_services || ' ', ' iam ') > 0
    UNION
    SELECT made.event_id
    FROM made
    JOIN automation ON glob(made.root_principal, automation.principal) OR glob(made.doer, automation.principal)
),
lasting AS (
    SELECT
        made.*,
        coalesce(made.target_user_name, made.event_name) AS made_for
    FROM made
    WHERE made.origin IS NOT NULL
      AND NOT made.is_grant
),
granted AS (
    SELECT
        made.*,
        made.doer AS made_for
    FROM made
    LEFT JOIN habit ON habit.event_id = made.event_id
    WHERE made.origin = 'workload'
      AND made.is_grant
      AND habit.event_id IS NULL
      AND made.event_time >= $from
),
settled AS (
    SELECT footprint.principal
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
    GROUP BY footprint.principal
    HAVING count(DISTINCT footprint.date) >= $least_days
),
trace AS (
    SELECT
        lasting.event_id,
        usage.principal AS used_by,
        usage.source_place AS place,
        usage.source_country AS country,
        usage.source_ip_address AS address,
        usage.source_asn AS asn,
        usage.calls,
        usage.first_at,
        usage.last_at
    FROM lasting
    JOIN usage ON usage.access_key_id = lasting.made_key
    WHERE usage.hour >= date_trunc('hour', $from) -- prunes
      AND usage.hour < $until -- prunes
      AND usage.last_at >= $from
      AND usage.last_at < $until
      AND usage.last_at < lasting.event_time + $within
    UNION ALL
    SELECT
        lasting.event_id,
        sign_in.principal AS used_by,
        sign_in.source_place AS place,
        sign_in.source_country AS country,
        sign_in.source_ip_address AS address,
        sign_in.source_asn AS asn,
        1 AS calls,
        sign_in.event_time AS first_at,
        sign_in.event_time AS last_at
    FROM lasting
    JOIN event AS sign_in
      ON sign_in.user_identity_user_name = lasting.target_user_name
     AND sign_in.recipient_account_id = lasting.account_id
    WHERE sign_in.event_time >= $from
      AND sign_in.event_time < $until
      AND sign_in.event_name = 'ConsoleLogin'
      AND sign_in.succeeded
      AND lasting.api IN ('iam:CreateLoginProfile', 'iam:UpdateLoginProfile')
      AND sign_in.event_time >= lasting.event_time
      AND sign_in.event_time < lasting.event_time + $within
    UNION ALL
    SELECT
        lasting.event_id,
        opened.root_principal AS used_by,
        opened.issue_place AS place,
        opened.issue_country AS country,
        opened.issue_source_ip AS address,
        NULL AS asn,
        1 AS calls,
        opened.created_at AS first_at,
        opened.created_at AS last_at
    FROM lasting
    JOIN session AS opened
      ON opened.account_id = lasting.account_id
     AND strpos(lasting.response_elements, '"' || opened.identity_provider || '"') > 0
    WHERE opened.created_at >= $from
      AND opened.created_at < $until
      AND opened.created_at >= lasting.event_time
      AND opened.created_at < lasting.event_time + $within
),
used AS (
    SELECT
        trace.*,
        row_number() OVER (
            ORDER BY trace.event_id, trace.used_by NULLS LAST, trace.address NULLS LAST, trace.first_at, trace.calls
        ) AS number
    FROM trace
),
holder AS (
    SELECT lasting.event_id, lasting.principal AS name FROM lasting
    UNION
    SELECT lasting.event_id, lasting.caller_principal AS name FROM lasting
    UNION
    SELECT lasting.event_id, lasting.root_principal AS name FROM lasting
),
home AS (
    SELECT DISTINCT
        holder.event_id,
        past.place,
        past.network
    FROM holder
    JOIN footprint AS past ON past.principal = holder.name
    WHERE past.first_at >= $from - $history
      AND past.first_at < date_trunc('day', $from - $within)
      AND past.date >= CAST($from - $history AS DATE) -- prunes
),
elsewhere AS (
    SELECT used.number
    FROM used
    JOIN lasting ON lasting.event_id = used.event_id
    LEFT JOIN home
      ON home.event_id = used.event_id
     AND (home.place = used.place OR home.network = network_of(used.address))
    WHERE home.event_id IS NULL
      AND used.place <> lasting.source_place
      AND is_address(used.address)
      AND (
          used.asn IS NOT NULL
          OR (used.address LIKE '%:%') = (lasting.source_ip_address LIKE '%:%')
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_network
          WHERE (
              glob(used.used_by, known_network.principal)
              OR glob(lasting.root_principal, known_network.principal)
          )
            AND (
                known_network.place = used.place
                OR known_network.country = used.country
                OR in_cidr(used.address, known_network.cidr)
            )
      )
),
step AS (
    SELECT
        'made' AS step,
        lasting.*,
        1 AS calls,
        lasting.event_time AS last_at,
        lasting.source_ip_address AS address,
        CAST(NULL AS VARCHAR) AS used_by,
        lasting.made_for AS reached,
        0 AS elsewhere
    FROM lasting
    WHERE lasting.event_time >= $from
    UNION ALL
    SELECT
        'granted' AS step,
        granted.*,
        1 AS calls,
        granted.event_time AS last_at,
        granted.source_ip_address AS address,
        CAST(NULL AS VARCHAR) AS used_by,
        granted.target AS reached,
        0 AS elsewhere
    FROM granted
    UNION ALL
    SELECT
        'used' AS step,
        lasting.*,
        used.calls,
        used.last_at,
        used.address,
        used.used_by,
        used.used_by AS reached,
        CASE WHEN elsewhere.number IS NOT NULL THEN 1 ELSE 0 END AS elsewhere
    FROM used
    JOIN lasting ON lasting.event_id = used.event_id
    LEFT JOIN elsewhere ON elsewhere.number = used.number
)
SELECT
    step.account_id || ' ' || step.made_for AS subject,
    min(step.event_time) AS first_at,
    max(step.last_at) AS last_at,
    CASE
        WHEN min(habit.event_id) IS NOT NULL AND max(step.elsewhere) = 1 THEN 'medium'
        WHEN min(habit.event_id) IS NOT NULL THEN 'low'
        WHEN step.step = 'granted' AND min(settled.principal) IS NULL THEN 'low'
        WHEN step.step = 'granted' THEN 'medium'
        WHEN step.step = 'used' THEN 'high'
        WHEN max(step.origin) = 'workload' THEN 'high'
        ELSE 'medium'
    END AS severity,
    step.root_principal AS root,
    min(step.path) || ' > ' || min(step.reached) AS path,
    step.account_id AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT network_of(step.address))), ' '), '') AS networks,
    sum(step.calls) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT step.event_id)), ' '), '') AS event_ids,
    'SELECT event_time, event_name, principal, source_ip_address, error_code FROM event WHERE target_user_name = '''
        || replace(step.made_for, '''', '''''') || ''' OR user_identity_user_name = '''
        || replace(step.made_for, '''', '''''') || ''' OR principal = '''
        || replace(step.made_for, '''', '''''') || ''' OR event_name = '''
        || replace(step.made_for, '''', '''''') || ''' ORDER BY event_time' AS more,
    step.step,
    step.account_id,
    step.made_for,
    nullif(array_to_string(array_sort(array_agg(DISTINCT step.api)), ' '), '') AS made_with,
    min(step.made_key) AS made_key,
    max(step.origin) AS origin,
    min(step.root_kind) AS root_kind,
    min(habit.event_id) IS NOT NULL AS has_habit,
    array_to_string(array_sort(array_agg(DISTINCT step.target)), ' ') AS targets,
    min(step.used_by) AS used_by,
    max(step.elsewhere) = 1 AS is_elsewhere,
    min(step.session_arn) AS session_arn
FROM step
LEFT JOIN habit ON habit.event_id = step.event_id
LEFT JOIN settled ON settled.principal = step.principal
GROUP BY step.root_principal, step.account_id, step.made_for, step.step
ORDER BY min(step.event_time), step.root_principal, step.account_id, step.made_for, step.step
