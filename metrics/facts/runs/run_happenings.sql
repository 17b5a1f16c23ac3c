-- One row per thing that happened in a visit that counts, with what happened just before it in the same visit.
-- `entered` is the first; `seconds_before`: since the thing before.
WITH ordered AS (
  SELECT
    ticket_id,
    run_id,
    visit_number,
    place,
    kind,
    value,
    hits,
    occurred_at,
    lag(kind) OVER visit AS kind_before,
    date_diff('microsecond', lag(occurred_at) OVER visit, occurred_at) / 1e6 AS seconds_before
  FROM run_events
  WHERE visit_number > 0 AND NOT is_after_end
  WINDOW visit AS (PARTITION BY ticket_id, run_id, visit_number ORDER BY place)
)

SELECT
  o.*,
  v.workflow,
  v.version,
  v.step,
  v.title,
  v.kind AS step_type,
  v.team,
  v.agent_id,
  v.source,
  v.custom,
  v.channel,
  v.reason,
  v.priority,
  v.arrived_at,
  v.entered_at,
  v.is_confused
FROM ordered AS o
JOIN classified_visits AS v
  ON v.ticket_id = o.ticket_id AND v.run_id = o.run_id AND v.visit_number = o.visit_number
