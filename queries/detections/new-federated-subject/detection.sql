/*
+++
title       = "Somebody whom a provider vouches for takes a role for the first time"
severity    = "medium"
confidence  = "medium"
family      = "federation"
covers      = ["FD-2"]
subsumes    = ["E38", "S06", "K07", "Z07"]
attack      = ["T1078.004", "T1199", "T1606.002", "T1550.001"]
fingerprint = ["who", "role", "why"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html",
]

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a subject, a provider and a role count as known to each other"

[param.guests]
type    = "text"
default = "cognito-identity.*"
about   = "a glob of providers whose every user is a new subject: only their roles can be known"

[param.cluster_issuer]
type    = "text"
default = "^oidc([.]eks[.][^.]+[.]amazonaws[.](com|com[.]cn|eu)|-eks[.][^.]+[.]api[.](aws|amazonwebservices[.]com[.]cn))$"
about   = "a pattern of the hosts that issue tokens of EKS clusters, which vouch for workloads"

[column.who]
about = "Who is new: the provider and subject, or the provider alone where new subjects are its everyday."

[column.role]
about = "The role that was taken."

[column.why]
about = "Why it stands out, such as outside the allowed subjects, or unknown to the provider."

[column.subjects]
about = "How many subjects are new."

[column.one_subject]
about = "One of them, in full."

[column.places]
about = "Where the calls came from."
+++

A SAML or web identity provider vouched for somebody who has not taken this role in the last weeks, or
who is not among the subjects that the role is meant for.

## Why it matters

A trust policy that allows `repo:*`, or forgets to look at the subject at all, lets strangers in by an
ordinary call that succeeds. A forged SAML assertion, or a workflow in a repository that nobody
watches, looks the same. The first time is the only time it stands out.

High: the subject is outside the patterns that `rolecall.toml` allows for the role, or nobody of its
kind (the provider; for code hosts the organisation) was ever seen. Medium: a role that others use is
taken by one more repository, or by one more person from a place that nobody of the provider worked
from; or a role is handed to guests for the first time. All else is low.

## When it is harmless

People join, repositories are made, clusters are built, applications are released. A subject that the
allow list names is silent. A known person whom the same directory now sends into a new account is low:
each account has a provider of its own.

## What it cannot see

Whether a guest of Cognito had signed in. Pull requests and branches: sessions of one repository are
one root, unless the allow list tells them apart. Identity Center people in further accounts: they have
their subject, and the new account is a question of its own. Identity Center sends everybody from
addresses of AWS, so their own place does not count here.
*/
WITH taken AS (
    SELECT
        session.*,
        split_part(session.caller_principal, ' ', 1) AS voucher,
        split_part(session.root_principal, ' ', 2) AS person,
        -- The same provider has another ARN in every account.
        CASE
            WHEN session.root_principal LIKE '%oidc-provider/%'
                THEN split_part(split_part(session.root_principal, ' ', 1), 'oidc-provider/', 2)
            ELSE split_part(session.root_principal, ' ', 1)
        END AS host,
        -- A code host serves many organisations: what stands before the first slash.
        CASE
            WHEN split_part(session.root_principal, ' ', 2) LIKE '%/%'
                THEN split_part(split_part(session.root_principal, ' ', 2), '/', 1)
            ELSE ''
        END AS head,
        CASE
            WHEN session.root_kind = 'identity center' THEN 'people'
            WHEN session.root_kind = 'saml' THEN 'saml'
            WHEN glob(session.root_principal, $guests) THEN 'guests'
            WHEN regexp_like(
                split_part(split_part(split_part(session.root_principal, ' ', 1), ':oidc-provider/', 2), '/', 1),
                $cluster_issuer
            ) THEN 'workloads'
            ELSE 'web'
        END AS sort
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.issued_by IN ('AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
),
before AS (
    SELECT DISTINCT
        edge.root_principal,
        edge.to_principal AS role,
        split_part(edge.root_principal, ' ', 2) AS person,
        CASE
            WHEN edge.root_principal LIKE '%oidc-provider/%'
                THEN split_part(split_part(edge.root_principal, ' ', 1), 'oidc-provider/', 2)
            ELSE split_part(edge.root_principal, ' ', 1)
        END AS host,
        CASE
            WHEN split_part(edge.root_principal, ' ', 2) LIKE '%/%'
                THEN split_part(split_part(edge.root_principal, ' ', 2), '/', 1)
            ELSE ''
        END AS head
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.issued_by IN ('AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
),
known_pair AS (
    SELECT DISTINCT before.root_principal, before.role
    FROM before
),
known_root AS (
    SELECT DISTINCT before.root_principal
    FROM before
),
known_role AS (
    SELECT DISTINCT before.role
    FROM before
),
known_guests AS (
    SELECT DISTINCT before.role
    FROM before
    WHERE glob(before.root_principal, $guests)
),
known_kin AS (
    SELECT DISTINCT before.host, before.head
    FROM before
),
known_person AS (
    SELECT DISTINCT before.person
    FROM before
    WHERE before.person <> ''
),
known_place AS (
    SELECT DISTINCT
        split_part(footprint.principal, ' ', 1) AS voucher,
        footprint.place
    FROM footprint
    WHERE footprint.first_at >= date_trunc('day', $from) - $history
      AND footprint.first_at < date_trunc('day', $from)
),
declared AS (
    SELECT
        taken.session_id,
        max(CASE WHEN glob(taken.subject, trusted_subject.subject) THEN 1 ELSE 0 END) AS allowed
    FROM taken
    JOIN trusted_subject
      ON glob(taken.identity_provider, trusted_subject.provider)
     AND glob(taken.principal, trusted_subject.role)
    GROUP BY taken.session_id
),
judged AS (
    SELECT
        taken.*,
        CASE
            WHEN declared.allowed = 0 THEN 'outside the allowed subjects'
            WHEN declared.allowed = 1 THEN 'known'
            WHEN known_pair.role IS NOT NULL THEN 'known'
            WHEN taken.sort = 'people' AND known_root.root_principal IS NOT NULL THEN 'known'
            WHEN taken.sort = 'people' THEN 'new person'
            WHEN taken.sort = 'guests' AND known_guests.role IS NOT NULL THEN 'known'
            WHEN taken.sort = 'guests' THEN 'role new to guests'
            WHEN taken.sort = 'workloads' THEN 'new service account'
            WHEN taken.sort = 'saml' AND known_kin.host IS NULL AND known_person.person IS NOT NULL
                THEN 'new with a role of its own'
            WHEN known_kin.host IS NULL THEN 'unknown to the provider'
            WHEN known_role.role IS NOT NULL THEN 'new in a role that others use'
            ELSE 'new with a role of its own'
        END AS why,
        known_place.place AS home
    FROM taken
    LEFT JOIN declared ON declared.session_id = taken.session_id
    LEFT JOIN known_pair
      ON known_pair.root_principal = taken.root_principal
     AND known_pair.role = taken.principal
    LEFT JOIN known_root ON known_root.root_principal = taken.root_principal
    LEFT JOIN known_role ON known_role.role = taken.principal
    LEFT JOIN known_guests ON known_guests.role = taken.principal
    LEFT JOIN known_kin
      ON known_kin.host = taken.host
     AND known_kin.head = taken.head
    LEFT JOIN known_person ON known_person.person = taken.person
    LEFT JOIN known_place
      ON known_place.voucher = taken.voucher
     AND known_place.place = taken.issue_place
),
graded AS (
    SELECT
        judged.*,
        CASE
            WHEN judged.why IN ('outside the allowed subjects', 'unknown to the provider') THEN 'high'
            WHEN judged.why = 'role new to guests' THEN 'medium'
            WHEN judged.why = 'new in a role that others use' AND judged.sort = 'web' THEN 'medium'
            WHEN judged.why = 'new in a role that others use' AND judged.home IS NULL THEN 'medium'
            ELSE 'low'
        END AS severity
    FROM judged
    WHERE judged.why <> 'known'
),
said AS (
    SELECT
        graded.*,
        CASE
            WHEN graded.severity = 'low' OR graded.sort = 'guests' THEN graded.voucher
            ELSE graded.root_principal
        END AS who
    FROM graded
)
SELECT
    min(said.root_principal) AS subject,
    min(said.created_at) AS first_at,
    max(coalesce(said.last_used_at, said.created_at)) AS last_at,
    said.severity,
    min(said.root_principal) AS root,
    min(said.path) AS path,
    min(said.account_id) AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT network_of(said.issue_source_ip))), ' '), '') AS networks,
    count(*) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT said.issue_event_ids)), ' '), '') AS event_ids,
    'SELECT created_at, root_principal, subject, session_name, issue_source_ip, calls, changed_services, networks'
        || ' FROM session WHERE principal = ''' || replace(said.principal, '''', '''''')
        || ''' AND issued_by LIKE ''AssumeRoleWith%'' ORDER BY created_at' AS more,
    said.who,
    said.principal AS role,
    said.why,
    count(DISTINCT said.root_principal) AS subjects,
    min(said.subject) AS one_subject,
    nullif(array_to_string(array_sort(array_agg(DISTINCT said.issue_place)), ' | '), '') AS places,
    min(said.identity_provider) AS identity_provider,
    nullif(array_to_string(array_sort(array_agg(DISTINCT said.changed_services)), ' '), '') AS changed_services
FROM said
GROUP BY said.who, said.principal, said.why, said.severity
ORDER BY first_at, said.who, said.principal, said.why, said.severity
