-- One row per visit that counts.
-- A run silent for the abandonment hours by `clock.as_of` was abandoned in its last visit; one silent for less is
-- still running, and its last visit is left out. Visits of tickets that do not count are left out too.
SELECT
  v.* EXCLUDE (abandoned, is_excluded),
  v.abandoned OR v.is_unended AS abandoned
FROM visits AS v
CROSS JOIN clock AS c
CROSS JOIN thresholds AS h
WHERE
  NOT v.is_excluded
  AND CASE
    WHEN v.is_unended THEN date_diff('microsecond', v.left_at, c.as_of) >= h.abandoned_after_hours * 3.6e9
    ELSE true
  END
