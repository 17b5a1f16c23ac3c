-- One row per ticket and run id that events of a step or of a run have there: from when to when the run had its turn.
-- `run_started` alone is a turn; ticket events that name the run are none.
-- `first_customer` and `last_customer`: the least and the greatest of those that any event of the ticket names.
-- `is_left_out`: the ticket is merged away or discarded, and not taken back since.
WITH parts AS (
  SELECT
    ticket_id,
    run_id,
    min(occurred_at) FILTER (WHERE is_of_step) AS started_at,
    max(occurred_at) FILTER (WHERE is_of_step) AS last_event_at,
    min(customer_id) AS first_customer,
    max(customer_id) AS last_customer,
    max((occurred_at, seq, event_id)) FILTER (WHERE kind IN ('merged', 'discarded')) AS last_left_out,
    max((occurred_at, seq, event_id)) FILTER (WHERE kind = 'reopened') AS last_taken_back
  FROM (
    SELECT
      *,
      kind IN (
        'run_started', 'entered', 'answered', 'went_back', 'asked_help', 'searched',
        'input_rejected', 'skipped', 'paused', 'resumed', 'run_finished', 'run_abandoned'
      ) AS is_of_step
    FROM events
  )
  GROUP BY ticket_id, run_id
),

whole AS (
  SELECT
    ticket_id,
    run_id,
    started_at,
    last_event_at,
    min(first_customer) OVER ticket AS first_customer,
    max(last_customer) OVER ticket AS last_customer,
    max(last_left_out) OVER ticket IS NOT NULL
    AND coalesce(max(last_left_out) OVER ticket > max(last_taken_back) OVER ticket, true) AS is_left_out
  FROM parts
  WINDOW ticket AS (PARTITION BY ticket_id)
)

SELECT *
FROM whole
WHERE run_id IS NOT NULL AND started_at IS NOT NULL
