-- One row per ticket: how long it waited, for whom, while it was open.
-- On hold the customer waits, whoever wrote last. Solved or closed, a ticket waits for nobody. Microseconds up to the
-- last event that changes anything; what waits on is not counted.
SELECT
  ticket_id,
  coalesce(sum(until_next_us) FILTER (WHERE is_customer_waiting OR is_held), 0) AS requester_wait_us,
  coalesce(sum(until_next_us) FILTER (WHERE NOT is_customer_waiting AND NOT is_held), 0) AS agent_wait_us,
  coalesce(sum(until_next_us) FILTER (WHERE is_held), 0) AS hold_us,
  count(*) FILTER (WHERE kind = 'held') AS holds
FROM (
  SELECT *, CASE WHEN NOT is_at_rest THEN date_diff('microsecond', began_at, ended_at) END AS until_next_us
  FROM turns
)
GROUP BY ticket_id
