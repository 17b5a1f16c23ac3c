-- One row per stretch in which the customer is gone: hung up or left the queue, until somebody writes or reopens the ticket.
-- `is_unanswered`: no agent had answered by then. `until_place` is null while the stretch lasts. `waited_us`: since the first
-- contact, or the opening where the customer had not written by then, or since the customer came back; null where the
-- customer left before all of these.
WITH moments AS (
  SELECT
    ticket_id,
    place,
    occurred_at,
    kind = 'contact_abandoned' AS is_gone,
    coalesce(lag(kind) OVER (PARTITION BY ticket_id ORDER BY place) = 'contact_abandoned', false) AS was_gone
  FROM ordered_events
  WHERE
    ticket_id IN (SELECT ticket_id FROM ordered_events WHERE kind = 'contact_abandoned')
    AND (
      kind = 'contact_abandoned'
      OR (kind = 'replied' AND actor IN ('customer', 'agent'))
      OR (kind = 'reopened' AND NOT was_left_out)
    )
),

changes AS (
  SELECT
    *,
    lag(occurred_at) OVER (PARTITION BY ticket_id ORDER BY place) AS came_back_at,
    lead(place) OVER (PARTITION BY ticket_id ORDER BY place) AS until_place
  FROM moments
  WHERE is_gone <> was_gone
)

SELECT
  c.ticket_id,
  c.place,
  c.occurred_at AS left_at,
  c.until_place,
  date_diff(
    'microsecond',
    greatest(
      c.came_back_at,
      CASE
        WHEN r.first_contact_at <= c.occurred_at THEN r.first_contact_at
        WHEN r.opened_at <= c.occurred_at THEN r.opened_at
      END
    ),
    c.occurred_at
  ) AS waited_us,
  r.response_place IS NULL OR c.place < r.response_place AS is_unanswered
FROM changes AS c
JOIN first_responses AS r ON r.ticket_id = c.ticket_id
WHERE c.is_gone
