-- One row per ticket ever solved, of a customer and a reason we know, once the repeat days have passed.
-- `is_settled_at_once`: it was never reopened, and the customer brought the matter up in no other ticket within the
-- repeat days after a solve of it. Before they have passed since its latest solve, nobody knows.
WITH followed AS (
  SELECT
    ticket_id,
    moment,
    is_solve,
    min(moment) FILTER (WHERE NOT is_solve) OVER (
      PARTITION BY customer_id, reason
      ORDER BY moment, is_solve
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS next_contact_at
  FROM matter_moments
),

brought_up_again AS (
  SELECT DISTINCT f.ticket_id
  FROM followed AS f
  CROSS JOIN thresholds
  WHERE f.is_solve AND date_diff('microsecond', f.moment, f.next_contact_at) <= thresholds.repeat_days * 8.64e10
)

SELECT
  t.*,
  NOT t.is_reopened AND b.ticket_id IS NULL AS is_settled_at_once
FROM counted_tickets AS t
LEFT JOIN brought_up_again AS b ON b.ticket_id = t.ticket_id
CROSS JOIN clock
CROSS JOIN thresholds
WHERE
  t.is_ever_solved
  AND t.customer_id IS NOT NULL
  AND t.reason IS NOT NULL
  AND date_diff('microsecond', list_max(t.solves), clock.as_of) >= thresholds.repeat_days * 8.64e10
