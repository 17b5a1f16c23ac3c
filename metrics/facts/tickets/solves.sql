-- One row per solve of a ticket.
-- A `solved` is a solve; a `closed` stands in for one where the ticket was not `solved` before it, and the customer had not
-- hung up or left the queue unanswered. While a ticket is left out of every number nothing solves it.
WITH first_solved AS (
  SELECT ticket_id, min(place) AS solved_place
  FROM ordered_events
  WHERE kind = 'solved' AND NOT was_left_out
  GROUP BY ticket_id
)

SELECT e.ticket_id, e.place, e.seq, e.occurred_at AS solved_at
FROM ordered_events AS e
LEFT JOIN first_solved AS f ON f.ticket_id = e.ticket_id
LEFT JOIN departures AS d ON
  d.ticket_id = e.ticket_id
  AND d.is_unanswered
  AND e.place > d.place
  AND (d.until_place IS NULL OR e.place < d.until_place)
WHERE
  NOT e.was_left_out
  AND (
    e.kind = 'solved'
    OR (e.kind = 'closed' AND (f.solved_place IS NULL OR e.place < f.solved_place) AND d.ticket_id IS NULL)
  )
