/*
+++
title = "Which accounts outside the organisation come in, and with which external ids?"
topic = "cross-account access"

[column.third_party]
about = "The account outside the organisation, with the name that `rolecall.toml` gives it."

[column.is_known]
about = "Whether `rolecall.toml` names the account as a partner."

[column.roles]
about = "The roles that its principals took, each with its account."

[column.sessions]
about = "How many sessions they took."

[column.without_external_id]
about = "How many of them came without an external id."

[column.expected_ids]
about = "The external ids that `rolecall.toml` expects of it."

[column.seen_ids]
about = "The external ids that it gave."

[column.strange_ids]
about = "Those of the external ids it gave that are not expected."

[column.missing_ids]
about = "Those of the expected external ids that it never gave."

[column.longest_hours]
about = "The longest lifetime granted."
+++

One row for each account outside the organisation that took a role inside, and for each partner of
`rolecall.toml`, whether it came or not. Those that nobody knows come first, then by the last visit.

An account that is not known is the question of this report: who let it in, and does it still have to? For
partners, `without_external_id` should be 0 unless the partner gives none, because a role that does not
insist on the external id lets the partner's other customers in. `strange_ids` are typos, ids of somebody
else's installation, or somebody who guesses. `missing_ids` and partners without sessions are contracts that
have ended, or doors that may be closed.

Inside is every account of `rolecall.toml`, and every account that delivers logs. Roles that own principals
take in the accounts of others are not told here. Visits to accounts whose trail is not collected cannot be
seen, and refused ones are recorded where the visitor lives.
*/
WITH visit AS (
    SELECT
        session.caller_account_id AS account_id,
        session.external_id,
        coalesce(role_name(session.principal), session.principal)
            || ' in ' || coalesce(own_account.name, session.account_id) AS role,
        session.granted_seconds,
        session.created_at
    FROM session
    JOIN organization_account AS entered ON entered.account_id = session.account_id
    LEFT JOIN organization_account AS home ON home.account_id = session.caller_account_id
    LEFT JOIN own_account ON own_account.account_id = session.account_id
    WHERE session.created_at >= $from
      AND session.created_at < $until
      AND session.date >= CAST($from AS DATE) -- prunes
      AND session.issued_by IS NOT NULL
      AND session.caller_account_id IS NOT NULL
      AND home.account_id IS NULL
),
visitor AS (
    SELECT
        visit.account_id,
        count(*) AS sessions,
        count(*) FILTER (WHERE visit.external_id IS NULL) AS without_external_id,
        string_agg(DISTINCT visit.role, ', ' ORDER BY visit.role) AS roles,
        max(visit.granted_seconds) AS longest_seconds,
        min(visit.created_at) AS first_at,
        max(visit.created_at) AS last_at
    FROM visit
    GROUP BY visit.account_id
),
said AS (
    SELECT DISTINCT
        visit.account_id,
        visit.external_id
    FROM visit
),
given_id AS (
    SELECT
        said.account_id,
        string_agg(said.external_id, ' ' ORDER BY said.external_id) AS seen_ids,
        string_agg(CASE WHEN partner.account_id IS NULL THEN said.external_id END, ' ' ORDER BY said.external_id)
            AS strange_ids
    FROM said
    LEFT JOIN partner
      ON partner.account_id = said.account_id
     AND partner.external_id = said.external_id
    GROUP BY said.account_id
),
known_partner AS (
    SELECT
        partner.account_id,
        max(partner.name) AS name,
        string_agg(partner.external_id, ' ' ORDER BY partner.external_id) AS expected_ids,
        string_agg(CASE WHEN said.account_id IS NULL THEN partner.external_id END, ' ' ORDER BY partner.external_id)
            AS missing_ids
    FROM partner
    LEFT JOIN said
      ON said.account_id = partner.account_id
     AND said.external_id = partner.external_id
    GROUP BY partner.account_id
),
third_party AS (
    SELECT visitor.account_id
    FROM visitor
    UNION
    SELECT known_partner.account_id
    FROM known_partner
)
SELECT
    coalesce(known_partner.name || ' (' || third_party.account_id || ')', third_party.account_id) AS third_party,
    known_partner.account_id IS NOT NULL AS is_known,
    visitor.roles,
    coalesce(visitor.sessions, 0) AS sessions,
    coalesce(visitor.without_external_id, 0) AS without_external_id,
    known_partner.expected_ids,
    given_id.seen_ids,
    given_id.strange_ids,
    known_partner.missing_ids,
    round(CAST(visitor.longest_seconds AS DOUBLE) / 3600, 2) AS longest_hours,
    visitor.first_at,
    visitor.last_at
FROM third_party
LEFT JOIN visitor ON visitor.account_id = third_party.account_id
LEFT JOIN given_id ON given_id.account_id = third_party.account_id
LEFT JOIN known_partner ON known_partner.account_id = third_party.account_id
ORDER BY is_known, visitor.last_at DESC NULLS LAST, third_party.account_id
