-- One row per visit of a ticket that counts in which nobody was at work for a part of the time: how long somebody was.
-- Paused, idle and closed time is left out, that of the agent in other visits is not.
WITH worked AS (
  SELECT
    ticket_id, run_id, visit_number, CAST(sum(date_diff('microsecond', begins_at, ends_at)) AS BIGINT) AS work_us
  FROM work_times
  WHERE NOT is_whole
  GROUP BY ticket_id, run_id, visit_number
)

SELECT v.ticket_id, v.run_id, v.visit_number, coalesce(w.work_us, 0) AS work_us
FROM visits AS v
LEFT JOIN business_times AS b
  ON b.ticket_id = v.ticket_id AND b.schedule IN (SELECT schedule FROM schedule_rules WHERE NOT is_default)
LEFT JOIN worked AS w ON w.ticket_id = v.ticket_id AND w.run_id = v.run_id AND w.visit_number = v.visit_number
WHERE
  NOT v.is_excluded
  AND (v.work IS NOT NULL OR b.schedule IS NOT NULL)
  AND coalesce(w.work_us, 0) <> v.dwell_us
