-- One row per ticket and target that was set for it: until when it is to be answered, or solved.
-- The most specific target holds: by channel and priority, by priority, by channel, for all. `due_at` is the last
-- instant at which the target is still met, on its clock: where opening hours end just then, that is when the desk
-- opens next. It is null where the desk never opens long enough to miss it.
WITH applying AS (
  SELECT
    t.channel,
    t.priority,
    r.measure,
    arg_max(r.target_us, r.precedence) AS target_us,
    arg_max(r.is_business, r.precedence) AS is_business
  FROM (SELECT DISTINCT channel, priority FROM tickets) AS t
  JOIN target_rules AS r
    ON (r.channel IS NULL OR r.channel = t.channel) AND (r.priority IS NULL OR r.priority = t.priority)
  GROUP BY t.channel, t.priority, r.measure
),

begun AS (
  SELECT
    t.ticket_id,
    b.schedule,
    a.measure,
    a.target_us,
    a.is_business,
    CASE a.measure WHEN 'first_response' THEN t.response_clock_starts_at ELSE t.resolution_clock_starts_at END
      AS begun_at,
    CASE a.measure WHEN 'first_response' THEN t.first_response_at ELSE t.last_solved_at END AS met_at,
    CASE WHEN NOT t.is_open THEN coalesce(t.last_solved_at, t.last_event_at) END AS rested_at,
    CASE a.measure WHEN 'first_response' THEN b.asked_open_us ELSE b.begun_open_us END + a.target_us AS due_open_us
  FROM tickets AS t
  JOIN applying AS a ON t.channel IS NOT DISTINCT FROM a.channel AND t.priority IS NOT DISTINCT FROM a.priority
  JOIN business_times AS b ON b.ticket_id = t.ticket_id
)

SELECT
  g.ticket_id,
  g.measure,
  g.schedule,
  g.target_us,
  g.is_business,
  g.begun_at,
  g.met_at,
  g.rested_at,
  g.due_open_us,
  CASE
    WHEN NOT g.is_business THEN g.begun_at + to_microseconds(g.target_us)
    WHEN g.due_open_us - i.open_before_us < i.open_us
      THEN i.opens_at + to_microseconds(g.due_open_us - i.open_before_us)
  END AS due_at
FROM begun AS g
ASOF LEFT JOIN open_intervals AS i ON i.schedule = g.schedule AND i.open_before_us <= g.due_open_us
WHERE g.begun_at IS NOT NULL
