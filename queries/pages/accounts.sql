/* One row per account that is known: the own ones, and partners. */
SELECT
    met.account_id,
    max(account_name.name) AS name,
    min(met.whose) AS whose
FROM (
    SELECT organization_account.account_id, 'own' AS whose
    FROM organization_account
    UNION ALL
    SELECT partner.account_id, 'partner' AS whose
    FROM partner
) AS met
LEFT JOIN account_name ON account_name.account_id = met.account_id
GROUP BY met.account_id
ORDER BY met.account_id
