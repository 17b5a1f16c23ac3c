-- One row per ticket that is merged into another: the one that its last `merged` names.
-- Not where it was discarded, or taken back by a `reopened`, since. That ticket need not be there.
SELECT ticket_id, into_ticket_id
FROM (
  SELECT
    ticket_id,
    arg_max(kind, (occurred_at, seq, event_id)) AS last_kind,
    nullif(arg_max(coalesce(value, ''), (occurred_at, seq, event_id)), '') AS into_ticket_id
  FROM events
  WHERE kind IN ('merged', 'discarded', 'reopened')
  GROUP BY ticket_id
)
WHERE last_kind = 'merged' AND into_ticket_id <> ticket_id
