-- One row per ticket, measure and stretch in which it was classified alike while its time ran: the target that held then.
-- The most specific target holds: by channel and priority, by priority, by channel, for all; and so does the schedule, by
-- channel and team. Both are null in a stretch for which none is set. `met_at`: answered, or solved for good. Of what is said at
-- one instant, only what comes before the answer or solve by `seq` counts; without one, the last.
WITH applying AS (
  SELECT
    t.channel,
    t.priority,
    r.measure,
    arg_max(r.target_us, r.precedence) AS target_us,
    arg_max(r.is_business, r.precedence) AS is_business,
    arg_max(r.pauses_for_customer, r.precedence) AS pauses_for_customer,
    arg_max(r.pauses_on_hold, r.precedence) AS pauses_on_hold
  FROM (SELECT DISTINCT channel, priority FROM classifications) AS t
  JOIN target_rules AS r
    ON (r.channel IS NULL OR r.channel = t.channel) AND (r.priority IS NULL OR r.priority = t.priority)
  GROUP BY t.channel, t.priority, r.measure
),

schedules AS (
  SELECT t.channel, t.team, arg_max(r.schedule, r.precedence) AS schedule
  FROM (SELECT DISTINCT channel, team FROM classifications) AS t
  JOIN schedule_rules AS r
    ON (r.channel IS NULL OR r.channel = t.channel) AND (r.team IS NULL OR r.team = t.team)
  GROUP BY t.channel, t.team
),

spans AS (
  SELECT
    t.ticket_id,
    m.measure,
    CASE m.measure WHEN 'first_response' THEN t.response_clock_starts_at ELSE t.resolution_clock_starts_at END
      AS begun_at,
    CASE m.measure WHEN 'first_response' THEN t.first_response_at ELSE t.last_solved_at END AS met_at,
    CASE m.measure WHEN 'first_response' THEN t.first_response_seq ELSE t.last_solved_seq END AS met_seq,
    CASE
      WHEN NOT t.is_open
        THEN least(t.customer_left_at, coalesce(t.last_solved_at, t.given_up_at, t.last_event_at))
    END AS rested_at,
    t.last_solved_at,
    t.last_solved_seq
  FROM tickets AS t
  CROSS JOIN (SELECT DISTINCT measure FROM target_rules) AS m
  WHERE NOT (m.measure = 'first_response' AND t.is_answered_early)
),

-- What was said at the instant of the answer or solve, but after it, does nothing.
settled AS (
  SELECT
    * EXCLUDE (met_seq, last_solved_at, last_solved_seq),
    coalesce(met_at, rested_at) AS settled_at,
    CASE WHEN met_at IS NOT NULL THEN met_seq WHEN rested_at = last_solved_at THEN last_solved_seq END AS settled_seq
  FROM spans
  WHERE begun_at IS NOT NULL
),

stretches AS (
  SELECT
    s.*,
    c.since AS stretch_since,
    c.until,
    c.channel,
    c.priority,
    c.team,
    row_number() OVER (
      PARTITION BY s.ticket_id, s.measure ORDER BY c.since DESC NULLS LAST, c.since_seq DESC
    ) = 1 AS is_last
  FROM settled AS s
  JOIN classifications AS c ON
    c.ticket_id = s.ticket_id
    AND (
      c.since IS NULL
      OR s.settled_at IS NULL
      OR c.since < s.settled_at
      OR (c.since = s.settled_at AND coalesce(c.since_seq <= s.settled_seq, true))
      OR (s.settled_at < s.begun_at AND c.since <= s.begun_at)
    )
)

SELECT
  s.ticket_id,
  s.measure,
  s.begun_at,
  s.met_at,
  s.rested_at,
  greatest(s.stretch_since, s.begun_at) AS since,
  s.until,
  h.schedule,
  a.target_us,
  a.is_business,
  a.pauses_for_customer,
  a.pauses_on_hold
FROM stretches AS s
LEFT JOIN applying AS a ON
  a.measure = s.measure
  AND a.channel IS NOT DISTINCT FROM s.channel
  AND a.priority IS NOT DISTINCT FROM s.priority
LEFT JOIN schedules AS h ON h.channel IS NOT DISTINCT FROM s.channel AND h.team IS NOT DISTINCT FROM s.team
WHERE s.is_last OR (coalesce(s.until > s.begun_at, true) AND s.until IS DISTINCT FROM s.stretch_since)
