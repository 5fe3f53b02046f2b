/*
+++
title       = "One credential is used in two far places at once"
severity    = "high"
confidence  = "medium"
family      = "leaked key"
covers      = ["LK-2"]
attack      = ["T1078.004", "T1552"]
fingerprint = ["credential"]
baseline    = "7 days"
references  = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"]

[param.within]
type    = "interval"
default = "30 minutes"
about   = "how close in time two uses are at once"

[param.history]
type    = "interval"
default = "30 days"
about   = "how far back a network counts as one that the principal uses"

[column.credential]
about = "The access key that was used."

[column.one_network]
about = "One of the two networks."

[column.other_network]
about = "The other."
+++

The same access key signed calls from two networks that are far apart, within minutes, and its principal
has not used both of them before.

## Why it matters

A key is in one place unless it has been copied. Its owner goes on working while somebody else looks
around with it: that overlap is the clearest sign of a leak that a trail can show, and it shows it in
minutes.

## When it is harmless

A person who leaves a VPN, changes to a phone or travels; a workload behind several NAT gateways. Both
networks then belong to the principal: a pair of which both are known from the days before is left out.
So are AWS services that act for the caller, console sessions, private addresses, and the IPv4 and IPv6
addresses of one machine.

## What it cannot see

How far apart two networks really are: without a database of networks, "far" means that the first 16
bits of an IPv4 address, or the first 32 of an IPv6 address, differ. A thief who works only while the
owner sleeps, or from a network that the owner uses.
*/
WITH used AS (
    SELECT
        usage.access_key_id,
        usage.source_ip_address,
        usage.hour,
        min(usage.principal) AS principal,
        min(usage.principal_arn) AS principal_arn,
        min(usage.recipient_account_id) AS account_id,
        min(usage.first_at) AS first_at,
        max(usage.last_at) AS last_at,
        sum(usage.calls) AS calls
    FROM usage
    WHERE usage.hour >= $from - INTERVAL '1 hour'
      AND usage.hour < $until
      AND usage.invoked_by IS NULL
      AND NOT usage.session_from_console
      AND is_address(usage.source_ip_address)
      AND NOT is_private_address(usage.source_ip_address)
    GROUP BY usage.access_key_id, usage.source_ip_address, usage.hour
),
pair AS (
    SELECT
        one.access_key_id AS credential,
        one.principal,
        one.principal_arn,
        one.account_id AS one_account,
        other.account_id AS other_account,
        network_of(one.source_ip_address) AS one_network,
        network_of(other.source_ip_address) AS other_network,
        least(one.first_at, other.first_at) AS first_at,
        greatest(one.last_at, other.last_at) AS last_at,
        one.calls + other.calls AS calls
    FROM used AS one
    JOIN used AS other
      ON other.access_key_id = one.access_key_id
     AND other.source_ip_address > one.source_ip_address
     AND network_of(other.source_ip_address, 16, 32) <> network_of(one.source_ip_address, 16, 32)
     AND (other.source_ip_address LIKE '%:%') = (one.source_ip_address LIKE '%:%')
     AND one.first_at <= other.last_at + $within
     AND other.first_at <= one.last_at + $within
    WHERE greatest(one.last_at, other.last_at) >= $from
),
home AS (
    SELECT DISTINCT
        footprint.principal,
        footprint.network
    FROM footprint
    WHERE footprint.first_at >= $from - $history
      AND footprint.first_at < $from
),
strange AS (
    SELECT
        pair.*,
        row_number() OVER (
            PARTITION BY pair.credential
            ORDER BY pair.first_at, pair.one_network, pair.other_network
        ) AS place,
        sum(pair.calls) OVER (PARTITION BY pair.credential) AS all_calls,
        max(pair.last_at) OVER (PARTITION BY pair.credential) AS all_until
    FROM pair
    LEFT JOIN home AS one_home
      ON one_home.principal = pair.principal
     AND one_home.network = pair.one_network
    LEFT JOIN home AS other_home
      ON other_home.principal = pair.principal
     AND other_home.network = pair.other_network
    WHERE one_home.network IS NULL OR other_home.network IS NULL
),
held AS (
    SELECT
        session.issued_key,
        min(session.root_principal) AS root_principal,
        min(session.path) AS path
    FROM session
    WHERE session.created_at >= $from - INTERVAL '2 days' -- prunes
      AND session.created_at < $until -- prunes
    GROUP BY session.issued_key
)
SELECT
    coalesce(strange.principal_arn, strange.principal) AS subject,
    strange.first_at,
    strange.all_until AS last_at,
    coalesce(held.root_principal, strange.principal) AS root,
    held.path,
    CASE
        WHEN strange.one_account = strange.other_account THEN strange.one_account
        ELSE strange.one_account || ' ' || strange.other_account
    END AS accounts,
    strange.one_network || ' ' || strange.other_network AS networks,
    strange.all_calls AS count,
    'SELECT hour, source_ip_address, user_agent, event_source, event_name, error_code, calls FROM usage WHERE access_key_id = '''
        || replace(strange.credential, '''', '''''') || ''' ORDER BY hour' AS more,
    strange.credential,
    strange.one_network AS one_network,
    strange.other_network
FROM strange
LEFT JOIN held ON held.issued_key = strange.credential
WHERE strange.place = 1
ORDER BY strange.first_at, strange.credential
