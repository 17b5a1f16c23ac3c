-- One row per visit that counts at a defined step, with what its definition says of how it was left.
-- `breach`: `unlisted next step`, `unlisted escalation` or `required step skipped`, the first that holds; null for an
-- allowed way. Going back is allowed everywhere.
SELECT
  v.*,
  CASE
    WHEN v.next_step IS NOT NULL AND NOT v.is_left_by_going_back AND NOT list_contains(r.next, v.next_step)
      THEN 'unlisted next step'
    WHEN v.escalations > 0 AND NOT r.allows_escalation THEN 'unlisted escalation'
    WHEN v.skips > 0 AND r.is_required THEN 'required step skipped'
  END AS breach
FROM judged_visits AS v
JOIN step_rules AS r ON r.workflow = v.workflow AND r.version = v.version AND r.step = v.step
