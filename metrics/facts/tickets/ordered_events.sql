-- One row per event of a ticket, or message of one merged into it, with its place in the ticket.
-- Event order is occurred_at, then seq, then event_id; the first event of a ticket has place 1.
-- statement_place is the same order, but what was recorded or else loaded later comes later where instant and seq
-- are the same: it says which of two attributes is the newer one.
-- was_left_out: just before the event the ticket was merged away or discarded, and not taken back. A `reopened` then
-- takes it back and is no reopening; a `solved` or `closed` then is no solve.
SELECT
  * EXCLUDE (event_id, load_id, position, recorded_at),
  row_number() OVER (PARTITION BY ticket_id ORDER BY occurred_at, seq, event_id) AS place,
  row_number() OVER (
    PARTITION BY ticket_id ORDER BY occurred_at, seq, recorded_at NULLS FIRST, load_id, position, event_id
  ) AS statement_place,
  coalesce(
    last_value(
      CASE WHEN kind IN ('merged', 'discarded', 'reopened') THEN kind <> 'reopened' END IGNORE NULLS
    ) OVER (
      PARTITION BY ticket_id
      ORDER BY occurred_at, seq, event_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ),
    false
  ) AS was_left_out
FROM ticket_events
