-- One row per visit that counts, with its active time beyond what its step usually takes.
-- `usual_us`: the usual time of the step version and source. `excess_us`: the active time beyond it, at most `limit_us`, never
-- below 0. All three are null where there is no usual time: every visit confuses, or nobody can tell.
WITH visit_times AS (
  SELECT a.*, u.usual_us, CAST(greatest(u.usual_us * t.cost_limit_factor, 6e7) AS BIGINT) AS most_us
  FROM timed_visits AS a
  LEFT JOIN usual_times AS u ON
    u.workflow = a.workflow AND u.version = a.version AND u.step = a.step AND u.source IS NOT DISTINCT FROM a.source
  CROSS JOIN thresholds AS t
)

SELECT
  * EXCLUDE (most_us),
  -- The greatest and the least of null and a number are the number.
  CASE WHEN usual_us IS NOT NULL THEN most_us END AS limit_us,
  CASE WHEN usual_us IS NOT NULL THEN least(greatest(active_us - usual_us, 0), most_us) END AS excess_us
FROM visit_times
