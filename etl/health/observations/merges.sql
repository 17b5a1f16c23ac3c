-- One row per ticket that is merged away, and not discarded or taken back since: into which ticket, null where none is
-- named; load_id is the load of its newest merge. The facts (merges.sql) take the same one.
SELECT ticket_id, load_id, into_ticket_id
FROM (
    SELECT
        ticket_id,
        max(load_id) FILTER (WHERE kind = 'merged') AS load_id,
        arg_max(kind, (occurred_at, seq, event_id)) AS last_kind,
        nullif(arg_max(coalesce(value, ''), (occurred_at, seq, event_id)), '') AS into_ticket_id
    FROM observed
    WHERE kind IN ('merged', 'discarded', 'reopened')
    GROUP BY ticket_id
)
WHERE last_kind = 'merged'
