-- One row per merged ticket: the ticket at the end of its chain of merges, which is merged into none.
-- Tickets merged in a circle, or into one that is, have no end.
WITH RECURSIVE chains AS (
  SELECT ticket_id, into_ticket_id FROM merges
  UNION
  SELECT c.ticket_id, m.into_ticket_id
  FROM chains AS c
  JOIN merges AS m ON m.ticket_id = c.into_ticket_id
)

SELECT ticket_id, into_ticket_id AS end_ticket_id
FROM chains
WHERE into_ticket_id NOT IN (SELECT ticket_id FROM merges)
