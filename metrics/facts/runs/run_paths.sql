-- One row per run that counts and has ended: the steps it went through, in order.
-- `run_us`: from the first step's entering to the end of the last. Workflow, version and team are those of the first
-- visit: where it has no team, the run has none.
SELECT
  ticket_id,
  run_id,
  arg_min(workflow, visit_number) AS workflow,
  arg_min(version, visit_number) AS version,
  arg_min_null(team, visit_number) AS team,
  any_value(source) AS source,
  any_value(custom) AS custom,
  any_value(channel) AS channel,
  any_value(reason) AS reason,
  any_value(priority) AS priority,
  min(arrived_at) AS arrived_at,
  min(entered_at) AS entered_at,
  list(step ORDER BY visit_number) AS path,
  arg_min(step, visit_number) AS first_step,
  arg_max(step, visit_number) AS last_step,
  date_diff('microsecond', min(entered_at), max(left_at)) AS run_us
FROM reportable_visits
GROUP BY ticket_id, run_id
HAVING bool_or(is_last)
