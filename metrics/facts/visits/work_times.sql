-- One row per period in which somebody was at work in a visit of a ticket that counts, within opening hours.
-- The periods of work of the visit, or all of it; opening hours where the settings state any. `is_whole`: nothing of the
-- visit is left out. Running visits have theirs, too. Time in a state is no work: workflows that are not guided have none.
WITH hours AS (
  SELECT schedule, opens_at, closes_at, row_number() OVER (PARTITION BY schedule ORDER BY opens_at) AS place
  FROM open_intervals
  WHERE schedule IN (SELECT schedule FROM schedule_rules WHERE NOT is_default)
),

scheduled AS (
  SELECT v.ticket_id, v.run_id, v.visit_number, v.agent_id, v.entered_at, v.left_at, v.work, b.schedule
  FROM visits AS v
  LEFT JOIN guided_workflows AS g ON g.workflow = v.workflow
  LEFT JOIN business_times AS b
    ON b.ticket_id = v.ticket_id AND b.schedule IN (SELECT schedule FROM schedule_rules WHERE NOT is_default)
  WHERE NOT v.is_excluded AND coalesce(g.is_guided, true)
),

periods AS (
  SELECT ticket_id, run_id, visit_number, agent_id, schedule, true AS is_whole, entered_at AS begins_at, left_at AS ends_at
  FROM scheduled
  WHERE work IS NULL AND left_at > entered_at
  UNION ALL
  SELECT
    ticket_id,
    run_id,
    visit_number,
    agent_id,
    schedule,
    false AS is_whole,
    period.begins_at,
    period.ends_at
  FROM (
    SELECT ticket_id, run_id, visit_number, agent_id, schedule, unnest(work) AS period
    FROM scheduled
    WHERE work IS NOT NULL
  )
),

placed AS (
  SELECT s.*, unnest(generate_series(coalesce(f.place, 1), coalesce(l.place, 0))) AS place
  FROM periods AS s
  ASOF LEFT JOIN hours AS f ON f.schedule = s.schedule AND f.opens_at <= s.begins_at
  ASOF LEFT JOIN hours AS l ON l.schedule = s.schedule AND l.opens_at <= s.ends_at
  WHERE s.schedule IS NOT NULL
)

SELECT ticket_id, run_id, visit_number, agent_id, is_whole, begins_at, ends_at
FROM periods
WHERE schedule IS NULL
UNION ALL
SELECT
  p.ticket_id,
  p.run_id,
  p.visit_number,
  p.agent_id,
  false AS is_whole,
  greatest(p.begins_at, h.opens_at) AS begins_at,
  least(p.ends_at, h.closes_at) AS ends_at
FROM placed AS p
JOIN hours AS h ON h.schedule = p.schedule AND h.place = p.place
WHERE greatest(p.begins_at, h.opens_at) < least(p.ends_at, h.closes_at)
