-- One row per ticket opened by a customer we know, for a reason we know.
-- `is_repeat`: it came within the repeat days after a solve of another ticket of that customer for that reason.
WITH preceded AS (
  SELECT
    ticket_id,
    moment,
    is_solve,
    max(moment) FILTER (WHERE is_solve) OVER (
      PARTITION BY customer_id, reason
      ORDER BY moment, is_solve
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS previous_solve_at
  FROM matter_moments
)

SELECT
  t.*,
  coalesce(
    date_diff('microsecond', p.previous_solve_at, p.moment) <= thresholds.repeat_days * 8.64e10, false
  ) AS is_repeat
FROM preceded AS p
JOIN counted_tickets AS t ON t.ticket_id = p.ticket_id
CROSS JOIN thresholds
WHERE NOT p.is_solve
