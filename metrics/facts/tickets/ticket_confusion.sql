-- One row per ticket with a visit of which it is known whether it confused: was one of them confused?
SELECT
  ticket_id,
  CASE WHEN bool_or(is_confused) THEN 'a visit confused' ELSE 'no visit confused' END AS confused
FROM classified_visits
WHERE is_confused IS NOT NULL
GROUP BY ticket_id
