-- One row per ticket that counts and whose customer wrote: how long the wait for an answer was, and whether it came.
-- Not where an agent's messages lie before the opening: nobody knows how long that wait was.
-- `waited_minutes` runs to the first response; without one to the instant of looking, or to when the ticket came to rest
-- without an answer: there the wait was broken off.
SELECT *
FROM (
  SELECT
    *,
    date_diff('microsecond', response_clock_starts_at, waited_until) / 6e7 AS waited_minutes
  FROM (
    SELECT
      t.*,
      t.first_response_at IS NOT NULL AS is_over,
      CASE
        WHEN t.first_response_at IS NOT NULL THEN t.first_response_at
        WHEN NOT t.is_open
          THEN least(t.customer_left_at, coalesce(t.last_solved_at, t.given_up_at, t.last_event_at))
        ELSE t.data_until
      END AS waited_until
    FROM reportable_tickets AS t
    WHERE NOT t.is_answered_early
  )
)
WHERE waited_minutes >= 0
