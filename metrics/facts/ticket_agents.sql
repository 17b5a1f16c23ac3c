-- One row per ticket that counts and agent who did something in it.
SELECT t.*, a.agent_id
FROM (SELECT DISTINCT ticket_id, agent_id FROM events WHERE agent_id IS NOT NULL) AS a
JOIN counted_tickets AS t ON t.ticket_id = a.ticket_id
