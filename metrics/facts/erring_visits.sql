-- One row per visit that counts, with the three errors that are known of it.
-- `had_input_rejected`: one refusal is enough. `skipped_required`: a step that its definition requires was skipped; null
-- without a definition. A skip belongs to the visit to its step in which it fell.
WITH skips AS (
  SELECT DISTINCT v.ticket_id, v.run_id, v.visit_number
  FROM events AS e
  JOIN step_rules AS r ON r.workflow = e.workflow AND r.version = e.version AND r.step = e.step AND r.is_required
  JOIN visits AS v ON
    v.ticket_id = e.ticket_id
    AND v.run_id = e.run_id
    AND v.step = e.step
    AND e.occurred_at BETWEEN v.entered_at AND v.left_at
  WHERE e.kind = 'skipped'
)

SELECT
  v.*,
  v.inputs_rejected > 0 AS had_input_rejected,
  CASE WHEN r.step IS NOT NULL THEN s.visit_number IS NOT NULL END AS skipped_required
FROM judged_visits AS v
LEFT JOIN step_rules AS r ON r.workflow = v.workflow AND r.version = v.version AND r.step = v.step
LEFT JOIN skips AS s ON s.ticket_id = v.ticket_id AND s.run_id = v.run_id AND s.visit_number = v.visit_number
