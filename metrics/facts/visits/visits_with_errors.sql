-- One row per visit that counts, with its agent's experience and the three errors that are known of it.
-- `had_input_rejected`: one refusal is enough. `skipped_required`: a step that its definition requires was skipped; null
-- without a definition.
SELECT
  v.*,
  v.inputs_rejected > 0 AS had_input_rejected,
  CASE WHEN r.step IS NOT NULL THEN r.is_required AND v.skips > 0 END AS skipped_required
FROM visits_with_experience AS v
LEFT JOIN step_rules AS r ON r.workflow = v.workflow AND r.version = v.version AND r.step = v.step
