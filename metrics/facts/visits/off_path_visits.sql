-- One row per visit that counts and left the way its definition allows.
-- `breach`: `unlisted next step`, `unlisted escalation` or `required step skipped`, the first that holds. Going back is
-- allowed everywhere.
SELECT
  v.*,
  CASE
    WHEN v.next_step IS NOT NULL AND NOT v.is_left_by_going_back AND NOT list_contains(r.next, v.next_step)
      THEN 'unlisted next step'
    WHEN v.escalations > 0 AND NOT r.allows_escalation THEN 'unlisted escalation'
    ELSE 'required step skipped'
  END AS breach
FROM classified_visits AS v
JOIN step_rules AS r ON r.workflow = v.workflow AND r.version = v.version AND r.step = v.step
WHERE v.breaks_definition
