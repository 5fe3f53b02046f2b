/* One row per account of the own organisation: those that rolecall.toml names, and those that deliver logs. */
SELECT own_account.account_id
FROM own_account
UNION
SELECT object.account
FROM object
WHERE object.account IS NOT NULL
