-- One row per event by a known agent on a ticket that counts.
SELECT
  e.ticket_id,
  e.agent_id,
  e.occurred_at,
  t.source,
  t.custom,
  t.channel,
  t.reason,
  t.priority,
  t.team,
  t.workflow,
  t.arrived_at
FROM ticket_events AS e
JOIN tickets AS t ON t.ticket_id = e.ticket_id AND NOT t.is_excluded
WHERE e.actor = 'agent' AND e.agent_id IS NOT NULL
