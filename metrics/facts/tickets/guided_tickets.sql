-- One row per ticket that counts and has a finished run of a workflow that guides agents.
-- `is_clicked_through`: every such run of it was clicked through, or began after the solve.
WITH finished AS (
  SELECT ticket_id, bool_and(is_rushed) AS is_clicked_through
  FROM ended_runs
  WHERE is_rushed IS NOT NULL
  GROUP BY ticket_id
)

SELECT t.*, f.is_clicked_through
FROM reportable_tickets AS t
JOIN finished AS f ON f.ticket_id = t.ticket_id
