-- One row per visit that counts, with every sign it shows.
-- `fluent_us`: where no untroubled visit is recorded, the time that the definition expects. A visit hesitates beyond the
-- longer of the two.
SELECT
  v.*,
  d.title,
  d.type AS kind,
  coalesce(f.fluent_us, d.expected_seconds * 1e6) AS fluent_us,
  v.dwell_us - v.paused_us AS unpaused_us,
  v.pauses > 0
  OR v.dwell_us - v.paused_us > h.hesitation_factor * greatest(f.fluent_us, d.expected_seconds * 1e6) AS hesitated
FROM reportable_visits AS v
LEFT JOIN fluent_times AS f ON
  f.workflow = v.workflow AND f.version = v.version AND f.step = v.step AND f.source IS NOT DISTINCT FROM v.source
LEFT JOIN workflow_steps AS d ON d.workflow = v.workflow AND d.version = v.version AND d.step = v.step
CROSS JOIN thresholds AS h
