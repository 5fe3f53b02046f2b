/*
+++
title       = "A console is opened with temporary credentials"
severity    = "medium"
confidence  = "medium"
family      = "federation"
covers      = ["FD-4"]
subsumes    = ["E17", "E18", "E19", "EH3", "S05", "P07", "Z09"]
attack      = ["T1550.001", "T1021.007", "T1078.004", "T1552.005"]
fingerprint = ["subject", "why"]
baseline    = "14 days"
references  = [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html",
]

[param.link_life]
type    = "interval"
default = "15 minutes"
about   = "how long the link that GetSigninToken gives can be used"

[param.session_life]
type    = "interval"
default = "36 hours"
about   = "how long a temporary credential lives at most"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a place counts as one that the principal or its root works from"

[param.center_roles]
type    = "text"
default = "arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*"
about   = "a glob of the roles whose consoles Identity Center opens"

[param.center_agent]
type    = "text"
default = "Jersey/*"
about   = "a glob of the client by which Identity Center opens consoles"

[param.machine]
type    = "text"
default = "i-????????*"
about   = "a glob of the session names of EC2 instances"

[column.why]
about = "What stands out, such as a machine's credential, or elsewhere than minted."

[column.minted_from]
about = "The place of the call that minted the credential."

[column.opened_from]
about = "The places from which the console was opened."

[column.clients]
about = "The clients that opened it."
+++

Temporary credentials of a role or federated user were exchanged for a console session, and no portal
that is known did it.

## Why it matters

It turns a stolen key into a browser. The console session lasts up to 12 hours whatever the credentials
had left, does not end when they are revoked, and reaches what the API denies them. Its calls then come
with keys that no STS response showed.

High: the credential belongs to a machine, which has no use for a console; or the console was opened
from another place than the one where the credential was minted, and nobody of the principal or its
root works there. Medium: a place that is new to both, although the credential was minted there too or
its minting was not seen; or a federated user whose client is new. Low: a helper of a person's own, at a
known place.

## When it is harmless

Command line helpers open consoles for their owners. A portal of your own does it for many: list it
with its principal and user agent. Identity Center and SAML sign-ins are silent, and so is switching
roles.

## What it cannot see

A thief at the owner's place, or one who calls itself by the name of a portal and acts as its
principal. How long the console session was asked to last: that is not logged.
*/
WITH opened AS (
    SELECT
        event.*,
        network_of(event.source_ip_address) AS network,
        session_name(event.user_identity_arn) AS session_name
    FROM event
    WHERE event.event_time >= $from - $link_life -- prunes
      AND event.event_time < $until
      AND event.event_source = 'signin.amazonaws.com'
      AND event.event_name IN ('GetSigninToken', 'ConsoleLogin')
      AND event.user_identity_type IN ('AssumedRole', 'FederatedUser')
      AND event.succeeded
),
door AS (
    SELECT
        portal.principal,
        portal.user_agent
    FROM portal
    UNION ALL
    SELECT
        $center_roles AS principal,
        $center_agent AS user_agent
),
by_portal AS (
    SELECT DISTINCT
        opened.event_id,
        opened.user_identity_arn,
        opened.event_time
    FROM opened
    JOIN door
      ON glob(opened.principal, door.principal)
     AND glob(opened.user_agent, door.user_agent)
    WHERE opened.event_name = 'GetSigninToken'
),
strange AS (
    SELECT opened.*
    FROM opened
    WHERE opened.event_time >= $from
      AND coalesce(opened.additional_event_data, '') NOT LIKE '%SamlProviderArn%'
      AND NOT EXISTS (
          SELECT 1
          FROM by_portal
          WHERE by_portal.user_identity_arn = opened.user_identity_arn
            AND by_portal.event_time <= opened.event_time
            AND by_portal.event_time + $link_life >= opened.event_time
            AND (opened.event_name = 'ConsoleLogin' OR by_portal.event_id = opened.event_id)
      )
),
-- The session it was made from: that of the very second, or else the last one of its name.
minted AS (
    SELECT
        strange.*,
        session.session_id,
        session.issued_by,
        session.issue_place,
        session.issue_source_ip,
        session.root_principal,
        session.path,
        session.account_path,
        session.root_kind = 'service' AND session.depth = 0 AS of_machine,
        -- Where Identity Center mints says nothing of the person.
        session.session_id IS NOT NULL
            AND NOT (session.root_kind = 'identity center' AND session.depth = 0) AS by_owner,
        row_number() OVER (
            PARTITION BY strange.event_id
            ORDER BY
                CASE WHEN session.created_at = strange.session_created_at THEN 0 ELSE 1 END,
                session.created_at DESC NULLS LAST,
                session.session_id
        ) AS nth
    FROM strange
    LEFT JOIN session
      ON session.session_arn = strange.user_identity_arn
     AND session.created_at <= strange.event_time
     AND session.created_at + $session_life >= strange.event_time
     AND session.issued_by IS NOT NULL
),
placed AS (
    SELECT
        minted.*,
        -- One who speaks both families of addresses has two places where no database knows better.
        minted.by_owner
            AND is_address(minted.issue_source_ip)
            AND NOT is_private_address(minted.issue_source_ip)
            AND is_address(minted.source_ip_address)
            AND (
                (minted.issue_place LIKE 'AS%' AND minted.source_place LIKE 'AS%')
                OR (minted.issue_source_ip LIKE '%:%') = (minted.source_ip_address LIKE '%:%')
            ) AS comparable,
        footprint.place AS home,
        max(CASE
            WHEN footprint.principal = minted.principal AND footprint.client = client_of(minted.user_agent) THEN 1
            ELSE 0
        END) OVER (PARTITION BY minted.event_id) AS same_client,
        row_number() OVER (
            PARTITION BY minted.event_id
            ORDER BY footprint.first_at DESC NULLS LAST, footprint.principal, footprint.network, footprint.client
        ) AS nth_home
    FROM minted
    LEFT JOIN footprint
      ON (footprint.principal = minted.principal OR footprint.principal = minted.root_principal)
     AND (footprint.place = minted.source_place OR footprint.network = minted.network)
     AND footprint.first_at >= date_trunc('day', $from) - $history
     AND footprint.first_at < date_trunc('day', $from)
    WHERE minted.nth = 1
),
judged AS (
    SELECT
        placed.*,
        CASE
            WHEN glob(placed.session_name, $machine) THEN 'a machine''s credential'
            WHEN placed.of_machine THEN 'a machine''s credential'
            WHEN placed.home IS NULL AND placed.comparable AND placed.source_place <> placed.issue_place
                THEN 'elsewhere than minted'
            WHEN placed.home IS NULL AND (placed.comparable OR NOT placed.by_owner) THEN 'from a new place'
            WHEN placed.user_identity_type = 'FederatedUser' AND placed.same_client = 0 THEN 'a federated user'
            ELSE 'a program'
        END AS why
    FROM placed
    WHERE placed.nth_home = 1
      AND (
          placed.event_name = 'GetSigninToken'
          OR (coalesce(placed.issued_by, '') <> 'AssumeRoleWithSAML' AND NOT glob(placed.principal, $center_roles))
      )
)
SELECT
    judged.user_identity_arn AS subject,
    min(judged.event_time) AS first_at,
    max(judged.event_time) AS last_at,
    CASE
        WHEN judged.why IN ('a machine''s credential', 'elsewhere than minted') THEN 'high'
        WHEN judged.why = 'a program' THEN 'low'
        ELSE 'medium'
    END AS severity,
    min(coalesce(judged.root_principal, judged.principal)) AS root,
    min(judged.path) AS path,
    coalesce(replace(min(judged.account_path), ' > ', ' '), min(judged.recipient_account_id)) AS accounts,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.network)), ' '), '') AS networks,
    count(*) AS count,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.event_id)), ' '), '') AS event_ids,
    'SELECT * FROM session WHERE session_arn = ''' || replace(judged.user_identity_arn, '''', '''''')
        || ''' ORDER BY created_at' AS more,
    judged.why,
    min(judged.principal) AS principal,
    min(judged.issue_place) AS minted_from,
    nullif(array_to_string(array_sort(array_agg(DISTINCT judged.source_place)), ' | '), '') AS opened_from,
    nullif(array_to_string(array_sort(array_agg(DISTINCT client_of(judged.user_agent))), ' '), '') AS clients,
    min(judged.issued_by) AS issued_by
FROM judged
GROUP BY judged.user_identity_arn, judged.why
ORDER BY first_at, judged.user_identity_arn, judged.why
