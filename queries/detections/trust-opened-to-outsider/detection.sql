/*
+++
title       = "A role or resource is opened to somebody outside the organisation"
severity    = "high"
confidence  = "medium"
family      = "cross-account chain"
covers      = ["XA-5"]
subsumes    = ["E34", "EH4", "P17", "E52", "E53", "K10", "T06", "Z12"]
attack      = ["T1098.003", "T1484.002", "T1199", "T1537"]
fingerprint = ["subject", "outsiders"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
]

[param.history]
type    = "interval"
default = "90 days"
about   = "how far back an account that took the role makes its place in the trust no news"

[param.provider_history]
type    = "interval"
default = "7 days"
about   = "how far back sessions tell which identity providers are in use"

[param.reach]
type    = "interval"
default = "2 days"
about   = "how far back the session is looked for in which it was done"

[param.service_accounts]
type    = "list"
default = [
    "127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "754344448648",
    "589379963580", "718504428378", "383597477331", "600734575887", "114774131450", "783225319266",
    "582318560864", "985666609251", "054676820928", "156460612806", "652711504416", "635631232127",
    "009996457667", "897822967062", "076674570225", "507241528517", "048591011584", "190560391635",
    "638102146993", "037604701340", "386209384616",
]
about   = "accounts of AWS itself that resources are opened to: load balancers' logs by region, and billing"

[column.outsiders]
about = "Who is let in: accounts, `*` for everybody, or identity providers; separated by blanks."

[column.door]
about = "What was opened: role, or resource."

[column.is_limited]
about = "Whether everybody is let in, and each time under a condition: an organisation, account, source or external id."

[column.is_known]
about = "Whether all of the accounts took that role before."

[column.is_partner]
about = "Whether one of the accounts is a partner of rolecall.toml, whose external id is not asked for."
+++

Somebody wrote a policy or grant that lets in everybody, an account outside the organisation, or an identity
provider through which nobody came lately. For roles that is their trust; for resources it is the policy of a
bucket, key, function, queue, topic, secret or repository, or a share of an image or snapshot.

## Why it matters

Whoever is in trust comes back without a key: an intruder adds an account of theirs to a role, and is still
there when every leaked key is gone. A snapshot that is shared is copied in minutes, and no log of yours
shows what happens to the copy. A role that others may take without an external id can be taken on behalf
of somebody the vendor does not know.

## When it is harmless

A vendor is taken on: an outsider who must give an external id is medium, and a `[[partner]]` is quiet when
the trust asks for its id, or it has none. A pipeline writes the same trust again: accounts that took the
role before are low. A public bucket that is meant to be. `*` under a condition that names an organisation,
account, network or source in each statement is low. What AWS services write themselves is left out.

## What it cannot see

What the policy said before: it tells what is in it now. Which organisation, account or network a condition
names: somebody else's limits `*` as well. Access lists of buckets that name canonical ids. Policies of
services that rolecall does not keep, and what was opened before the lake begins. An account of the
organisation that is not listed and delivers no logs looks like an outsider.
*/
WITH digit AS (
    SELECT n
    FROM (
        VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15)
    ) AS digits (n)
),
opened AS (
    SELECT
        event.event_id,
        event.event_time,
        event.event_source,
        event.event_name,
        event.recipient_account_id,
        event.principal,
        event.user_identity_principal_id,
        event.session_created_at,
        event.user_identity_access_key_id,
        event.user_identity_invoked_by,
        event.source_ip_address,
        event.source_place,
        event.target_role_name,
        event.trusted_principals,
        event.trust_needs_external_id,
        CASE WHEN event.event_source = 'iam.amazonaws.com' THEN 'role' ELSE 'resource' END AS door,
        CASE
            WHEN event.event_source = 'iam.amazonaws.com' THEN 'arn:'
                || split_part(coalesce(event.user_identity_arn, 'arn:aws'), ':', 2) || ':iam::'
                || coalesce(event.recipient_account_id, '') || ':role/' || coalesce(event.target_role_name, '')
            ELSE coalesce(
                event.resource_arns,
                replace(event.event_source, '.amazonaws.com', '') || ' in ' || event.recipient_account_id,
                event.event_source
            )
        END AS subject,
        CASE WHEN NOT event.trusts_everybody THEN 1 ELSE 0 END AS limited
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.trusted_principals IS NOT NULL -- prunes
      AND event.succeeded
      AND coalesce(event.user_identity_type, '') <> 'AWSService'
      AND event.principal NOT LIKE '%:role/aws-service-role/%'
      AND NOT (event.event_name = 'CreateGrant' AND event.user_identity_invoked_by IS NOT NULL)
),
let_in AS (
    SELECT
        opened.*,
        split_part(opened.trusted_principals, ' ', 16 * high.n + low.n + 1) AS who
    FROM opened
    CROSS JOIN digit AS high
    CROSS JOIN digit AS low
),
sorted AS (
    SELECT
        let_in.*,
        CASE
            WHEN let_in.who = '*' THEN 'everybody'
            WHEN length(let_in.who) = 12 AND let_in.who BETWEEN '0' AND '999999999999' THEN 'account'
            WHEN let_in.door = 'resource' THEN 'other'
            WHEN let_in.who LIKE '%:oidc-provider/%' THEN 'provider'
            WHEN let_in.who LIKE '%:saml-provider/%' THEN 'provider'
            WHEN let_in.who = 'cognito-identity.amazonaws.com' THEN 'provider'
            WHEN let_in.who IN ('accounts.google.com', 'graph.facebook.com', 'www.amazon.com') THEN 'provider'
            ELSE 'other'
        END AS sort,
        CASE
            WHEN let_in.who LIKE '%:oidc-provider/%' THEN split_part(let_in.who, ':oidc-provider/', 2)
            WHEN let_in.who LIKE '%:saml-provider/%' THEN split_part(let_in.who, ':saml-provider/', 2)
            ELSE let_in.who
        END AS provider
    FROM let_in
),
provider AS (
    SELECT DISTINCT
        CASE
            WHEN session.identity_provider LIKE '%:oidc-provider/%'
            THEN split_part(session.identity_provider, ':oidc-provider/', 2)
            WHEN session.identity_provider LIKE '%:saml-provider/%'
            THEN split_part(session.identity_provider, ':saml-provider/', 2)
            ELSE session.identity_provider
        END AS name
    FROM session
    WHERE session.created_at >= date_trunc('day', $from) - $provider_history
      AND session.created_at < date_trunc('day', $from)
      AND session.date >= CAST($from - $provider_history AS DATE) -- prunes
),
visitor AS (
    SELECT DISTINCT
        edge.from_account_id,
        edge.to_account_id,
        role_name(edge.to_principal) AS role_name
    FROM edge
    WHERE edge.first_at >= date_trunc('day', $from) - $history
      AND edge.first_at < date_trunc('day', $from)
      AND edge.date >= CAST($from - $history AS DATE) -- prunes
),
known_partner AS (
    SELECT DISTINCT partner.account_id
    FROM partner
),
stranger AS (
    SELECT
        sorted.*,
        CASE WHEN known_partner.account_id IS NULL THEN 0 ELSE 1 END AS partner,
        CASE WHEN visitor.from_account_id IS NULL THEN 0 ELSE 1 END AS known
    FROM sorted
    LEFT JOIN known_partner
      ON known_partner.account_id = sorted.who
    LEFT JOIN visitor
      ON visitor.from_account_id = sorted.who
     AND visitor.to_account_id = sorted.recipient_account_id
     AND visitor.role_name = sorted.target_role_name
    LEFT JOIN organization_account
      ON organization_account.account_id = sorted.who
    LEFT JOIN provider
      ON provider.name = sorted.provider
    WHERE sorted.sort <> 'other'
      AND organization_account.account_id IS NULL
      AND sorted.who <> coalesce(sorted.recipient_account_id, '')
      AND NOT sorted.who = ANY($service_accounts)
      AND (sorted.sort <> 'provider' OR provider.name IS NULL)
      AND NOT EXISTS (
        SELECT 1
        FROM trusted_subject
        WHERE glob(sorted.who, trusted_subject.provider)
    )
      AND NOT EXISTS (
        SELECT 1
        FROM partner AS expected
        WHERE expected.account_id = sorted.who
          AND (sorted.door = 'resource' OR sorted.trust_needs_external_id OR expected.external_id IS NULL)
    )
),
judged AS (
    SELECT
        stranger.*,
        CASE
            WHEN stranger.sort = 'provider' THEN 2
            WHEN stranger.sort = 'everybody' AND stranger.trust_needs_external_id THEN 2
            WHEN stranger.sort = 'everybody' AND stranger.limited = 1 THEN 1
            WHEN stranger.sort = 'everybody' AND stranger.door = 'role' THEN 4
            WHEN stranger.known = 1 THEN 1
            WHEN stranger.partner = 1 THEN 2
            WHEN stranger.trust_needs_external_id THEN 2
            ELSE 3
        END AS level
    FROM stranger
),
document AS (
    SELECT
        judged.event_id,
        judged.event_time,
        judged.event_name,
        judged.recipient_account_id,
        judged.principal,
        judged.user_identity_principal_id,
        judged.session_created_at,
        judged.user_identity_access_key_id,
        judged.user_identity_invoked_by,
        judged.source_ip_address,
        judged.source_place,
        judged.trusted_principals,
        judged.trust_needs_external_id,
        judged.door,
        judged.subject,
        judged.limited,
        string_agg(judged.who, ' ' ORDER BY judged.who) AS outsiders,
        string_agg(CASE WHEN judged.sort = 'account' THEN ' ' || judged.who ELSE '' END, '' ORDER BY judged.who)
            AS outside_accounts,
        min(judged.known) AS known,
        max(judged.partner) AS partner,
        max(judged.level) AS level
    FROM judged
    GROUP BY
        judged.event_id,
        judged.event_time,
        judged.event_name,
        judged.recipient_account_id,
        judged.principal,
        judged.user_identity_principal_id,
        judged.session_created_at,
        judged.user_identity_access_key_id,
        judged.user_identity_invoked_by,
        judged.source_ip_address,
        judged.source_place,
        judged.trusted_principals,
        judged.trust_needs_external_id,
        judged.door,
        judged.subject,
        judged.limited
),
held AS (
    SELECT
        session.principal_id,
        session.created_at,
        min(session.root_principal) AS root_principal,
        min(session.path) AS path
    FROM session
    WHERE session.created_at >= $from - $reach -- prunes
      AND session.created_at < $until -- prunes
    GROUP BY session.principal_id, session.created_at
    HAVING min(session.root_principal) = max(session.root_principal)
),
ranked AS (
    SELECT
        document.*,
        max(document.event_time) OVER (PARTITION BY document.subject, document.outsiders) AS until_at,
        count(*) OVER (PARTITION BY document.subject, document.outsiders) AS times,
        row_number() OVER (
            PARTITION BY document.subject, document.outsiders
            ORDER BY document.event_time, document.event_id
        ) AS place
    FROM document
)
SELECT
    ranked.subject,
    ranked.event_time AS first_at,
    ranked.until_at AS last_at,
    CASE
        WHEN ranked.level = 1 THEN 'low'
        WHEN ranked.level = 2 THEN 'medium'
        WHEN ranked.level = 3 THEN 'high'
        ELSE 'critical'
    END AS severity,
    coalesce(held.root_principal, ranked.principal) AS root,
    coalesce(held.path, ranked.principal) AS path,
    ranked.recipient_account_id || ranked.outside_accounts AS accounts,
    network_of(ranked.source_ip_address) AS networks,
    ranked.times AS count,
    ranked.event_id AS event_ids,
    'SELECT event_time, principal, trusted_principals, request_parameters FROM event WHERE event_id = '''
        || replace(ranked.event_id, '''', '''''') || '''' AS more,
    ranked.outsiders,
    ranked.door,
    ranked.principal,
    ranked.event_name,
    ranked.recipient_account_id,
    ranked.trusted_principals,
    ranked.trust_needs_external_id,
    ranked.limited = 1 AS is_limited,
    ranked.known = 1 AS is_known,
    ranked.partner = 1 AS is_partner,
    ranked.user_identity_access_key_id,
    ranked.user_identity_invoked_by,
    ranked.source_ip_address,
    ranked.source_place
FROM ranked
LEFT JOIN held
  ON held.principal_id = ranked.user_identity_principal_id
 AND held.created_at = ranked.session_created_at
WHERE ranked.place = 1
ORDER BY ranked.event_time, ranked.subject, ranked.outsiders
