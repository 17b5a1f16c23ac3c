-- One row per workflow: whether it guides agents, or is a log of the states that tickets went through.
-- A log of states: fewer of its visits than the share needed have help, a search, going back, a refusal, a pause or an
-- answer with a value, and their median dwell is over the minutes of a state. What a mapping says (`guided`) goes before; of several
-- loads, the last one's. Visits of tickets that do not count are left out. The dwell is that of visits that led on to
-- another one: the last state of a ticket often ends as it begins.
WITH stated AS (
  SELECT e.workflow, arg_max(l.guided, l.place) AS is_guided
  FROM events AS e
  JOIN loads AS l ON l.load_id = e.load_id
  WHERE l.guided IS NOT NULL AND e.workflow IS NOT NULL
  GROUP BY e.workflow
),

measured AS (
  SELECT
    workflow,
    count(*) AS visits,
    count(*) FILTER (
      WHERE asked_help OR searches > 0 OR is_left_by_going_back OR inputs_rejected > 0 OR pauses > 0 OR answer IS NOT NULL
    ) AS visits_with_acts,
    median(dwell_us) FILTER (WHERE NOT is_last) AS median_dwell_us
  FROM visits
  WHERE NOT is_excluded
  GROUP BY workflow
)

SELECT
  m.*,
  coalesce(
    s.is_guided,
    NOT coalesce(m.visits_with_acts / m.visits < h.guided_share_needed AND m.median_dwell_us > h.state_minutes * 6e7, false)
  ) AS is_guided
FROM measured AS m
CROSS JOIN thresholds AS h
LEFT JOIN stated AS s ON s.workflow = m.workflow
