/*
+++
title = "Which roles were taken late in the day?"
topic = "temporary access"

[param.from_hour]
type    = "integer"
default = 22
about   = "the hour (UTC) from which it is late"

[column.role]
about = "The role, or whatever else the session is of."

[column.sessions]
about = "How many sessions of it began late."
+++

One row for each role that somebody took late in the day. Rewrite this story, the query and the cases: what
does the answer say, what should be done about it, and what can it not see?
*/
SELECT
    session.principal AS role,
    count(*) AS sessions
FROM session
WHERE session.created_at >= $from
  AND session.created_at < $until
  AND date_part('hour', session.created_at) >= $from_hour
GROUP BY session.principal
ORDER BY sessions DESC, role
