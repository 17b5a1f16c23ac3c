-- One row per ticket opened by a customer we know, for a reason we know.
-- `is_repeat`: it came within the repeat days after a solve of another ticket of that customer for that reason.
SELECT
  t.*,
  EXISTS (
    SELECT 1
    FROM matter_moments AS m
    CROSS JOIN thresholds
    WHERE
      m.customer_id = t.customer_id
      AND m.reason = t.reason
      AND m.is_solve
      AND m.moment < t.opened_at
      AND date_diff('microsecond', m.moment, t.opened_at) <= thresholds.repeat_days * 8.64e10
  ) AS is_repeat
FROM counted_tickets AS t
WHERE
  t.opened_at IS NOT NULL
  AND NOT t.is_opened_by_agent
  AND t.customer_id IS NOT NULL
  AND t.reason IS NOT NULL
