-- One row per event of an agent we know on a ticket that counts: who did something in it.
SELECT t.*, e.agent_id
FROM ticket_events AS e
JOIN reportable_tickets AS t ON t.ticket_id = e.ticket_id
WHERE e.agent_id IS NOT NULL
