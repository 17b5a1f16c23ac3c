-- One row per agent and step of a workflow, in any version, whose first visit is in the data.
-- That is so for agents who came, and steps that began, at least the settling days after the data; how often the
-- others had been there before nobody knows. The data of each source begins by itself. `visit_1_at`: when the agent's first visit to the step began, `visit_6_at` the
-- sixth.
WITH agents AS (
  SELECT source, agent_id, min(entered_at) AS begins_at
  FROM visits
  WHERE agent_id IS NOT NULL
  GROUP BY source, agent_id
),

steps AS (
  SELECT source, workflow, step, min(entered_at) AS begins_at
  FROM visits
  WHERE agent_id IS NOT NULL
  GROUP BY source, workflow, step
),

settled AS (
  SELECT a.source, min(a.begins_at) + to_microseconds(CAST(any_value(t.settling_days) * 8.64e10 AS BIGINT)) AS settled_at
  FROM agents AS a
  CROSS JOIN thresholds AS t
  GROUP BY a.source
),

firsts AS (
  SELECT v.agent_id, v.workflow, v.step, min(v.entered_at, 51) AS entered_at
  FROM visits AS v
  JOIN agents AS a ON a.agent_id = v.agent_id AND a.source IS NOT DISTINCT FROM v.source
  JOIN steps AS s ON s.workflow = v.workflow AND s.step = v.step AND s.source IS NOT DISTINCT FROM v.source
  JOIN settled ON settled.source IS NOT DISTINCT FROM v.source
  WHERE greatest(a.begins_at, s.begins_at) >= settled.settled_at
  GROUP BY v.agent_id, v.workflow, v.step
)

SELECT
  agent_id,
  workflow,
  step,
  entered_at[1] AS visit_1_at,
  entered_at[6] AS visit_6_at,
  entered_at[11] AS visit_11_at,
  entered_at[21] AS visit_21_at,
  entered_at[51] AS visit_51_at
FROM firsts
