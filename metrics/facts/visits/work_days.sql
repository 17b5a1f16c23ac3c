-- One row per period of work of a known agent and day in UTC, cut at midnight.
SELECT
  ticket_id,
  run_id,
  visit_number,
  agent_id,
  day,
  greatest(begins_at, make_timestamptz(day * 86400000000)) AS begins_at,
  least(ends_at, make_timestamptz((day + 1) * 86400000000)) AS ends_at
FROM (
  SELECT
    ticket_id,
    run_id,
    visit_number,
    agent_id,
    begins_at,
    ends_at,
    unnest(generate_series(epoch_us(begins_at) // 86400000000, (epoch_us(ends_at) - 1) // 86400000000)) AS day
  FROM work_times
  WHERE agent_id IS NOT NULL
)
