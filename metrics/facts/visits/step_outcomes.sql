-- One row per ticket and step version it visited: was a visit confused, and how did the ticket end?
-- Agent, team and practice are those of the first visit, whatever is known of later ones; `practice` is the lower end of a band,
-- `unknown` where that is not known. What is not recorded of an outcome is null: a ticket that was never solved was not,
-- and cannot be, reopened, nor is it known where the source records no reopenings. Visits after the first solve do not count: a ticket is worked on again because it was reopened,
-- and with more visits one of them is more often confused.
WITH visits_before_solve AS (
  SELECT
    v.ticket_id,
    v.workflow,
    v.version,
    v.step,
    any_value(v.title) AS title,
    any_value(v.kind) AS kind,
    any_value(v.source) AS source,
    any_value(v.custom) AS custom,
    any_value(v.channel) AS channel,
    any_value(v.reason) AS reason,
    any_value(v.priority) AS priority,
    any_value(v.arrived_at) AS arrived_at,
    arg_min_null(v.agent_id, (v.entered_at, v.entered_seq, v.run_id, v.visit_number)) AS agent_id,
    arg_min_null(v.team, (v.entered_at, v.entered_seq, v.run_id, v.visit_number)) AS team,
    min(v.entered_at) AS entered_at,
    bool_or(v.is_confused) AS is_confused,
    coalesce(CAST(arg_min_null(v.practice, (v.entered_at, v.entered_seq, v.run_id, v.visit_number)) AS VARCHAR), 'unknown') AS practice
  FROM visits_with_experience AS v
  JOIN reportable_tickets AS r ON r.ticket_id = v.ticket_id
  WHERE r.first_solved_at IS NULL OR (v.entered_at, v.entered_seq) < (r.first_solved_at, r.first_solved_seq)
  GROUP BY v.ticket_id, v.workflow, v.version, v.step
)

SELECT
  s.*,
  t.customer_id,
  CASE WHEN t.is_ever_solved AND t.is_reopening_recorded THEN t.is_reopened END AS is_reopened,
  NOT t.is_satisfied AS is_rated_low,
  CASE WHEN t.is_escalation_recorded THEN t.escalations > 0 END AS is_escalated,
  t.resolution_minutes
FROM visits_before_solve AS s
JOIN reportable_tickets AS t ON t.ticket_id = s.ticket_id
