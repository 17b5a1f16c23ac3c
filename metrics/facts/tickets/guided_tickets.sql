-- One row per ticket that counts and has a visit of which it is known whether it confused.
-- `entered_at`: when the first of them began. `is_confused`: one of them did. `is_clicked_through`: every finished run of
-- it in a workflow that guides agents was clicked through, or began after the solve; null without one.
WITH of_visits AS (
  SELECT ticket_id, min(entered_at) AS entered_at, bool_or(is_confused) AS is_confused
  FROM classified_visits
  WHERE is_confused IS NOT NULL
  GROUP BY ticket_id
),

finished AS (
  SELECT ticket_id, bool_and(is_rushed) AS is_clicked_through
  FROM ended_runs
  WHERE is_rushed IS NOT NULL
  GROUP BY ticket_id
)

SELECT t.*, v.entered_at, v.is_confused, f.is_clicked_through
FROM reportable_tickets AS t
JOIN of_visits AS v ON v.ticket_id = t.ticket_id
LEFT JOIN finished AS f ON f.ticket_id = t.ticket_id
