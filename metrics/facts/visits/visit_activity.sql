-- One row per visit of a ticket that counts, running ones too: how long an agent was at work in it.
-- `active_us`: its periods of work, within opening hours where the settings state them. While the same agent was at work
-- in several visits, each has an equal part, so that all visits together never take longer than the agent did.
-- `waiting_us`: the rest of the dwell, when nobody was at work: paused, idle, closed, or the agent elsewhere.
WITH periods AS (
  SELECT ticket_id, run_id, visit_number, agent_id, entered_at AS begins_at, left_at AS ends_at
  FROM visits
  WHERE work IS NULL AND NOT is_excluded AND left_at > entered_at
  UNION ALL
  SELECT ticket_id, run_id, visit_number, agent_id, period.begins_at, period.ends_at
  FROM (
    SELECT ticket_id, run_id, visit_number, agent_id, unnest(work) AS period
    FROM visits
    WHERE work IS NOT NULL AND NOT is_excluded
  )
),

hours AS (
  SELECT schedule, opens_at, closes_at, row_number() OVER (PARTITION BY schedule ORDER BY opens_at) AS place
  FROM open_intervals
  WHERE schedule IN (SELECT schedule FROM schedule_rules WHERE NOT is_default)
),

scheduled AS (
  SELECT p.*, b.schedule
  FROM periods AS p
  LEFT JOIN business_times AS b
    ON b.ticket_id = p.ticket_id AND b.schedule IN (SELECT schedule FROM schedule_rules WHERE NOT is_default)
),

placed AS (
  SELECT
    s.*,
    unnest(generate_series(coalesce(f.place, 1), coalesce(l.place, 0))) AS place
  FROM scheduled AS s
  ASOF LEFT JOIN hours AS f ON f.schedule = s.schedule AND f.opens_at <= s.begins_at
  ASOF LEFT JOIN hours AS l ON l.schedule = s.schedule AND l.opens_at <= s.ends_at
  WHERE s.schedule IS NOT NULL
),

at_work AS (
  SELECT ticket_id, run_id, visit_number, agent_id, begins_at, ends_at
  FROM scheduled
  WHERE schedule IS NULL
  UNION ALL
  SELECT
    p.ticket_id,
    p.run_id,
    p.visit_number,
    p.agent_id,
    greatest(p.begins_at, h.opens_at) AS begins_at,
    least(p.ends_at, h.closes_at) AS ends_at
  FROM placed AS p
  JOIN hours AS h ON h.schedule = p.schedule AND h.place = p.place
  WHERE greatest(p.begins_at, h.opens_at) < least(p.ends_at, h.closes_at)
),

changes AS (
  SELECT agent_id, occurred_at, sum(change) AS change
  FROM (
    SELECT agent_id, begins_at AS occurred_at, 1 AS change
    FROM at_work
    WHERE agent_id IS NOT NULL
    UNION ALL
    SELECT agent_id, ends_at AS occurred_at, -1 AS change
    FROM at_work
    WHERE agent_id IS NOT NULL
  )
  GROUP BY agent_id, occurred_at
),

stretches AS (
  SELECT
    agent_id,
    occurred_at,
    date_diff('microsecond', occurred_at, lead(occurred_at) OVER agent) AS length_us,
    sum(change) OVER upto AS visits
  FROM changes
  WINDOW
    agent AS (PARTITION BY agent_id ORDER BY occurred_at),
    upto AS (PARTITION BY agent_id ORDER BY occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

-- How much work one visit had by each instant, had it gone on since the agent began.
shares AS (
  SELECT
    agent_id,
    occurred_at,
    coalesce(
      CAST(
        sum(CASE WHEN visits > 0 THEN length_us // visits ELSE 0 END) OVER (
          PARTITION BY agent_id ORDER BY occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS BIGINT
      ),
      0
    ) AS share_us
  FROM stretches
),

active AS (
  SELECT
    w.ticket_id,
    w.run_id,
    w.visit_number,
    CAST(
      sum(coalesce(e.share_us - b.share_us, date_diff('microsecond', w.begins_at, w.ends_at))) AS BIGINT
    ) AS active_us
  FROM at_work AS w
  LEFT JOIN shares AS b ON b.agent_id = w.agent_id AND b.occurred_at = w.begins_at
  LEFT JOIN shares AS e ON e.agent_id = w.agent_id AND e.occurred_at = w.ends_at
  GROUP BY w.ticket_id, w.run_id, w.visit_number
)

SELECT
  v.ticket_id,
  v.run_id,
  v.visit_number,
  coalesce(a.active_us, 0) AS active_us,
  v.dwell_us - coalesce(a.active_us, 0) AS waiting_us
FROM visits AS v
LEFT JOIN active AS a ON a.ticket_id = v.ticket_id AND a.run_id = v.run_id AND a.visit_number = v.visit_number
WHERE NOT v.is_excluded
