-- One row per pause within a visit.
-- From `paused` to the next `resumed` (or `paused`) of the visit; null where the visit's end ended it.
WITH switches AS (
  SELECT
    ticket_id,
    run_id,
    visit_number,
    kind,
    occurred_at AS paused_at,
    lead(occurred_at) OVER (PARTITION BY ticket_id, run_id, visit_number ORDER BY place) AS resumed_at
  FROM run_events
  WHERE kind IN ('paused', 'resumed') AND visit_number > 0 AND NOT is_after_end
)

SELECT ticket_id, run_id, visit_number, paused_at, resumed_at
FROM switches
WHERE kind = 'paused'
