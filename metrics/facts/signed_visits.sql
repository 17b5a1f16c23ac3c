-- One row per visit that counts, with every sign it shows.
-- A run silent for the abandonment hours by `clock.as_of` was abandoned in its last visit; one silent for less is
-- still running, and its last visit is left out. Visits of tickets that do not count are left out too.
SELECT
  v.* EXCLUDE (abandoned, is_excluded),
  d.title,
  d.type AS kind,
  f.fluent_us,
  v.dwell_us - v.paused_us AS unpaused_us,
  v.abandoned OR v.is_unended AS abandoned,
  v.pauses > 0 OR v.dwell_us - v.paused_us > h.hesitation_factor * f.fluent_us AS hesitated
FROM visits AS v
LEFT JOIN fluent_times AS f ON f.workflow = v.workflow AND f.version = v.version AND f.step = v.step
LEFT JOIN workflow_steps AS d ON d.workflow = v.workflow AND d.version = v.version AND d.step = v.step
CROSS JOIN clock AS c
CROSS JOIN thresholds AS h
WHERE
  NOT v.is_excluded
  AND (NOT v.is_unended OR date_diff('microsecond', v.left_at, c.as_of) >= h.abandoned_after_hours * 3.6e9)
