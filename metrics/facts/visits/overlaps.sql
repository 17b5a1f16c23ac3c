-- One row per visit and day in UTC on which its agent was at work in other visits at the same time.
-- At every instant the visits in which an agent is at work have equal parts of it, so that all together never take longer
-- than the agent did. `elsewhere_us`: what goes to the others. `day`: since 1970.
WITH changes AS (
  SELECT agent_id, day, occurred_at, sum(change) AS change
  FROM (
    SELECT agent_id, day, begins_at AS occurred_at, 1 AS change
    FROM work_days
    UNION ALL
    SELECT agent_id, day, ends_at AS occurred_at, -1 AS change
    FROM work_days
  )
  GROUP BY agent_id, day, occurred_at
),

pieces AS (
  SELECT
    agent_id,
    day,
    occurred_at,
    date_diff('microsecond', occurred_at, lead(occurred_at) OVER agent) AS length_us,
    sum(change) OVER upto AS visits
  FROM changes
  WINDOW
    agent AS (PARTITION BY agent_id, day ORDER BY occurred_at),
    upto AS (PARTITION BY agent_id, day ORDER BY occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

-- How much one visit would have lost to others by each instant, had it gone on since the day began.
lost AS (
  SELECT
    agent_id,
    day,
    occurred_at,
    coalesce(
      CAST(
        sum(CASE WHEN visits > 1 THEN length_us - length_us // visits ELSE 0 END) OVER (
          PARTITION BY agent_id, day ORDER BY occurred_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS BIGINT
      ),
      0
    ) AS lost_us
  FROM pieces
)

SELECT
  d.ticket_id,
  d.run_id,
  d.visit_number,
  d.agent_id,
  d.day,
  CAST(sum(e.lost_us - b.lost_us) AS BIGINT) AS elsewhere_us
FROM work_days AS d
JOIN lost AS b ON b.agent_id = d.agent_id AND b.day = d.day AND b.occurred_at = d.begins_at
JOIN lost AS e ON e.agent_id = d.agent_id AND e.day = d.day AND e.occurred_at = d.ends_at
GROUP BY d.ticket_id, d.run_id, d.visit_number, d.agent_id, d.day
HAVING sum(e.lost_us - b.lost_us) > 0
