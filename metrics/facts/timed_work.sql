-- One row per event by a known agent on a ticket that counts, with whether its desk was closed then.
-- `is_after_hours`: outside the opening hours that hold for the ticket; null where none are laid out.
SELECT
  w.*,
  CASE WHEN b.schedule IS NOT NULL THEN coalesce(w.occurred_at >= i.closes_at, true) END AS is_after_hours
FROM agent_work AS w
LEFT JOIN business_times AS b ON b.ticket_id = w.ticket_id
ASOF LEFT JOIN open_intervals AS i ON i.schedule = b.schedule AND i.opens_at <= w.occurred_at
