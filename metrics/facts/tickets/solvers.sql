-- One row per ticket that counts, is solved, and whose solver is known.
-- The solver is the agent of the last solve or, where the source does not tell, the last agent who replied before it.
SELECT
  t.ticket_id,
  t.last_solved_at,
  t.arrived_at,
  t.source,
  t.custom,
  t.channel,
  t.reason,
  t.priority,
  t.team,
  t.workflow,
  CASE WHEN t.is_reopening_recorded THEN t.is_reopened END AS is_reopened,
  arg_max(e.agent_id, (e.kind <> 'replied', e.occurred_at, e.seq, e.event_id)) AS agent_id
FROM reportable_tickets AS t
JOIN ticket_events AS e ON e.ticket_id = t.ticket_id
WHERE
  e.actor = 'agent'
  AND e.agent_id IS NOT NULL
  AND (
    (
      e.kind = 'replied'
      AND (e.occurred_at < t.last_solved_at OR (e.occurred_at = t.last_solved_at AND e.seq <= t.last_solved_seq))
    )
    OR (e.kind IN ('solved', 'closed') AND e.occurred_at = t.last_solved_at AND e.seq = t.last_solved_seq)
  )
GROUP BY ALL
