-- One row per ticket: the schedule that holds for it, and its times in opening hours.
-- `…_open_us` is how long its desk had been open by an instant, in microseconds since the first interval; the
-- difference of two is the time in opening hours between them: 0 where the desk was closed throughout, null where an
-- instant is not known.
WITH scheduled AS (
  SELECT
    t.ticket_id,
    a.schedule,
    t.response_clock_starts_at AS asked_at,
    t.first_response_at AS answered_at,
    t.resolution_clock_starts_at AS begun_at,
    t.last_solved_at AS solved_at
  FROM tickets AS t
  JOIN desk_schedules AS a ON t.channel IS NOT DISTINCT FROM a.channel AND t.team IS NOT DISTINCT FROM a.team
),

counted AS (
  SELECT
    s.ticket_id,
    s.schedule,
    CASE
      WHEN s.asked_at IS NOT NULL
        THEN coalesce(i1.open_before_us + least(date_diff('microsecond', i1.opens_at, s.asked_at), i1.open_us), 0)
    END AS asked_open_us,
    CASE
      WHEN s.answered_at IS NOT NULL
        THEN coalesce(i2.open_before_us + least(date_diff('microsecond', i2.opens_at, s.answered_at), i2.open_us), 0)
    END AS answered_open_us,
    CASE
      WHEN s.begun_at IS NOT NULL
        THEN coalesce(i3.open_before_us + least(date_diff('microsecond', i3.opens_at, s.begun_at), i3.open_us), 0)
    END AS begun_open_us,
    CASE
      WHEN s.solved_at IS NOT NULL
        THEN coalesce(i4.open_before_us + least(date_diff('microsecond', i4.opens_at, s.solved_at), i4.open_us), 0)
    END AS solved_open_us
  FROM scheduled AS s
  ASOF LEFT JOIN open_intervals AS i1 ON i1.schedule = s.schedule AND i1.opens_at <= s.asked_at
  ASOF LEFT JOIN open_intervals AS i2 ON i2.schedule = s.schedule AND i2.opens_at <= s.answered_at
  ASOF LEFT JOIN open_intervals AS i3 ON i3.schedule = s.schedule AND i3.opens_at <= s.begun_at
  ASOF LEFT JOIN open_intervals AS i4 ON i4.schedule = s.schedule AND i4.opens_at <= s.solved_at
)

SELECT
  ticket_id,
  schedule,
  asked_open_us,
  begun_open_us,
  (answered_open_us - asked_open_us) / 6e7 AS first_response_business_minutes,
  (solved_open_us - begun_open_us) / 6e7 AS resolution_business_minutes
FROM counted
