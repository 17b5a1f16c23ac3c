-- One row per period in which a ticket was open, with all that is known of the ticket.
-- A ticket merged away or discarded was open until then.
SELECT
  t.*,
  s.began_at,
  s.ended_at
FROM open_periods AS s
JOIN tickets AS t ON t.ticket_id = s.ticket_id
