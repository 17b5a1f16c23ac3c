-- One row per visit that counts, judged, with the practice of its agent at the step where it is known.
-- `practice`: as in practised_visits; null for agents and steps that were there when the data began, or without agent.
SELECT
  v.*,
  CASE
    WHEN p.agent_id IS NULL THEN NULL
    WHEN p.visit_51_at <= v.entered_at THEN 50
    WHEN p.visit_21_at <= v.entered_at THEN 20
    WHEN p.visit_11_at <= v.entered_at THEN 10
    WHEN p.visit_6_at <= v.entered_at THEN 5
    ELSE 0
  END AS practice
FROM judged_visits AS v
LEFT JOIN practice AS p ON p.agent_id = v.agent_id AND p.workflow = v.workflow AND p.step = v.step
