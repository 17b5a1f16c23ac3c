-- One row per event of a ticket, and per message of a ticket merged into it.
-- The opening, the messages and a bot's hand-offs of a merged ticket count at the end of the chain, too, if that ticket
-- is there; they say nothing of its attributes and runs. `merged_from`: the ticket they come from, null for its own.
SELECT *, NULL AS merged_from
FROM events
UNION ALL
SELECT
  e.* REPLACE (
    m.end_ticket_id AS ticket_id,
    NULL AS channel,
    NULL AS reason,
    NULL AS priority,
    NULL AS customer_id,
    NULL AS team,
    NULL AS run_id,
    NULL AS workflow,
    NULL AS version,
    NULL AS step,
    NULL AS custom
  ),
  e.ticket_id AS merged_from
FROM events AS e
JOIN merge_ends AS m ON m.ticket_id = e.ticket_id
WHERE
  e.kind IN ('opened', 'replied', 'handed_off')
  AND m.end_ticket_id IN (SELECT ticket_id FROM events)
