-- One row per event of an issue, one customer's concern of one reason: a ticket brought it up, or was solved.
-- Openings by an agent bring nothing up. A ticket's own solve is never before its opening, so that "strictly after
-- a solve" and "strictly before an opening" leave a ticket's own solves and opening out.
WITH moments AS (
  SELECT ticket_id, customer_id, reason, opened_at AS moment, false AS is_solve
  FROM reportable_tickets
  WHERE opened_at IS NOT NULL AND NOT is_opened_by_agent
  UNION ALL
  SELECT ticket_id, customer_id, reason, solved_at AS moment, true AS is_solve
  FROM (SELECT ticket_id, customer_id, reason, opened_at, unnest(solves) AS solved_at FROM reportable_tickets)
  WHERE opened_at IS NULL OR solved_at >= opened_at
)

SELECT ticket_id, customer_id, reason, moment, is_solve
FROM moments
WHERE customer_id IS NOT NULL AND reason IS NOT NULL
