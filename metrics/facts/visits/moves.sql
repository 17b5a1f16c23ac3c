-- One row per visit that counts, with the step the run came from and the one it went to.
-- `processing_us`: from entering to the last thing that happened in the visit, less pauses; null where nothing was
-- recorded but the entering. The rest of the visit, pauses and the time until the next step began, is waiting. First and
-- last step are those of the run's visits that count. `again_by`: in a visit that repeats a step of its run, the same
-- agent as the last time there or another; null where either is not recorded.
WITH neighbours AS (
  SELECT
    *,
    lag(step) OVER run AS previous_step,
    lead(agent_id) OVER run AS next_agent_id,
    lead(team) OVER run AS next_team,
    first_value(step) OVER whole_run AS first_step,
    last_value(step) OVER whole_run AS last_step,
    row_number() OVER same_step AS time_here,
    lag(agent_id) OVER same_step AS agent_id_last_time
  FROM classified_visits
  WINDOW
    run AS (PARTITION BY ticket_id, run_id ORDER BY visit_number),
    whole_run AS (
      PARTITION BY ticket_id, run_id ORDER BY visit_number ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ),
    same_step AS (PARTITION BY ticket_id, run_id, step ORDER BY visit_number)
)

SELECT
  n.*,
  CASE
    WHEN n.last_event_at > n.entered_at
      THEN
        greatest(
          date_diff('microsecond', n.entered_at, least(n.last_event_at, n.left_at)) - n.paused_us, 0
        )
  END AS processing_us,
  CASE
    WHEN n.last_event_at > n.entered_at
      THEN
        n.dwell_us
        - greatest(date_diff('microsecond', n.entered_at, least(n.last_event_at, n.left_at)) - n.paused_us, 0)
  END AS waiting_us,
  n.time_here > 1 AS is_again,
  n.previous_step = n.step AS is_again_at_once,
  CASE
    WHEN n.time_here > 1 AND n.agent_id = n.agent_id_last_time THEN 'same agent'
    WHEN n.time_here > 1 AND n.agent_id <> n.agent_id_last_time THEN 'another agent'
  END AS again_by
FROM neighbours AS n
