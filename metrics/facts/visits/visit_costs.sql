-- One row per visit that counts, with the time that mending its step would save.
-- `usual_us`: the median active time of the step version's visits that are not confused, those of the same source; null
-- where there are none. `lost_us`: the active time of a confused visit beyond it, at most `limit_us`, never below 0; null
-- where no usual time is known.
WITH activity AS (
  SELECT c.*, a.active_us, a.waiting_us
  FROM classified_visits AS c
  JOIN visit_activity AS a
    ON a.ticket_id = c.ticket_id AND a.run_id = c.run_id AND a.visit_number = c.visit_number
),

usual AS (
  SELECT source, workflow, version, step, CAST(median(active_us) AS BIGINT) AS usual_us
  FROM activity
  WHERE NOT is_confused
  GROUP BY source, workflow, version, step
),

limited AS (
  SELECT
    a.*,
    u.usual_us,
    CAST(greatest(u.usual_us * t.cost_limit_factor, 6e7) AS BIGINT) AS limit_us
  FROM activity AS a
  LEFT JOIN usual AS u ON
    u.workflow = a.workflow AND u.version = a.version AND u.step = a.step AND u.source IS NOT DISTINCT FROM a.source
  CROSS JOIN thresholds AS t
)

SELECT
  * EXCLUDE (limit_us),
  CASE WHEN usual_us IS NOT NULL THEN limit_us END AS limit_us,
  -- The greatest and the least of null and a number are the number.
  CASE WHEN is_confused AND usual_us IS NOT NULL THEN least(greatest(active_us - usual_us, 0), limit_us) END AS lost_us
FROM limited
