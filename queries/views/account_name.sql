/* One row per account that has a name: those of the own organisation, and partners. */
SELECT
    account_id,
    min(name) AS name
FROM (
    SELECT own_account.account_id, own_account.name
    FROM own_account
    UNION ALL
    SELECT partner.account_id, partner.name
    FROM partner
) AS named
WHERE name IS NOT NULL
GROUP BY account_id
