-- One row per event that says whose turn it is on a ticket, until the next one: who waits from then on, and whether it is held.
-- A message of the customer, a reopening and the customer's opening make the customer wait; a message of an agent, or
-- an agent's opening, makes the agent wait. An opening counts where nobody wrote before it, and always in a ticket
-- merged into this one; bots change nothing. `is_held` from `held` to `released`; a solve ends that, and so does a
-- reopening after one. `is_at_rest`: solved or closed, or the customer hung up or left the queue and nobody wrote or
-- reopened it since. What solves or reopens nothing changes nothing.
WITH moments AS (
  SELECT
    ticket_id,
    place,
    occurred_at,
    kind,
    actor,
    merged_from IS NOT NULL
    OR place = min(place) FILTER (WHERE kind IN ('opened', 'replied')) OVER (PARTITION BY ticket_id)
      AS is_first_word,
    place > min(place) FILTER (WHERE kind IN ('solved', 'closed')) OVER (PARTITION BY ticket_id)
      AS is_after_a_solve
  FROM ordered_events
  WHERE
    kind IN ('opened', 'held', 'released', 'contact_abandoned')
    OR (kind IN ('solved', 'closed', 'reopened') AND NOT was_left_out)
    OR (kind = 'replied' AND actor IN ('customer', 'agent'))
)

SELECT
  ticket_id,
  place,
  kind,
  occurred_at AS began_at,
  lead(occurred_at) OVER (PARTITION BY ticket_id ORDER BY place) AS ended_at,
  coalesce(
    last_value(
      CASE WHEN kind IN ('solved', 'closed', 'reopened') THEN kind <> 'reopened' END IGNORE NULLS
    ) OVER upto,
    false
  )
  OR coalesce(
    last_value(
      CASE
        WHEN kind IN ('contact_abandoned', 'replied', 'reopened') THEN kind = 'contact_abandoned'
      END IGNORE NULLS
    ) OVER upto,
    false
  ) AS is_at_rest,
  last_value(
    CASE
      WHEN kind = 'replied' OR (kind = 'opened' AND is_first_word) THEN actor <> 'agent'
      WHEN kind = 'reopened' AND is_after_a_solve THEN true
    END IGNORE NULLS
  ) OVER upto AS is_customer_waiting,
  coalesce(
    last_value(
      CASE
        WHEN kind IN ('held', 'released', 'solved', 'closed') OR (kind = 'reopened' AND is_after_a_solve)
          THEN kind = 'held'
      END IGNORE NULLS
    ) OVER upto,
    false
  ) AS is_held
FROM moments
WINDOW upto AS (PARTITION BY ticket_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
