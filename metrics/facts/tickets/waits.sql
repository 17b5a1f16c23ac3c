-- One row per ticket: how long it waited, for whom, while it was open.
-- A message of the customer, a reopening and the customer's opening make the customer wait; a message of an agent, or
-- an agent's opening, makes the agent wait. An opening counts where nobody wrote before it; bots change nothing. From
-- `held` to `released` the customer waits, whoever wrote last. Solved or closed, a ticket waits for nobody.
-- Microseconds up to the last event that changes anything; what waits on is not counted.
WITH moments AS (
  SELECT
    ticket_id,
    place,
    occurred_at,
    kind,
    actor,
    place = min(place) FILTER (WHERE kind IN ('opened', 'replied')) OVER (PARTITION BY ticket_id)
      AS is_first_word,
    place > min(place) FILTER (WHERE kind IN ('solved', 'closed')) OVER (PARTITION BY ticket_id)
      AS is_after_a_solve
  FROM ordered_events
  WHERE
    kind IN ('opened', 'solved', 'closed', 'reopened', 'held', 'released')
    OR (kind = 'replied' AND actor IN ('customer', 'agent'))
),

turns AS (
  SELECT
    ticket_id,
    kind,
    date_diff(
      'microsecond', occurred_at, lead(occurred_at) OVER (PARTITION BY ticket_id ORDER BY place)
    ) AS until_next_us,
    coalesce(
      last_value(
        CASE WHEN kind IN ('solved', 'closed', 'reopened') THEN kind <> 'reopened' END IGNORE NULLS
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
        CASE WHEN kind IN ('held', 'released', 'solved', 'closed', 'reopened') THEN kind = 'held' END IGNORE NULLS
      ) OVER upto,
      false
    ) AS is_held
  FROM moments
  WINDOW upto AS (PARTITION BY ticket_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)

SELECT
  ticket_id,
  coalesce(sum(until_next_us) FILTER (WHERE is_customer_waiting OR is_held), 0) AS requester_wait_us,
  coalesce(sum(until_next_us) FILTER (WHERE NOT is_customer_waiting AND NOT is_held), 0) AS agent_wait_us,
  coalesce(sum(until_next_us) FILTER (WHERE is_held), 0) AS hold_us,
  count(*) FILTER (WHERE kind = 'held') AS holds
FROM (
  SELECT * REPLACE (CASE WHEN NOT is_at_rest THEN until_next_us END AS until_next_us)
  FROM turns
)
GROUP BY ticket_id
