-- One row per period in which a ticket was open.
-- It begins with the opening, or with a reopening after a solve, and ends with a solve or a closing, or when the
-- customer hangs up or leaves the queue (until somebody writes or reopens it), or the ticket is merged away or
-- discarded, and begins again when it is taken back; `ended_at` is null while it lasts.
WITH moments AS (
  SELECT
    ticket_id,
    place,
    occurred_at,
    count(*) FILTER (WHERE kind = 'opened') OVER upto > 0
    AND NOT coalesce(
      last_value(
        CASE WHEN kind IN ('merged', 'discarded', 'reopened') THEN kind <> 'reopened' END IGNORE NULLS
      ) OVER upto,
      false
    )
    AND NOT coalesce(
      last_value(
        CASE
          WHEN kind IN ('solved', 'closed', 'reopened') AND NOT was_left_out THEN kind <> 'reopened'
        END IGNORE NULLS
      ) OVER upto,
      false
    )
    AND NOT coalesce(
      last_value(
        CASE
          WHEN kind = 'contact_abandoned' THEN true
          WHEN kind = 'replied' OR (kind = 'reopened' AND NOT was_left_out) THEN false
        END IGNORE NULLS
      ) OVER upto,
      false
    ) AS is_open
  FROM ordered_events
  WHERE
    (
      kind IN ('opened', 'solved', 'closed', 'reopened', 'merged', 'discarded', 'contact_abandoned')
      AND merged_from IS NULL
    )
    OR (
      kind = 'replied'
      AND actor IN ('customer', 'agent')
      AND ticket_id IN (SELECT ticket_id FROM ordered_events WHERE kind = 'contact_abandoned')
    )
  WINDOW upto AS (PARTITION BY ticket_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

changes AS (
  SELECT *
  FROM (
    SELECT *, coalesce(lag(is_open) OVER (PARTITION BY ticket_id ORDER BY place), false) AS was_open
    FROM moments
  )
  WHERE is_open <> was_open
)

SELECT ticket_id, began_at, ended_at
FROM (
  SELECT
    ticket_id,
    is_open,
    occurred_at AS began_at,
    lead(occurred_at) OVER (PARTITION BY ticket_id ORDER BY place) AS ended_at
  FROM changes
)
WHERE is_open
