-- One row per ticket that counts: how long its customer has waited for the resolution, and whether it came.
-- `waited_minutes` runs to the last solve that no reopening follows; without one to the instant of looking, or to the
-- closing of a ticket that was reopened and closed without another solve: there, the wait is known to be longer or
-- broken off; so it is where the customer hung up or left the queue. A ticket that was heard of only after its solve
-- has no beginning and is left out.
SELECT
  *
FROM (
  SELECT
    t.*,
    t.is_solved AS is_over,
    CASE
      WHEN t.is_solved THEN t.resolution_minutes
      ELSE
        date_diff('microsecond', t.resolution_clock_starts_at, coalesce(t.given_up_at, t.data_until)) / 6e7
    END AS waited_minutes
  FROM reportable_tickets AS t
)
WHERE waited_minutes >= 0
