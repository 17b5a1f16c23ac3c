-- One row per candidate of a ticket's target and piece of time in which its clock runs: where it starts and ends on it.
-- `start_us` and `end_us`: how long the desk had been open by then, or the time since 1970 where every hour counts, in
-- microseconds. A target without pauses runs in one piece. `ended_at` is null while the piece lasts.
WITH pieces AS (
  SELECT c.*, c.begun_at AS started_at, NULL::timestamptz AS ended_at
  FROM target_candidates AS c
  WHERE c.target_us IS NOT NULL AND NOT (c.pauses_for_customer OR c.pauses_on_hold)
  UNION ALL
  SELECT c.*, greatest(t.began_at, c.begun_at) AS started_at, t.ended_at
  FROM target_candidates AS c
  JOIN turns AS t ON t.ticket_id = c.ticket_id AND (t.ended_at IS NULL OR t.ended_at > c.begun_at)
  WHERE
    (c.pauses_for_customer OR c.pauses_on_hold)
    AND NOT (c.pauses_for_customer AND NOT coalesce(t.is_customer_waiting, true))
    AND NOT (c.pauses_on_hold AND t.is_held)
)

SELECT
  p.ticket_id,
  p.measure,
  p.since,
  p.schedule,
  p.is_business,
  p.target_us,
  p.started_at,
  p.ended_at,
  CASE
    WHEN NOT p.is_business THEN epoch_us(p.started_at)
    ELSE coalesce(i1.open_before_us + least(date_diff('microsecond', i1.opens_at, p.started_at), i1.open_us), 0)
  END AS start_us,
  CASE
    WHEN p.ended_at IS NULL THEN NULL
    WHEN NOT p.is_business THEN epoch_us(p.ended_at)
    ELSE coalesce(i2.open_before_us + least(date_diff('microsecond', i2.opens_at, p.ended_at), i2.open_us), 0)
  END AS end_us
FROM pieces AS p
ASOF LEFT JOIN open_intervals AS i1 ON i1.schedule = p.schedule AND i1.opens_at <= p.started_at
ASOF LEFT JOIN open_intervals AS i2 ON i2.schedule = p.schedule AND i2.opens_at <= p.ended_at
