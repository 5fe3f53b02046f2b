/*
+++
title = "Which users, root users and federated people got temporary credentials?"
topic = "temporary access"

[column.account]
about = "The account of the user; NULL for people whom an identity provider vouches for."

[column.how]
about = "The API that issued the sessions; `console` or `unseen` if no issuance is in the lake."

[column.chained]
about = "How many of the sessions were opened with another session, and not by the person directly."

[column.with_mfa]
about = "How many of the sessions carry MFA."

[column.accounts]
about = "The accounts in which the sessions act."

[column.longest_hours]
about = "The longest lifetime granted; NULL if no issuance tells."
+++

One row for each person at the start of a lineage and each way in which sessions were issued: long-term
users, root users, and the people of SAML providers and Identity Center. What was opened with a session
of theirs counts as theirs, however many roles lie between, so that a person has a row for every API that
the sessions of the whole lineage came from.

Read it from the left: a user with `long-term key` should have a reason not to come through Identity
Center, and a root user should not be here at all. `GetSessionToken` and `GetFederationToken` live on when
the key is switched off. People of SAML providers and Identity Center never show MFA, because AWS does not
see it. `console` and `unseen` are sessions that only their use shows: sign-ins, `aws login`, and those that
began before the lake did; their length is not known.

Left out are web identities and AWS services, which are mostly programs, callers of whom another account
shows only a number, and sessions whose person cannot be told, because the lake lacks their first step.
*/
WITH got AS (
    SELECT
        session.root_principal,
        session.root_kind,
        session.root_account_id,
        session.created_at,
        session.account_id,
        session.granted_seconds,
        session.mfa,
        session.depth,
        session.calls,
        CASE
            WHEN session.issued_by IS NOT NULL THEN session.issued_by
            WHEN session.from_console THEN 'console'
            ELSE 'unseen'
        END AS how
    FROM session
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND (
          session.root_kind IN ('saml', 'identity center')
          OR glob(session.root_principal, 'arn:*:iam::*:user/*')
          OR glob(session.root_principal, 'arn:*:iam::*:root')
          OR glob(session.root_principal, 'arn:*:sts::*:federated-user/*')
      )
),
counted AS (
    SELECT
        got.root_principal,
        got.root_kind,
        got.root_account_id,
        got.how,
        got.account_id,
        count(*) AS sessions,
        count(*) FILTER (WHERE got.depth > 0) AS chained,
        count(*) FILTER (WHERE got.mfa) AS with_mfa,
        max(got.granted_seconds) AS longest_seconds,
        sum(got.calls) AS calls,
        min(got.created_at) AS first_at,
        max(got.created_at) AS last_at
    FROM got
    GROUP BY got.root_principal, got.root_kind, got.root_account_id, got.how, got.account_id
),
named AS (
    SELECT
        counted.*,
        coalesce(home.name || ' (' || counted.root_account_id || ')', counted.root_account_id) AS account,
        coalesce(entered.name || ' (' || counted.account_id || ')', counted.account_id) AS entered_account
    FROM counted
    LEFT JOIN own_account AS home ON home.account_id = counted.root_account_id
    LEFT JOIN own_account AS entered ON entered.account_id = counted.account_id
)
SELECT
    named.root_principal,
    named.root_kind,
    named.account,
    named.how,
    sum(named.sessions) AS sessions,
    sum(named.chained) AS chained,
    sum(named.with_mfa) AS with_mfa,
    string_agg(DISTINCT named.entered_account, ', ' ORDER BY named.entered_account) AS accounts,
    round(CAST(max(named.longest_seconds) AS DOUBLE) / 3600, 2) AS longest_hours,
    sum(named.calls) AS calls,
    min(named.first_at) AS first_at,
    max(named.last_at) AS last_at
FROM named
GROUP BY named.root_principal, named.root_kind, named.account, named.how
ORDER BY named.root_kind, named.root_principal, named.account NULLS LAST, named.how
