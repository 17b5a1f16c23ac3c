-- One row per visit that counts, classified, with its agent's experience and how long an agent was at work in it.
-- `active_us`: its work, less what went to other visits of the same agent. `waiting_us`: the rest of the dwell, when nobody
-- was at work: paused, idle, closed, or the agent elsewhere.
WITH elsewhere AS (
  SELECT ticket_id, run_id, visit_number, CAST(sum(elsewhere_us) AS BIGINT) AS elsewhere_us
  FROM overlaps
  GROUP BY ticket_id, run_id, visit_number
),

active AS (
  SELECT c.*, coalesce(w.work_us, c.dwell_us) - coalesce(o.elsewhere_us, 0) AS active_us
  FROM visits_with_experience AS c
  LEFT JOIN visit_work AS w ON w.ticket_id = c.ticket_id AND w.run_id = c.run_id AND w.visit_number = c.visit_number
  LEFT JOIN elsewhere AS o ON o.ticket_id = c.ticket_id AND o.run_id = c.run_id AND o.visit_number = c.visit_number
)

SELECT *, dwell_us - active_us AS waiting_us
FROM active
