-- One row per period in which a ticket was open, with all that is known of the ticket.
-- A ticket merged away or discarded was open until then. `data_until`: the instant of the newest event of its source.
SELECT
  t.*,
  s.began_at,
  s.ended_at,
  coalesce(k.as_of, c.as_of) AS data_until
FROM open_periods AS s
JOIN tickets AS t ON t.ticket_id = s.ticket_id
CROSS JOIN clock AS c
LEFT JOIN source_clocks AS k ON k.source IS NOT DISTINCT FROM t.source
