-- One row per event, with its place in its ticket.
-- Event order is occurred_at, then seq, then event_id; the first event of a ticket has place 1.
SELECT
  * EXCLUDE (event_id, seq, load_id),
  row_number() OVER (PARTITION BY ticket_id ORDER BY occurred_at, seq, event_id) AS place
FROM events
