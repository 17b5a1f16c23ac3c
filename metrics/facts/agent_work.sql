-- One row per event by a known agent on a ticket that counts, with whether its desk was closed then.
-- `is_after_hours`: outside the opening hours that hold for the ticket; null where none are laid out.
SELECT
  e.ticket_id,
  e.agent_id,
  e.occurred_at,
  t.channel,
  t.reason,
  t.priority,
  t.team,
  t.workflow,
  t.arrived_at,
  CASE WHEN b.schedule IS NOT NULL THEN coalesce(e.occurred_at >= i.closes_at, true) END AS is_after_hours
FROM events AS e
JOIN tickets AS t ON t.ticket_id = e.ticket_id AND NOT t.is_excluded
LEFT JOIN business_times AS b ON b.ticket_id = e.ticket_id
ASOF LEFT JOIN open_intervals AS i ON i.schedule = b.schedule AND i.opens_at <= e.occurred_at
WHERE e.actor = 'agent' AND e.agent_id IS NOT NULL
