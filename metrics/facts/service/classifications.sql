-- One row per ticket and stretch of time in which its channel, priority and team, by which targets go, stayed the same.
-- Each is what was last known, whatever became known later; of what is said at one instant and `seq` the last counts.
-- Before anything is known all are null. `since` is null for the first stretch, `until` for the last; what is said otherwise
-- later at the same instant is a stretch that ends where it begins.
WITH statements AS (
  SELECT
    ticket_id,
    occurred_at,
    seq,
    last_value(channel IGNORE NULLS) OVER upto AS channel,
    last_value(priority IGNORE NULLS) OVER upto AS priority,
    last_value(team IGNORE NULLS) OVER upto AS team,
    lead((occurred_at, seq)) OVER upto AS next_place
  FROM events
  WHERE channel IS NOT NULL OR priority IS NOT NULL OR team IS NOT NULL
  WINDOW upto AS (
    PARTITION BY ticket_id
    ORDER BY occurred_at, seq, recorded_at NULLS FIRST, load_id, position, event_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  )
),

changes AS (
  SELECT ticket_id, occurred_at AS since, seq AS since_seq, channel, priority, team
  FROM statements
  WHERE next_place IS NULL OR next_place > (occurred_at, seq)
  UNION ALL
  SELECT ticket_id, NULL AS since, NULL AS since_seq, NULL AS channel, NULL AS priority, NULL AS team
  FROM tickets
),

compared AS (
  SELECT
    *,
    lag(ticket_id) OVER earlier IS NULL
    OR channel IS DISTINCT FROM lag(channel) OVER earlier
    OR priority IS DISTINCT FROM lag(priority) OVER earlier
    OR team IS DISTINCT FROM lag(team) OVER earlier
      AS is_change
  FROM changes
  WINDOW earlier AS (PARTITION BY ticket_id ORDER BY since NULLS FIRST, since_seq)
)

SELECT
  ticket_id,
  since,
  since_seq,
  lead(since) OVER (PARTITION BY ticket_id ORDER BY since NULLS FIRST, since_seq) AS until,
  channel,
  priority,
  team
FROM compared
WHERE is_change
