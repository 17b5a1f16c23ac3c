-- One row per ticket that counts: the wait for its resolution in opening hours, and whether it came.
SELECT
  a.*,
  (
    coalesce(i.open_before_us + least(date_diff('microsecond', i.opens_at, a.waited_until), i.open_us), 0)
    - a.begun_open_us
  ) / 6e7 AS waited_business_minutes
FROM (
  SELECT
    r.*,
    b.schedule,
    b.begun_open_us,
    CASE WHEN r.is_over THEN r.last_solved_at ELSE coalesce(r.given_up_at, r.data_until) END AS waited_until
  FROM resolution_waits AS r
  JOIN business_times AS b ON b.ticket_id = r.ticket_id
) AS a
ASOF LEFT JOIN open_intervals AS i ON i.schedule = a.schedule AND i.opens_at <= a.waited_until
