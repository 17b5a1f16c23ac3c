-- One row per event of a visit: the period of work that it begins.
-- It ends with the visit's next event (`next_at`, null for its last one), but no later than the idle limit allows
-- (`idle_at`): what is longer is waiting. None begins while the visit is paused.
WITH happenings AS (
  SELECT
    ticket_id,
    run_id,
    visit_number,
    place,
    occurred_at AS begins_at,
    lead(occurred_at) OVER visit AS next_at,
    coalesce(
      last_value(CASE WHEN kind IN ('paused', 'resumed') THEN kind = 'paused' END IGNORE NULLS) OVER upto, false
    ) AS is_paused
  FROM run_events
  WHERE visit_number > 0 AND NOT is_after_end
  WINDOW
    visit AS (PARTITION BY ticket_id, run_id, visit_number ORDER BY place),
    upto AS (
      PARTITION BY ticket_id, run_id, visit_number ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)

SELECT
  h.ticket_id,
  h.run_id,
  h.visit_number,
  h.place,
  h.begins_at,
  h.next_at,
  h.begins_at + to_microseconds(CAST(t.idle_minutes * 6e7 AS BIGINT)) AS idle_at
FROM happenings AS h
CROSS JOIN thresholds AS t
WHERE NOT h.is_paused
