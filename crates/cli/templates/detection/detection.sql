/*
+++
title       = "Say in a sentence what is seen"
severity    = "low"
confidence  = "low"
family      = "long session"
attack      = ["T1078.004"]
fingerprint = ["root", "principal"]
references  = ["https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"]

[param.from_hour]
type    = "integer"
default = 22
about   = "the hour (UTC) from which it is late"
+++

A session was issued late in the day. Rewrite this story, the query and the cases.

## Why it matters

What does it cost if this is true, and nobody looks?

## When it is harmless

What everyday thing looks just like it?

## What it cannot see

What would slip through?
*/
SELECT
    session.principal AS subject,
    min(session.created_at) AS first_at,
    max(session.created_at) AS last_at,
    session.root_principal AS root,
    count(*) AS count,
    session.principal
FROM session
WHERE session.created_at >= $from
  AND session.created_at < $until
  AND date_part('hour', session.created_at) >= $from_hour
GROUP BY session.principal, session.root_principal
ORDER BY first_at, subject
