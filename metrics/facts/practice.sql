-- One row per agent and step of a workflow, in any version, whose first visit is in the data.
-- That is so for agents who came, and steps that began, at least the settling days after the data; how often the
-- others had been there before nobody knows. `visit_6_at`: when the agent's sixth visit to the step began.
WITH arrivals AS (
  SELECT agent_id, workflow, step, min(entered_at) AS arrived_at
  FROM visits
  WHERE agent_id IS NOT NULL
  GROUP BY agent_id, workflow, step
),

beginnings AS (
  SELECT
    agent_id,
    workflow,
    step,
    min(arrived_at) OVER () AS data_begins_at,
    min(arrived_at) OVER (PARTITION BY agent_id) AS agent_begins_at,
    min(arrived_at) OVER (PARTITION BY workflow, step) AS step_begins_at
  FROM arrivals
),

known AS (
  SELECT b.agent_id, b.workflow, b.step
  FROM beginnings AS b
  CROSS JOIN thresholds
  WHERE
    date_diff('microsecond', b.data_begins_at, greatest(b.agent_begins_at, b.step_begins_at))
    >= thresholds.settling_days * 8.64e10
),

firsts AS (
  SELECT v.agent_id, v.workflow, v.step, min(v.entered_at, 51) AS entered_at
  FROM visits AS v
  JOIN known AS k ON k.agent_id = v.agent_id AND k.workflow = v.workflow AND k.step = v.step
  GROUP BY v.agent_id, v.workflow, v.step
)

SELECT
  agent_id,
  workflow,
  step,
  entered_at[6] AS visit_6_at,
  entered_at[11] AS visit_11_at,
  entered_at[21] AS visit_21_at,
  entered_at[51] AS visit_51_at
FROM firsts
