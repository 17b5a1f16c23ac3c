-- One row per event by a known agent on a ticket that counts, with whether its desk was closed then.
-- `is_after_hours`: outside the opening hours that hold for the ticket; null where none are laid out.
WITH open_days AS (
  SELECT
    schedule,
    opens_at,
    closes_at,
    unnest(generate_series(epoch_us(opens_at) // 86400000000, epoch_us(closes_at) // 86400000000)) AS day
  FROM open_intervals
)

SELECT
  w.*,
  CASE WHEN d.schedule IS NOT NULL THEN o.schedule IS NULL END AS is_after_hours
FROM agent_work AS w
LEFT JOIN desk_schedules AS d ON d.channel IS NOT DISTINCT FROM w.channel AND d.team IS NOT DISTINCT FROM w.team
-- Opening hours of a schedule do not overlap: an event is in one of them at most.
LEFT JOIN open_days AS o ON
  o.schedule = d.schedule
  AND o.day = epoch_us(w.occurred_at) // 86400000000
  AND o.opens_at <= w.occurred_at
  AND o.closes_at > w.occurred_at
