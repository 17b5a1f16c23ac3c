-- One row per ticket, measure and stretch in which it was classified alike while its time ran: the target that held then.
-- The most specific target holds: by channel and priority, by priority, by channel, for all; and so does the schedule, by
-- channel and team. Both are null in a stretch for which none is set. `met_at`: answered, or solved for good.
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
    CASE
      WHEN NOT t.is_open
        THEN least(t.customer_left_at, coalesce(t.last_solved_at, t.given_up_at, t.last_event_at))
    END AS rested_at
  FROM tickets AS t
  CROSS JOIN (SELECT DISTINCT measure FROM target_rules) AS m
  WHERE NOT (m.measure = 'first_response' AND t.is_answered_early)
)

SELECT
  s.ticket_id,
  s.measure,
  s.begun_at,
  s.met_at,
  s.rested_at,
  greatest(c.since, s.begun_at) AS since,
  c.until,
  h.schedule,
  a.target_us,
  a.is_business,
  a.pauses_for_customer,
  a.pauses_on_hold
FROM spans AS s
JOIN classifications AS c ON
  c.ticket_id = s.ticket_id
  AND (c.until IS NULL OR c.until > s.begun_at)
  AND (
    c.since IS NULL
    OR coalesce(s.met_at, s.rested_at) IS NULL
    OR c.since <= greatest(coalesce(s.met_at, s.rested_at), s.begun_at)
  )
LEFT JOIN applying AS a ON
  a.measure = s.measure
  AND a.channel IS NOT DISTINCT FROM c.channel
  AND a.priority IS NOT DISTINCT FROM c.priority
LEFT JOIN schedules AS h ON h.channel IS NOT DISTINCT FROM c.channel AND h.team IS NOT DISTINCT FROM c.team
WHERE s.begun_at IS NOT NULL
