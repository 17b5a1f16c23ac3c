-- One row per ticket opened by a customer we know, for a reason we know.
-- `is_repeat`: it came within the repeat days after a solve of another ticket of that customer for that reason.
SELECT
  t.*,
  t.ticket_id IN (
    SELECT o.ticket_id
    FROM reportable_tickets AS o
    INNER JOIN issue_events AS m ON
      m.customer_id = o.customer_id
      AND m.reason = o.reason
      AND m.moment < o.opened_at
    CROSS JOIN thresholds
    WHERE
      m.is_solve
      AND date_diff('microsecond', m.moment, o.opened_at) <= thresholds.repeat_days * 8.64e10
  ) AS is_repeat
FROM reportable_tickets AS t
WHERE
  t.opened_at IS NOT NULL
  AND NOT t.is_opened_by_agent
  AND t.customer_id IS NOT NULL
  AND t.reason IS NOT NULL
