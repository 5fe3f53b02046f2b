/*
+++
title = "Who came in through an identity provider for the first time?"
topic = "federated access"

[param.recent]
type    = "interval"
default = "30 days"
about   = "how far back from the end of the span the first time counts as new"

[column.provider]
about = "The name of the identity provider; `Identity Center` for its people."

[column.subject]
about = "Whom the provider vouched for, in the words of the lineage."

[column.role]
about = "The role that was taken for the first time."

[column.account]
about = "The account of that role."

[column.is_new]
about = "What is new: the `provider`, the `subject`, or only the `role` for a subject that came before."

[column.is_trusted]
about = "Whether `rolecall.toml` lets all of these subjects take the role."

[column.sessions]
about = "How many sessions were taken since."
+++

One row for each subject of an identity provider and each role that it took for the first time in the last
weeks: people of SAML providers and Identity Center, and the workloads of OpenID Connect providers. New
providers come first, then new subjects, then new roles of known ones; in each, those that nobody vouches
for in `rolecall.toml` before the others.

Use it as the list of an access review: who was let in since the last one? A provider that is new is a
decision that somebody made, and should be able to name. A subject that is not trusted, and took a role that
was meant for others, is what a trust policy without a condition on the subject looks like.

Everybody is new in a young lake: ask about a span that began well before `recent`. Roles of the same name in
several accounts are several rows. Users of applications, who come by Cognito, are new every day, and are in
`mobile-and-web-identities`.
*/
WITH taken AS (
    SELECT
        session.root_kind,
        session.root_principal,
        session.identity_provider,
        session.subject,
        session.principal,
        session.account_id,
        coalesce(
            CASE WHEN session.root_kind = 'identity center' THEN 'Identity Center' END,
            nullif(split_part(session.identity_provider, '-provider/', 2), ''),
            session.identity_provider
        ) AS provider,
        count(*) AS sessions,
        min(session.created_at) AS first_at,
        max(session.created_at) AS last_at
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND session.depth = 0
      AND (
          session.root_kind IN ('saml', 'identity center')
          OR (session.root_kind = 'web identity' AND session.root_principal LIKE 'arn:%')
      )
    GROUP BY
        session.root_kind,
        session.root_principal,
        session.identity_provider,
        session.subject,
        session.principal,
        session.account_id
),
trusted AS (
    SELECT DISTINCT
        taken.identity_provider,
        taken.subject,
        taken.principal
    FROM taken
    JOIN trusted_subject
      ON glob(taken.identity_provider, trusted_subject.provider)
     AND glob(taken.subject, trusted_subject.subject)
     AND glob(taken.principal, trusted_subject.role)
),
judged AS (
    SELECT
        taken.*,
        trusted.principal IS NOT NULL AS is_trusted,
        min(taken.first_at) OVER (PARTITION BY taken.root_kind, taken.provider) AS provider_at,
        min(taken.first_at) OVER (PARTITION BY taken.root_kind, taken.root_principal) AS subject_at
    FROM taken
    LEFT JOIN trusted
      ON trusted.identity_provider = taken.identity_provider
     AND trusted.subject = taken.subject
     AND trusted.principal = taken.principal
),
told AS (
    SELECT
        judged.root_kind,
        judged.root_principal,
        judged.principal,
        judged.account_id,
        min(judged.provider) AS provider,
        bool_and(judged.is_trusted) AS is_trusted,
        sum(judged.sessions) AS sessions,
        min(judged.first_at) AS first_at,
        max(judged.last_at) AS last_at,
        min(judged.provider_at) AS provider_at,
        min(judged.subject_at) AS subject_at
    FROM judged
    GROUP BY judged.root_kind, judged.root_principal, judged.principal, judged.account_id
),
graded AS (
    SELECT
        told.*,
        CASE
            WHEN told.provider_at >= $until - $recent THEN 'provider'
            WHEN told.subject_at >= $until - $recent THEN 'subject'
            ELSE 'role'
        END AS is_new
    FROM told
    WHERE told.first_at >= $until - $recent
)
SELECT
    graded.is_new,
    graded.root_kind,
    graded.provider,
    substr(graded.root_principal, strpos(graded.root_principal, ' ') + 1) AS subject,
    coalesce(role_name(graded.principal), graded.principal) AS role,
    coalesce(own_account.name || ' (' || graded.account_id || ')', graded.account_id) AS account,
    graded.is_trusted,
    graded.sessions,
    graded.first_at,
    graded.last_at
FROM graded
LEFT JOIN own_account ON own_account.account_id = graded.account_id
ORDER BY
    CASE graded.is_new WHEN 'provider' THEN 1 WHEN 'subject' THEN 2 ELSE 3 END,
    graded.is_trusted,
    graded.first_at,
    graded.root_principal,
    graded.principal
