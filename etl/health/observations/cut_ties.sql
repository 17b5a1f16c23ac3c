-- One row per tie that a file boundary cuts: events of a ticket at one instant and one place, from several loads.
WITH divided AS (
    SELECT ticket_id FROM observed GROUP BY ticket_id HAVING min(load_id) <> max(load_id)
)
SELECT ticket_id, occurred_at, seq, max(load_id) AS load_id, count(*) AS events
FROM observed SEMI JOIN divided USING (ticket_id)
GROUP BY ticket_id, occurred_at, seq
HAVING min(load_id) <> max(load_id)
