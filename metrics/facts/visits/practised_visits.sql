-- One row per visit that counts, judged, whose agent's practice at the step is known.
-- `practice`: earlier visits of the agent to that step in any version, as the lower end of a band: 0, 5, 10, 20, 50.
SELECT
  v.*,
  CASE
    WHEN p.visit_51_at <= v.entered_at THEN 50
    WHEN p.visit_21_at <= v.entered_at THEN 20
    WHEN p.visit_11_at <= v.entered_at THEN 10
    WHEN p.visit_6_at <= v.entered_at THEN 5
    ELSE 0
  END AS practice
FROM judged_visits AS v
JOIN practice AS p ON p.agent_id = v.agent_id AND p.workflow = v.workflow AND p.step = v.step
