-- One row per visit that counts, judged, whose agent's practice at the step is known, with their time at it.
-- `experience_weeks`: whole weeks since the agent's first visit to that step in any version, as the lower end of a
-- band: 0, 1, 2, 3, 4, 6, 8, 12.
WITH firsts AS (
  SELECT agent_id, workflow, step, min(entered_at) AS first_at
  FROM visits
  WHERE agent_id IS NOT NULL
  GROUP BY agent_id, workflow, step
)

SELECT
  v.*,
  CASE
    WHEN date_diff('microsecond', f.first_at, v.entered_at) >= 12 * 6.048e11 THEN 12
    WHEN date_diff('microsecond', f.first_at, v.entered_at) >= 8 * 6.048e11 THEN 8
    WHEN date_diff('microsecond', f.first_at, v.entered_at) >= 6 * 6.048e11 THEN 6
    WHEN date_diff('microsecond', f.first_at, v.entered_at) >= 4 * 6.048e11 THEN 4
    WHEN date_diff('microsecond', f.first_at, v.entered_at) >= 3 * 6.048e11 THEN 3
    WHEN date_diff('microsecond', f.first_at, v.entered_at) >= 2 * 6.048e11 THEN 2
    WHEN date_diff('microsecond', f.first_at, v.entered_at) >= 6.048e11 THEN 1
    ELSE 0
  END AS experience_weeks
FROM practised_visits AS v
JOIN firsts AS f ON f.agent_id = v.agent_id AND f.workflow = v.workflow AND f.step = v.step
