/*
+++
title = "Which users of mobile and web applications get credentials, signed in or not?"
topic = "mobile and web"

[column.provider]
about = "Who vouched: Cognito, or the sign-in of a company such as Google, Facebook or Amazon."

[column.pool]
about = "The identity pool of Cognito, or the application that the sign-in was meant for."

[column.signed_in]
about = "Whether the users had signed in: `yes`, `no` for guests, or `unknown`."

[column.role]
about = "The role that they were given; NULL if no record names it."

[column.account]
about = "The account of that role."

[column.identities]
about = "How many users."

[column.sessions]
about = "How many sessions they were given."

[column.unused]
about = "How many of them made no call that the trail records."
+++

One row for each identity pool or application, each role that its users are given, and whether they had
signed in. The guests come first: anybody on the internet can be one.

Guests (`no`) get whatever the role may do, without a name. Their role should read one bucket or send one
kind of event, and `failed_calls` should be few: a guest who tries what the application never calls is looking
around. A guest with the role of those who signed in is a pool that is set up wrong. `unknown` are users of
Cognito's older flow of whom no call to Cognito is in the lake.

Cognito's own calls (`GetId`, `GetCredentialsForIdentity`) are data events: a trail that does not collect
them shows only what reaches STS. What applications do with their credentials is mostly data events too, so
that `calls` is what the trail has of it, and `unused` is no proof. Build pipelines and clusters are in
`federated-access`.
*/
WITH given AS (
    SELECT
        session.session_id,
        session.issue_event_ids,
        session.issued_by,
        coalesce(session.identity_provider, 'cognito-identity.amazonaws.com') AS provider,
        session.subject,
        CASE WHEN session.kind = 'role' THEN session.principal END AS principal,
        session.account_id,
        session.created_at,
        session.calls,
        session.failed_calls
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND (
          session.issued_by = 'GetCredentialsForIdentity'
          OR (session.issued_by = 'AssumeRoleWithWebIdentity' AND session.identity_provider NOT LIKE 'arn:%')
      )
),
-- What the issuing record and Cognito's own records add.
asked AS (
    SELECT
        event.event_id,
        event.event_source,
        event.subject,
        CASE
            WHEN event.audience IS NOT NULL THEN event.audience
            WHEN event.resource_arns LIKE '%:identitypool/%' THEN split_part(event.resource_arns, ':identitypool/', 2)
        END AS pool,
        CASE WHEN event.request_parameters LIKE '%"logins"%' THEN 1 ELSE 0 END AS has_logins
    FROM event
    WHERE event.event_time >= $from
      AND event.event_time < $until
      AND event.date >= CAST($from AS DATE) -- prunes
      AND event.succeeded
),
vouched AS (
    SELECT
        asked.subject,
        max(asked.has_logins) AS has_logins
    FROM asked
    WHERE asked.event_source LIKE 'cognito-identity.%'
    GROUP BY asked.subject
),
told AS (
    SELECT
        given.*,
        asked.pool,
        CASE
            WHEN given.provider <> 'cognito-identity.amazonaws.com' THEN 'yes'
            WHEN given.issued_by = 'GetCredentialsForIdentity' AND asked.has_logins = 0 THEN 'no'
            WHEN vouched.has_logins = 1 THEN 'yes'
            WHEN vouched.has_logins = 0 THEN 'no'
            ELSE 'unknown'
        END AS signed_in
    FROM given
    LEFT JOIN asked ON asked.event_id = given.issue_event_ids
    LEFT JOIN vouched ON vouched.subject = given.subject
)
SELECT
    told.provider,
    told.pool,
    told.signed_in,
    coalesce(role_name(told.principal), told.principal) AS role,
    coalesce(own_account.name || ' (' || told.account_id || ')', told.account_id) AS account,
    count(DISTINCT told.subject) AS identities,
    count(*) AS sessions,
    count(*) FILTER (WHERE told.calls = 0) AS unused,
    sum(told.calls) AS calls,
    sum(told.failed_calls) AS failed_calls,
    min(told.created_at) AS first_at,
    max(told.created_at) AS last_at
FROM told
LEFT JOIN own_account ON own_account.account_id = told.account_id
GROUP BY told.provider, told.pool, told.signed_in, told.principal, told.account_id, own_account.name
ORDER BY
    CASE told.signed_in WHEN 'no' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
    sessions DESC,
    told.provider,
    told.pool NULLS LAST,
    told.principal NULLS LAST,
    told.account_id NULLS LAST
