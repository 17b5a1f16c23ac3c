-- One row per visit that counts.
-- A run that is silent when its source is looked at was abandoned in its last visit, unless its ticket was solved there or
-- soon after; or nobody knows, where its source does not record ends. The last visit of a run that is not silent yet is left out. Visits of tickets that do not count
-- are left out too. `is_end_known`: whether its source records the end of runs of that workflow version.
SELECT
  v.* EXCLUDE (abandoned, is_excluded),
  coalesce(e.is_end_known, true) AS is_end_known,
  CASE
    WHEN NOT v.is_unended THEN v.abandoned
    WHEN v.is_end_unsaid THEN false
    WHEN coalesce(e.is_end_known, true) THEN true
  END AS abandoned
FROM visits AS v
CROSS JOIN clock AS c
LEFT JOIN source_clocks AS s ON s.source IS NOT DISTINCT FROM v.source
LEFT JOIN unended_runs AS u ON u.ticket_id = v.ticket_id AND u.run_id = v.run_id
LEFT JOIN run_endings AS e
  ON e.workflow = v.workflow AND e.version = v.version AND e.source IS NOT DISTINCT FROM v.source
WHERE NOT v.is_excluded AND (NOT v.is_unended OR u.silent_at <= coalesce(s.as_of, c.as_of))
