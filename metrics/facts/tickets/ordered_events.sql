-- One row per event, with its place in its ticket.
-- Event order is occurred_at, then seq, then event_id; the first event of a ticket has place 1.
-- statement_place is the same order, but what was recorded or else loaded later comes later where instant and seq
-- are the same: it says which of two attributes is the newer one.
SELECT
  * EXCLUDE (event_id, seq, load_id, position, recorded_at),
  row_number() OVER (PARTITION BY ticket_id ORDER BY occurred_at, seq, event_id) AS place,
  row_number() OVER (
    PARTITION BY ticket_id ORDER BY occurred_at, seq, recorded_at NULLS FIRST, load_id, position, event_id
  ) AS statement_place
FROM events
