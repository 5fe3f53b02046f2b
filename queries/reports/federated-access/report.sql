/*
+++
title = "Who comes in through SAML, OpenID Connect and Identity Center, and how far?"
topic = "federated access"

[column.provider]
about = "The name of the identity provider; `Identity Center` for its people."

[column.subject]
about = "Whom the provider vouched for, in the words of the lineage."

[column.roles]
about = "The roles that were taken with the provider's word."

[column.accounts]
about = "The accounts that were reached, by chains too."

[column.sessions]
about = "Sessions taken with the provider's word."

[column.chained]
about = "Sessions that were opened with these."

[column.longest_hours]
about = "The longest lifetime granted."

[column.calls]
about = "The calls of all these sessions."
+++

One row for each person or program whom an identity provider vouched for: people of SAML providers and of
Identity Center, and the workloads of OpenID Connect providers, such as build pipelines and the service
accounts of clusters. The same person is one row, whichever accounts she enters.

Compare `roles` with what the subject is for. A build pipeline that takes an administrator's role, a subject
that ends in `*` or names no branch, a person with roles in every account are the rows to ask about.
`chained` sessions went on from role to role; `accounts` shows where they ended. Whoever left the company
should have no `last_at` after that day.

People of Identity Center are named as it names them to the accounts, mostly by e-mail address. Subjects of
one repository are one row where the lineage counts them as one. Users of applications, who come by Cognito or
by the sign-in of a social network, are in `mobile-and-web-identities`. What a provider refused never reaches
CloudTrail.
*/
WITH told AS (
    SELECT
        session.root_kind,
        session.root_principal,
        session.depth,
        session.created_at,
        session.granted_seconds,
        session.calls,
        CASE
            WHEN session.root_kind = 'identity center' THEN 'Identity Center'
            WHEN session.identity_provider LIKE '%-provider/%'
                THEN split_part(session.identity_provider, '-provider/', 2)
            ELSE session.identity_provider
        END AS provider,
        CASE
            WHEN session.depth > 0 THEN NULL
            ELSE coalesce(role_name(session.principal), session.principal)
        END AS role,
        coalesce(own_account.name || ' (' || session.account_id || ')', session.account_id) AS account
    FROM session
    LEFT JOIN own_account ON own_account.account_id = session.account_id
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND (
          session.root_kind IN ('saml', 'identity center')
          OR (session.root_kind = 'web identity' AND session.root_principal LIKE 'arn:%')
      )
)
SELECT
    told.root_kind,
    nullif(array_to_string(array_sort(array_agg(DISTINCT told.provider)), ', '), '') AS provider,
    substr(told.root_principal, strpos(told.root_principal, ' ') + 1) AS subject,
    nullif(array_to_string(array_sort(array_agg(DISTINCT told.role)), ', '), '') AS roles,
    nullif(array_to_string(array_sort(array_agg(DISTINCT told.account)), ', '), '') AS accounts,
    count(*) FILTER (WHERE told.depth = 0) AS sessions,
    count(*) FILTER (WHERE told.depth > 0) AS chained,
    round(CAST(max(told.granted_seconds) AS DOUBLE) / 3600, 2) AS longest_hours,
    sum(told.calls) AS calls,
    min(told.created_at) AS first_at,
    max(told.created_at) AS last_at
FROM told
GROUP BY told.root_kind, told.root_principal
ORDER BY told.root_kind, provider NULLS LAST, subject, told.root_principal
