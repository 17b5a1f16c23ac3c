-- One row per step version and source: how long an untroubled visit takes.
-- Median unpaused dwell, in microseconds, of its ended visits that show no sign beside hesitation and are not rushed, of
-- runs that began before the solve. `rushed_below_us`: a shorter visit is rushed. That is a few seconds at most, and far
-- below the median of the visits that take longer, or below what the definition expects where none does.
WITH untroubled AS (
  SELECT
    source,
    workflow,
    version,
    step,
    dwell_us - paused_us AS unpaused_us
  FROM visits
  WHERE NOT is_unended AND NOT is_after_solve AND NOT shows_a_sign_beside_hesitation()
),

unhurried AS (
  SELECT
    u.source,
    u.workflow,
    u.version,
    u.step,
    median(u.unpaused_us) FILTER (WHERE u.unpaused_us >= h.rushed_seconds * 1e6) AS unhurried_us
  FROM untroubled AS u
  CROSS JOIN thresholds AS h
  GROUP BY u.source, u.workflow, u.version, u.step
),

limits AS (
  SELECT
    s.source,
    s.workflow,
    s.version,
    s.step,
    least(
      h.rushed_seconds * 1e6, coalesce(h.rushed_share * coalesce(s.unhurried_us, d.expected_seconds * 1e6), 0)
    ) AS rushed_below_us
  FROM unhurried AS s
  LEFT JOIN workflow_steps AS d ON d.workflow = s.workflow AND d.version = s.version AND d.step = s.step
  CROSS JOIN thresholds AS h
)

SELECT
  u.source,
  u.workflow,
  u.version,
  u.step,
  median(u.unpaused_us) FILTER (WHERE u.unpaused_us >= l.rushed_below_us) AS fluent_us,
  count(*) FILTER (WHERE u.unpaused_us >= l.rushed_below_us) AS visits,
  l.rushed_below_us
FROM untroubled AS u
JOIN limits AS l
  ON l.workflow IS NOT DISTINCT FROM u.workflow AND l.version IS NOT DISTINCT FROM u.version
  AND l.step IS NOT DISTINCT FROM u.step AND l.source IS NOT DISTINCT FROM u.source
GROUP BY u.source, u.workflow, u.version, u.step, l.rushed_below_us
