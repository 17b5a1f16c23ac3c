-- One row per visit that counts, classified, with how experienced its agent was at the step.
-- `practice`: the agent's earlier visits to that step in any version; `experience_weeks`: whole weeks since the first
-- of them. Both as the lower end of a band: 0, 5, 10, 20, 50 and 0, 1, 2, 3, 4, 6, 8, 12. Null for agents and steps that
-- were there when the data began, and without agent.
SELECT
  v.*,
  CASE
    WHEN p.agent_id IS NULL THEN NULL
    WHEN p.visit_51_at <= v.entered_at THEN 50
    WHEN p.visit_21_at <= v.entered_at THEN 20
    WHEN p.visit_11_at <= v.entered_at THEN 10
    WHEN p.visit_6_at <= v.entered_at THEN 5
    ELSE 0
  END AS practice,
  CASE
    WHEN p.agent_id IS NULL THEN NULL
    WHEN date_diff('microsecond', p.visit_1_at, v.entered_at) >= 12 * 6.048e11 THEN 12
    WHEN date_diff('microsecond', p.visit_1_at, v.entered_at) >= 8 * 6.048e11 THEN 8
    WHEN date_diff('microsecond', p.visit_1_at, v.entered_at) >= 6 * 6.048e11 THEN 6
    WHEN date_diff('microsecond', p.visit_1_at, v.entered_at) >= 4 * 6.048e11 THEN 4
    WHEN date_diff('microsecond', p.visit_1_at, v.entered_at) >= 3 * 6.048e11 THEN 3
    WHEN date_diff('microsecond', p.visit_1_at, v.entered_at) >= 2 * 6.048e11 THEN 2
    WHEN date_diff('microsecond', p.visit_1_at, v.entered_at) >= 6.048e11 THEN 1
    ELSE 0
  END AS experience_weeks
FROM classified_visits AS v
LEFT JOIN practice AS p ON p.agent_id = v.agent_id AND p.workflow = v.workflow AND p.step = v.step
