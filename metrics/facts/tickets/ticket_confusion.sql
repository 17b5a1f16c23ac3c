-- One row per ticket with a visit that counts: was one of them confused?
SELECT
  ticket_id,
  CASE WHEN bool_or(is_confused) THEN 'a visit confused' ELSE 'no visit confused' END AS confused
FROM classified_visits
GROUP BY ticket_id
