-- One row per ticket of a run that goes over several tickets: which ticket the run belongs to, and which turn this one is.
-- It belongs to the first in which it had a turn, of those not merged away or discarded if there is one. Tickets that
-- have one run id share a run where `run_rules` says so; where it says nothing, if they are at most three, name no two
-- customers, and no turn begins before the one before it is over.
WITH several AS (
  SELECT run_id
  FROM run_tickets
  GROUP BY run_id
  HAVING count(*) > 1
),

turns AS (
  SELECT
    t.*,
    count(*) OVER run AS tickets,
    min(t.first_customer) OVER run <> max(t.last_customer) OVER run AS is_of_several_customers,
    t.started_at < lag(t.last_event_at) OVER (
      PARTITION BY t.run_id ORDER BY t.started_at, t.last_event_at, t.ticket_id
    ) AS is_too_early
  FROM run_tickets AS t
  SEMI JOIN several AS s ON s.run_id = t.run_id
  WINDOW run AS (PARTITION BY t.run_id)
),

shared_runs AS (
  SELECT
    run_id,
    max(tickets) <= 3
    AND NOT coalesce(bool_or(is_of_several_customers), false)
    AND NOT coalesce(bool_or(is_too_early), false) AS is_one
  FROM turns
  GROUP BY run_id
)

SELECT
  t.ticket_id,
  t.run_id,
  first_value(t.ticket_id) OVER (
    PARTITION BY t.run_id ORDER BY t.is_left_out, t.started_at, t.last_event_at, t.ticket_id
  ) AS home_ticket_id,
  row_number() OVER (PARTITION BY t.run_id ORDER BY t.started_at, t.last_event_at, t.ticket_id) AS turn
FROM turns AS t
JOIN shared_runs AS a ON a.run_id = t.run_id
CROSS JOIN (SELECT max(unique_within) AS unique_within FROM run_rules) AS r
WHERE coalesce(r.unique_within = 'source', a.is_one AND r.unique_within IS NULL)
