-- One row per step version and source: how long an untroubled visit takes.
-- Median unpaused dwell, in microseconds, of its ended visits that show no sign beside hesitation.
SELECT
  source,
  workflow,
  version,
  step,
  median(dwell_us - paused_us) AS fluent_us,
  count(*) AS visits
FROM visits
WHERE NOT is_unended AND NOT shows_a_sign_beside_hesitation()
GROUP BY source, workflow, version, step
