-- One row per ticket opened by a customer we know, for a reason we know.
-- `is_repeat`: it came within the repeat days after a solve of another ticket of that customer for that reason.
WITH moments AS (
  SELECT ticket_id, customer_id, reason, opened_at AS moment, CAST(NULL AS TIMESTAMPTZ) AS solved_at
  FROM counted_tickets
  WHERE opened_at IS NOT NULL AND NOT is_opened_by_agent
  UNION ALL
  -- A ticket's own solve is never before its opening, so "strictly before" below leaves its own out.
  SELECT ticket_id, customer_id, reason, solved_at AS moment, solved_at
  FROM (SELECT ticket_id, customer_id, reason, opened_at, unnest(solves) AS solved_at FROM counted_tickets)
  WHERE opened_at IS NULL OR solved_at >= opened_at
),

preceded AS (
  SELECT
    ticket_id,
    moment,
    solved_at IS NULL AS is_opening,
    max(solved_at) OVER (
      PARTITION BY customer_id, reason
      ORDER BY moment, solved_at NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS previous_solve_at
  FROM moments
  WHERE customer_id IS NOT NULL AND reason IS NOT NULL
)

SELECT
  t.*,
  coalesce(
    date_diff('microsecond', p.previous_solve_at, p.moment) <= thresholds.repeat_days * 8.64e10, false
  ) AS is_repeat
FROM preceded AS p
JOIN counted_tickets AS t ON t.ticket_id = p.ticket_id
CROSS JOIN thresholds
WHERE p.is_opening
