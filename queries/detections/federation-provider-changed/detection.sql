/*
+++
title       = "Somebody changes who may vouch for identities"
severity    = "high"
confidence  = "medium"
family      = "federation"
covers      = ["FD-1"]
subsumes    = ["E31", "E32", "E33", "E36", "E37", "S06", "S07", "S08", "P08", "K08", "Z12"]
attack      = ["T1484.002", "T1556", "T1098.001"]
fingerprint = ["subject", "account_id", "api", "request", "outcome"]
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html",
    "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/introduction.html",
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source.html",
]

[param.openings]
type    = "list"
default = [
    "iam:CreateSAMLProvider", "iam:UpdateSAMLProvider",
    "iam:CreateOpenIDConnectProvider", "iam:AddClientIDToOpenIDConnectProvider",
    "iam:UpdateOpenIDConnectProviderThumbprint",
    "rolesanywhere:CreateTrustAnchor", "rolesanywhere:UpdateTrustAnchor", "rolesanywhere:EnableTrustAnchor",
    "rolesanywhere:CreateProfile", "rolesanywhere:UpdateProfile", "rolesanywhere:EnableProfile",
    "rolesanywhere:PutAttributeMapping", "rolesanywhere:DisableCrl", "rolesanywhere:DeleteCrl",
    "sso:AssociateDirectory", "sso:DisassociateDirectory", "sso:StartSSO", "sso:CreateInstance",
    "sso:UpdateSsoConfiguration", "sso:CreateTrustedTokenIssuer", "sso:UpdateTrustedTokenIssuer",
    "sso:CreateExternalIdPConfigurationForDirectory", "sso:UpdateExternalIdPConfigurationForDirectory",
    "sso:EnableExternalIdPConfigurationForDirectory", "sso:DisableExternalIdPConfigurationForDirectory",
    "sso-directory:CreateExternalIdPConfigurationForDirectory",
    "sso-directory:UpdateExternalIdPConfigurationForDirectory",
    "sso-directory:EnableExternalIdPConfigurationForDirectory",
    "sso-directory:DisableExternalIdPConfigurationForDirectory",
    "sso-directory:ImportExternalIdPCertificate", "sso-directory:CreateProvisioningTenant",
    "sso-directory:CreateBearerToken",
    "cognito-identity:SetIdentityPoolRoles",
]
about   = "calls, as service and API, that let somebody new vouch for identities, or change who does"

[param.removals]
type    = "list"
default = [
    "iam:DeleteSAMLProvider", "iam:DeleteOpenIDConnectProvider", "iam:RemoveClientIDFromOpenIDConnectProvider",
    "rolesanywhere:DeleteTrustAnchor", "rolesanywhere:DisableTrustAnchor",
    "rolesanywhere:DeleteProfile", "rolesanywhere:DisableProfile",
    "sso:DeleteTrustedTokenIssuer", "sso:DeleteInstance", "sso:DeleteSSO",
    "sso-directory:DeleteExternalIdPConfigurationForDirectory",
    "sso-directory:DeleteExternalIdPCertificate",
]
about   = "calls that take a provider away, and so may lock people out"

[param.own_role]
type    = "text"
default = "arn:*:iam::*:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO"
about   = "a glob of the role by which Identity Center keeps its own provider in every account"

[param.cluster_issuer]
type    = "text"
default = "^oidc([.]eks[.][^.]+[.]amazonaws[.](com|com[.]cn|eu)|-eks[.][^.]+[.]api[.](aws|amazonwebservices[.]com[.]cn))$"
about   = "a pattern of the hosts that issue tokens of EKS clusters, of which every new cluster brings one"

[param.shown]
type    = "integer"
default = 400
about   = "how many characters of the request are shown; a SAML document has thousands"

[column.api]
about = "Service and API."

[column.request]
about = "The beginning of the request: which provider, which URL or document."

[column.outcome]
about = "Succeeded or failed."

[column.by_program]
about = "Whether the caller is listed as automation."
+++

A SAML or OpenID Connect provider, an anchor or profile of Roles Anywhere, or the identity source of
Identity Center was created, changed or removed by somebody who is not known to do that.

## Why it matters

Whoever owns a provider makes identities: with one more call that lets it into a role, people walk in
who exist in no directory of yours, and no key rotation, password reset or offboarding ends that. A
changed metadata document or thumbprint does it without any new name. Removing a provider locks the
defenders out.

## When it is harmless

A certificate of the identity provider is renewed, a new cluster brings its issuer (medium), a project
connects its code host. There is a change ticket: ask for it. Programs that are listed as automation
are low, and so is what failed. Identity Center's own role, which sets up every account that joins, is
silent.

## What it cannot see

Which role trusts the provider: look for changed trust next. What the request does not show: documents
of more than 100 KB are cut by CloudTrail. Changes inside the identity provider itself.
*/
WITH changed AS (
    SELECT
        event.*,
        replace(event.event_source, '.amazonaws.com', '') || ':' || event.event_name AS api,
        substr(coalesce(event.request_parameters, ''), 1, $shown) AS request,
        CASE WHEN event.succeeded THEN 'succeeded' ELSE 'failed' END AS outcome,
        CASE WHEN is_address(event.source_ip_address) THEN network_of(event.source_ip_address) END AS network
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND coalesce(event.user_identity_type, '') <> 'AWSService'
      AND NOT glob(event.principal, $own_role)
),
telling AS (
    SELECT changed.*
    FROM changed
    WHERE changed.api = ANY($openings)
       OR changed.api = ANY($removals)
),
program AS (
    SELECT DISTINCT telling.principal
    FROM telling
    JOIN automation ON glob(telling.principal, automation.principal)
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
        telling.*,
        coalesce(held.root_principal, telling.principal) AS root_principal,
        held.path,
        CASE WHEN program.principal IS NULL THEN 'no' ELSE 'yes' END AS by_program,
        CASE
            WHEN NOT telling.succeeded THEN 1
            WHEN program.principal IS NOT NULL THEN 1
            WHEN telling.api = ANY($removals) THEN 2
            WHEN regexp_like(split_part(split_part(telling.request, '"url":"https://', 2), '/', 1), $cluster_issuer) THEN 2
            ELSE 3
        END AS grade
    FROM telling
    LEFT JOIN program ON program.principal = telling.principal
    LEFT JOIN held
      ON held.principal_id = telling.user_identity_principal_id
     AND held.created_at = telling.session_created_at
)
SELECT
    judged.principal AS subject,
    min(judged.event_time) AS first_at,
    max(judged.event_time) AS last_at,
    CASE max(judged.grade)
        WHEN 3 THEN 'high'
        WHEN 2 THEN 'medium'
        ELSE 'low'
    END AS severity,
    min(judged.root_principal) AS root,
    min(judged.path) AS path,
    judged.recipient_account_id AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.network)), ' '), '') AS networks,
    count(*) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.event_id)), ' '), '') AS event_ids,
    'SELECT event_time, event_name, source_ip_address, user_agent, request_parameters, error_code FROM event'
        || ' WHERE recipient_account_id = ''' || coalesce(judged.recipient_account_id, '')
        || ''' AND principal = ''' || replace(judged.principal, '''', '''''') || ''' ORDER BY event_time' AS more,
    judged.recipient_account_id AS account_id,
    judged.api,
    judged.request,
    judged.outcome,
    max(judged.by_program) AS by_program,
    min(judged.user_agent) AS user_agent
FROM judged
GROUP BY judged.principal, judged.recipient_account_id, judged.api, judged.request, judged.outcome
ORDER BY first_at, subject, judged.api, judged.request, judged.outcome
