-- One row per run without an end: the instant from which it counts as silent.
-- That is the abandonment hours after its last event: hours in which its ticket's desk is open, where opening hours are
-- set, else hours of the clock. Null where the desk never opens for so long.
WITH schedules_set AS (
  SELECT DISTINCT schedule
  FROM schedule_rules
  WHERE NOT is_default
),

waiting AS (
  SELECT
    r.ticket_id,
    r.run_id,
    r.last_event_at,
    s.schedule,
    CAST(h.abandoned_after_hours * 3.6e9 AS BIGINT) AS silence_us
  FROM runs AS r
  LEFT JOIN business_times AS b ON b.ticket_id = r.ticket_id
  LEFT JOIN schedules_set AS s ON s.schedule = b.schedule
  CROSS JOIN thresholds AS h
  WHERE r.ended_at IS NULL
),

counted AS (
  SELECT
    w.*,
    w.silence_us
    + coalesce(i.open_before_us + least(date_diff('microsecond', i.opens_at, w.last_event_at), i.open_us), 0)
      AS silent_open_us
  FROM waiting AS w
  ASOF LEFT JOIN open_intervals AS i ON i.schedule = w.schedule AND i.opens_at <= w.last_event_at
)

SELECT
  c.ticket_id,
  c.run_id,
  CASE
    WHEN c.schedule IS NULL THEN c.last_event_at + to_microseconds(c.silence_us)
    WHEN c.silent_open_us - i.open_before_us <= i.open_us
      THEN i.opens_at + to_microseconds(c.silent_open_us - i.open_before_us)
  END AS silent_at
FROM counted AS c
ASOF LEFT JOIN open_intervals AS i ON i.schedule = c.schedule AND i.open_before_us < c.silent_open_us
