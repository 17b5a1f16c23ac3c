-- One row per ticket ever solved, of a customer and a reason we know, once the repeat days have passed.
-- `is_settled_at_once`: it was never reopened, and the customer brought the issue up in no other ticket within the
-- repeat days after a solve of it. Before they have passed since its latest solve, nobody knows.
WITH brought_up_again AS (
  SELECT DISTINCT s.ticket_id
  FROM issue_events AS s
  CROSS JOIN thresholds
  JOIN issue_events AS o ON
    o.customer_id = s.customer_id
    AND o.reason = s.reason
    AND o.moment > s.moment
    AND NOT o.is_solve
  WHERE s.is_solve AND date_diff('microsecond', s.moment, o.moment) <= thresholds.repeat_days * 8.64e10
)

SELECT
  t.*,
  NOT t.is_reopened AND b.ticket_id IS NULL AS is_settled_at_once
FROM reportable_tickets AS t
LEFT JOIN brought_up_again AS b ON b.ticket_id = t.ticket_id
CROSS JOIN thresholds
WHERE
  t.is_ever_solved
  AND t.customer_id IS NOT NULL
  AND t.reason IS NOT NULL
  AND date_diff('microsecond', list_max(t.solves), t.data_until) >= thresholds.repeat_days * 8.64e10
