/*
+++
title       = "A workload's credential is used where the workload does not run"
severity    = "high"
confidence  = "medium"
family      = "leaked key"
covers      = ["LK-3"]
subsumes    = ["E10", "E15", "E56", "P01", "S11", "G01", "G02", "G03"]
attack      = ["T1552.005", "T1078.004", "T1550.001"]
fingerprint = ["principal", "source_place", "why", "severity"]
references  = [
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html",
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
]

[param.workload_services]
type    = "list"
default = [
    "ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com",
    "codebuild.amazonaws.com", "glue.amazonaws.com", "sagemaker.amazonaws.com", "bedrock-agentcore.amazonaws.com",
]
about   = "services that hand a role to workloads"

[param.fluid_services]
type    = "list"
default = ["lambda.amazonaws.com", "bedrock-agentcore.amazonaws.com"]
about   = "those of them whose workloads call from ever other addresses of AWS"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place counts as one where the role works"

[param.shared_by]
type    = "integer"
default = 3
about   = "a network from which so many principals worked before is the organisation's own"

[param.within]
type    = "interval"
default = "6 hours"
about   = "how long before its use elsewhere a workload counts as being at its first place"

[param.shown]
type    = "integer"
default = 20
about   = "how many events are named as evidence"

[column.principal]
about = "The role."

[column.credential]
about = "The access key that was used."

[column.why]
about = "What is wrong with the place: outside AWS, endpoint of another account, listed network, or elsewhere."

[column.moved]
about = "Whether the same instance, task or pod (of a service account: the same key) was elsewhere shortly before."

[column.new_client]
about = "Whether the role never used a client of this family, while it used others."

[column.new_country]
about = "Whether the role never worked from that country, while others of its are known."

[column.on_macos]
about = "Whether the client says that it runs on macOS, as few workloads do."

[column.clients]
about = "The families of the clients that were used there, separated by blanks."
+++

Credentials that AWS hands to a machine, a function, a task or a pod were used from a place where the role
never worked: outside AWS, through a VPC endpoint of an account that is not ours, or, if a database does not
tell, simply elsewhere than before.

## Why it matters

A workload does not carry its credentials around. Whoever reads them (from the metadata service through a
hole in an application, from a variable of a function, from a volume) takes them home and uses them there.

## When it is harmless

Traffic that leaves through a data centre, a new NAT gateway, a cluster outside AWS. Places and networks that
the role used on earlier days, those that several principals share, and what `rolecall.toml` knows as networks
and endpoints are left out. A place that is only new is low, and nothing while the role has no past. It is medium if the same instance, task
or pod was elsewhere shortly before, or if the client or the country is new to the role, or the client runs on
macOS. Functions come from ever other addresses of AWS: that they were elsewhere before means nothing.

## What it cannot see

A thief inside the same network. To which account an address of AWS belongs. The owner of an endpoint, if
the thief calls neither STS nor IAM through it. Roles that people take as well as workloads, unless EC2 says
that it delivered the credentials. Without a database of networks, what lies outside AWS: such findings are
medium or low.
*/
WITH past AS (
    SELECT
        footprint.principal,
        footprint.place,
        footprint.network,
        footprint.country,
        footprint.client
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < date_trunc('day', $from)
      AND footprint.date >= CAST($from - $history AS DATE) -- prunes
),
shared AS (
    SELECT past.network
    FROM past
    GROUP BY past.network
    HAVING count(DISTINCT past.principal) >= $shared_by
),
tool AS (
    SELECT DISTINCT
        past.principal,
        past.client
    FROM past
),
home AS (
    SELECT
        past.principal,
        count(past.country) AS countries
    FROM past
    GROUP BY past.principal
),
homeland AS (
    SELECT DISTINCT
        past.principal,
        past.country
    FROM past
),
assumed AS (
    SELECT
        edge.to_principal AS principal,
        edge.first_at,
        edge.from_principal = ANY($workload_services)
            OR edge.from_principal LIKE '% system:serviceaccount:%' AS by_workload,
        -- Clients with a token choose the name of their session: all replicas of a pod may have one.
        edge.from_principal LIKE '% system:serviceaccount:%' AS self_named,
        edge.from_principal = ANY($fluid_services) AS by_fluid
    FROM edge
    WHERE edge.first_at >= $from - $history
      AND edge.first_at < $until
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
handed AS (
    SELECT
        assumed.principal,
        bool_or(assumed.by_fluid) AS fluid,
        bool_or(assumed.self_named) AS self_named
    FROM assumed
    GROUP BY assumed.principal
    HAVING bool_or(assumed.by_workload)
       AND bool_and(assumed.by_workload OR assumed.first_at >= date_trunc('day', $from))
),
used AS (
    SELECT
        usage.*,
        coalesce(usage.access_key_id, usage.principal_arn) AS holder,
        CASE
            WHEN is_private_address(usage.source_ip_address) THEN usage.source_place
            ELSE network_of(usage.source_ip_address)
        END AS network,
        is_private_address(usage.source_ip_address) AND usage.vpc_endpoint_id IS NOT NULL AS through_endpoint,
        client_of(coalesce(usage.user_agent, '')) AS client,
        coalesce(handed.fluid, FALSE) AS fluid,
        coalesce(handed.self_named, FALSE) AS self_named
    FROM usage
    LEFT JOIN handed ON handed.principal = usage.principal
    WHERE usage.hour >= $from - $within - INTERVAL '1 hour'
      AND usage.hour < $until
      AND usage.date >= CAST($from - $within - INTERVAL '1 hour' AS DATE) -- prunes
      AND (usage.session_ec2_role_delivery IS NOT NULL OR handed.principal IS NOT NULL)
      AND usage.user_identity_type = 'AssumedRole'
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND is_address(usage.source_ip_address)
),
owner AS (
    SELECT DISTINCT
        event.vpc_endpoint_id,
        event.vpc_endpoint_account_id AS account_id
    FROM event
    WHERE event.event_time >= $from - $within
      AND event.event_time < $until
      AND event.date >= CAST($from - $within AS DATE) -- prunes
      AND account_of_arn('arn:aws:iam::' || event.vpc_endpoint_account_id || ':root') IS NOT NULL
      AND NOT EXISTS (
          SELECT 1
          FROM organization_account
          WHERE organization_account.account_id = event.vpc_endpoint_account_id
      )
),
strange AS (
    SELECT
        used.*,
        owner.account_id AS endpoint_account_id,
        home.principal IS NOT NULL AS settled,
        home.principal IS NOT NULL AND tool.client IS NULL AS new_client,
        home.countries > 0 AND used.source_country IS NOT NULL AND homeland.country IS NULL AS new_country,
        CASE
            WHEN owner.account_id IS NOT NULL THEN 'endpoint of another account'
            WHEN used.through_endpoint THEN 'elsewhere'
            WHEN used.source_lists IS NOT NULL THEN 'listed network'
            WHEN NOT used.source_is_aws THEN 'outside AWS'
            ELSE 'elsewhere'
        END AS why
    FROM used
    LEFT JOIN owner ON owner.vpc_endpoint_id = used.vpc_endpoint_id
    LEFT JOIN home ON home.principal = used.principal
    LEFT JOIN homeland
      ON homeland.principal = used.principal
     AND homeland.country = used.source_country
    LEFT JOIN tool
      ON tool.principal = used.principal
     AND tool.client = used.client
    WHERE NOT EXISTS (
          SELECT 1
          FROM past
          WHERE past.principal = used.principal
            AND past.place = used.source_place
            AND (used.source_is_aws IS NULL OR NOT used.source_is_aws)
      )
      AND NOT EXISTS (
          SELECT 1
          FROM past
          WHERE past.principal = used.principal
            AND past.network = used.network
      )
      AND NOT EXISTS (
          SELECT 1
          FROM shared
          WHERE shared.network = used.network
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_network AS own
          WHERE glob(used.principal, own.principal)
            AND (
                in_cidr(used.source_ip_address, own.cidr)
                OR own.place = used.source_place
                OR glob(' ' || used.source_lists || ' ', '* ' || own.place || ' *')
                OR own.country = used.source_country
            )
      )
      AND NOT EXISTS (
          SELECT 1
          FROM known_endpoint
          WHERE known_endpoint.vpc_endpoint_id = used.vpc_endpoint_id
      )
),
beside AS (
    SELECT DISTINCT
        strange.principal_id,
        strange.network
    FROM strange
    JOIN used AS other
      ON other.principal_id = strange.principal_id
     AND other.network <> strange.network
     AND (other.access_key_id = strange.access_key_id OR NOT strange.self_named)
     AND (other.source_ip_address LIKE '%:%') = (strange.source_ip_address LIKE '%:%')
     AND NOT other.through_endpoint
     AND other.first_at < strange.first_at
    WHERE NOT strange.through_endpoint
),
held AS (
    SELECT
        session.principal_id,
        session.created_at,
        min(session.root_principal) AS root_principal,
        min(session.path) AS path,
        min(session.issue_event_ids) AS issue_event_ids,
        max(session.issued_by) AS issued_by
    FROM session
    WHERE session.created_at >= $from - INTERVAL '2 days' -- prunes
      AND session.created_at < $until -- prunes
    GROUP BY session.principal_id, session.created_at
),
-- A sign-in says neither its key nor when the session began that opened it, and begins one of its own.
named AS (
    SELECT
        held.principal_id,
        min(held.root_principal) AS root_principal,
        min(held.path) AS path,
        min(held.issue_event_ids) AS issue_event_ids
    FROM held
    WHERE held.issued_by IS NOT NULL
    GROUP BY held.principal_id
    HAVING count(DISTINCT held.root_principal) = 1
),
proof AS (
    SELECT
        coalesce(event.user_identity_access_key_id, event.user_identity_arn) AS holder,
        network_of(event.source_ip_address) AS network,
        event.event_id,
        row_number() OVER (
            PARTITION BY
                coalesce(event.user_identity_access_key_id, event.user_identity_arn),
                network_of(event.source_ip_address)
            ORDER BY event.event_time, event.event_id
        ) AS nth
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.date >= CAST($from AS DATE) -- prunes
),
proven AS (
    SELECT
        proof.holder,
        proof.network,
        string_agg(proof.event_id, ' ' ORDER BY proof.nth) AS event_ids
    FROM proof
    WHERE proof.nth <= $shown
    GROUP BY proof.holder, proof.network
),
found AS (
    SELECT
        strange.principal,
        strange.access_key_id,
        strange.holder,
        strange.source_place,
        strange.network,
        strange.why,
        strange.fluid,
        max(strange.principal_arn) AS principal_arn,
        min(strange.first_at) AS first_at,
        max(strange.last_at) AS last_at,
        sum(strange.calls) AS calls,
        bool_or(beside.network IS NOT NULL) AS moved,
        bool_or(strange.settled) AS settled,
        bool_or(strange.new_client) AS new_client,
        bool_or(strange.user_agent LIKE '%Darwin/%' OR strange.user_agent LIKE '%os/macos#%') AS on_macos,
        bool_or(coalesce(strange.new_country, FALSE)) AS new_country,
        max(strange.source_country) AS source_country,
        max(strange.source_operator) AS source_operator,
        max(strange.source_lists) AS source_lists,
        max(strange.vpc_endpoint_id) AS vpc_endpoint_id,
        max(strange.endpoint_account_id) AS vpc_endpoint_account_id,
        nullif(array_to_string(array_sort(array_agg(DISTINCT strange.recipient_account_id)), ' '), '') AS accounts,
        nullif(array_to_string(array_sort(array_agg(DISTINCT strange.client)), ' '), '') AS clients,
        max(coalesce(held.root_principal, named.root_principal, strange.principal)) AS root_principal,
        max(coalesce(held.path, named.path)) AS path,
        min(coalesce(held.issue_event_ids, named.issue_event_ids)) AS issue_event_ids
    FROM strange
    LEFT JOIN beside
      ON beside.principal_id = strange.principal_id
     AND beside.network = strange.network
    LEFT JOIN held
      ON held.principal_id = strange.principal_id
     AND held.created_at = strange.session_created_at
    LEFT JOIN named
      ON named.principal_id = strange.principal_id
     AND strange.session_created_at IS NULL
    GROUP BY
        strange.principal,
        strange.access_key_id,
        strange.holder,
        strange.source_place,
        strange.network,
        strange.why,
        strange.fluid
    HAVING max(strange.last_at) >= $from
),
judged AS (
    SELECT
        found.*,
        CASE
            WHEN found.why <> 'elsewhere' THEN 'high'
            WHEN found.new_client THEN 'medium'
            WHEN found.new_country THEN 'medium'
            WHEN found.on_macos THEN 'medium'
            WHEN found.moved AND NOT found.fluid THEN 'medium'
            ELSE 'low'
        END AS severity
    FROM found
)
SELECT
    coalesce(judged.principal_arn, judged.principal) AS subject,
    judged.first_at,
    judged.last_at,
    judged.severity,
    judged.root_principal AS root,
    judged.path,
    judged.accounts,
    judged.network AS networks,
    judged.calls AS count,
    coalesce(proven.event_ids, judged.issue_event_ids) AS event_ids,
    'SELECT hour, source_ip_address, vpc_endpoint_id, user_agent, event_source, event_name, error_code, calls FROM usage'
        || ' WHERE coalesce(access_key_id, principal_arn) = '''
        || replace(coalesce(judged.holder, ''), '''', '''''') || ''' ORDER BY hour' AS more,
    judged.principal,
    judged.access_key_id AS credential,
    judged.why,
    judged.source_place,
    judged.source_country,
    judged.source_operator,
    judged.source_lists,
    judged.vpc_endpoint_id,
    judged.vpc_endpoint_account_id,
    judged.moved,
    judged.new_client,
    judged.new_country,
    judged.on_macos,
    judged.clients
FROM judged
LEFT JOIN proven
  ON proven.holder = judged.holder
 AND proven.network = judged.network
WHERE (judged.severity <> 'low' OR (judged.settled AND NOT judged.fluid))
ORDER BY judged.first_at, judged.holder, judged.network
