-- One row per ticket that counts and target that was set for it: attained, breached, pending or paused.
-- Attained: answered or solved by the due instant. Breached: later, or not yet though the due instant has passed.
-- Pending: not yet, and still time. Paused: not yet, and while the pause lasts its time does not run out. A ticket that
-- came to rest in time without what was promised (solved without an answer, closed without a solve) owes it no more:
-- its status is null. Only attained and breached count. `used_minutes`: of a paused target, the time used so far.
-- `judged_at` is when it was answered or solved, or while it is not the due instant, or that of the pause.
WITH judged AS (
  SELECT
    g.*,
    t.* EXCLUDE (ticket_id),
    g.target_us / 6e7 AS target_minutes,
    CASE WHEN g.is_business THEN 'business' ELSE 'calendar' END AS clock,
    g.used_us / 6e7 AS used_minutes,
    coalesce(g.met_at, g.due_at, g.paused_at) AS judged_at,
    CASE
      WHEN g.met_at <= g.due_at OR (g.met_at IS NOT NULL AND g.due_at IS NULL) THEN 'attained'
      WHEN coalesce(g.met_at, g.rested_at, t.data_until) > g.due_at THEN 'breached'
      WHEN g.rested_at IS NULL AND g.paused_at IS NOT NULL THEN 'paused'
      WHEN g.rested_at IS NULL THEN 'pending'
    END AS status
  FROM ticket_targets AS g
  JOIN reportable_tickets AS t ON t.ticket_id = g.ticket_id
)

SELECT *, status IN ('attained', 'breached') AS is_judged, status = 'attained' AS is_attained
FROM judged
