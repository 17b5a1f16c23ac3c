-- One row per target that can still be met: how long is left, on its clock and until it runs out.
-- `remaining_minutes` count opening hours where the target does, `minutes_to_breach` every minute. Of a target due
-- when the desk opens next nothing remains, though it is not breached before.
SELECT
  s.ticket_id,
  s.measure,
  s.source,
  s.custom,
  s.channel,
  s.priority,
  s.team,
  s.reason,
  s.workflow,
  s.arrived_at,
  s.begun_at,
  s.due_at,
  s.target_minutes,
  s.clock,
  date_diff('microsecond', s.data_until, s.due_at) / 6e7 AS minutes_to_breach,
  CASE
    WHEN s.is_business
      THEN
        s.due_open_us
        - coalesce(i.open_before_us + least(date_diff('microsecond', i.opens_at, s.data_until), i.open_us), 0)
    ELSE date_diff('microsecond', s.data_until, s.due_at)
  END / 6e7 AS remaining_minutes
FROM service_levels AS s
ASOF LEFT JOIN open_intervals AS i ON i.schedule = s.schedule AND i.opens_at <= s.data_until
WHERE s.status = 'pending' AND s.due_at IS NOT NULL
