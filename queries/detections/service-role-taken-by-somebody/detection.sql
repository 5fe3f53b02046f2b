/*
+++
title       = "A role that only AWS services took is taken by somebody else"
severity    = "high"
confidence  = "medium"
family      = "cross-account chain"
covers      = ["XA-3"]
subsumes    = ["P10", "E03", "E56"]
attack      = ["T1078.004", "T1550.001", "T1548.005"]
fingerprint = ["subject", "caller_principal"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html",
]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back it counts who took a role"

[param.min_sessions]
type    = "integer"
default = 5
about   = "sessions that services took of a role before it counts as a service's"

[param.cluster_issuer]
type    = "text"
default = "^oidc([.]eks[.][^.]+[.]amazonaws[.](com|com[.]cn|eu)|-eks[.][^.]+[.]api[.](aws|amazonwebservices[.]com[.]cn))$"
about   = "a pattern of the hosts that issue tokens of EKS clusters, to whose accounts a role may move"

[column.service]
about = "A service that takes the role."

[column.service_sessions]
about = "Sessions that services took of it in the days before."
+++

A role whose sessions all went to AWS services in the days before, such as that of an instance, a function
or a task, was taken by a user, another role or a federated caller.

## Why it matters

Such a role is trusted by its service alone. If somebody else can take it, its trust was widened, and that
is how intruders keep the power of a workload after they have lost the workload. What the role does from
then on looks like the workload's own work.

## When it is harmless

A developer who is let into a function's role to find a fault, and a role that is moved from a service to
an identity provider: clusters of Kubernetes do that, and are low. A role that takes itself, as some
programs do by their configuration, is medium. Services that act for their caller are left out.
`[[trusted_edge]]` keeps the pairs quiet that you know.

## What it cannot see

The same credentials carried off the workload, which need no new session. A role that people took as well
in the days before, and one that no service took often enough. Who widened the trust, and when.
*/
WITH taken AS (
    SELECT
        session.*
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.kind = 'role'
      AND session.caller_type <> 'AWSService'
      AND coalesce(session.caller_invoked_by, '') NOT LIKE '%.amazonaws.com'
),
past AS (
    SELECT
        edge.to_principal,
        edge.from_principal,
        edge.sessions,
        CASE
            WHEN edge.from_account_id IS NOT NULL THEN 0
            WHEN glob(edge.from_principal, '* *') THEN 0
            WHEN edge.issued_by = 'AssumeRoleWithWebIdentity' THEN 0
            WHEN glob(edge.from_principal, '*.amazonaws.com') THEN 1
            WHEN glob(edge.from_principal, '*.amazonaws.com.cn') THEN 1
            ELSE 0
        END AS by_service
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
service_role AS (
    SELECT
        past.to_principal,
        min(past.from_principal) AS service,
        sum(past.sessions) AS service_sessions
    FROM past
    GROUP BY past.to_principal
    HAVING min(past.by_service) = 1
       AND sum(past.sessions) >= $min_sessions
),
ranked AS (
    SELECT
        taken.*,
        service_role.service,
        service_role.service_sessions,
        max(taken.created_at) OVER (PARTITION BY taken.principal, taken.caller_principal) AS until_at,
        count(*) OVER (PARTITION BY taken.principal, taken.caller_principal) AS times,
        row_number() OVER (
            PARTITION BY taken.principal, taken.caller_principal
            ORDER BY taken.created_at, taken.session_id
        ) AS place
    FROM taken
    JOIN service_role
      ON service_role.to_principal = taken.principal
    WHERE NOT EXISTS (
        SELECT 1
        FROM trusted_edge
        WHERE glob(taken.caller_principal, trusted_edge.from_principal)
          AND glob(taken.principal, trusted_edge.to_principal)
    )
)
SELECT
    ranked.principal AS subject,
    ranked.created_at AS first_at,
    ranked.until_at AS last_at,
    CASE
        WHEN regexp_like(split_part(split_part(ranked.identity_provider, ':oidc-provider/', 2), '/', 1), $cluster_issuer)
        THEN 'low'
        WHEN ranked.caller_principal = ranked.principal THEN 'medium'
        ELSE 'high'
    END AS severity,
    ranked.root_principal AS root,
    ranked.path,
    replace(ranked.account_path, ' > ', ' ') AS accounts,
    coalesce(ranked.networks, network_of(ranked.issue_source_ip)) AS networks,
    ranked.times AS count,
    ranked.issue_event_ids AS event_ids,
    'SELECT * FROM edge WHERE to_principal = ''' || replace(ranked.principal, '''', '''''')
        || ''' ORDER BY first_at' AS more,
    ranked.service,
    ranked.service_sessions,
    ranked.caller_principal,
    ranked.caller_type,
    ranked.caller_account_id,
    ranked.issued_by,
    ranked.session_name,
    ranked.identity_provider,
    ranked.issue_source_ip,
    ranked.issue_place,
    ranked.changed_services
FROM ranked
WHERE ranked.place = 1
ORDER BY ranked.created_at, ranked.session_id
