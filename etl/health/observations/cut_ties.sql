-- One row per tie that a file boundary cuts: events of a ticket at one instant, from several loads, in an order that no
-- file tells. It is told where the source gives all of them a `seq`, no two loads the same.
WITH divided AS (
    SELECT ticket_id FROM observed GROUP BY ticket_id HAVING min(load_id) <> max(load_id)
),
places AS (
    SELECT
        ticket_id, occurred_at, seq,
        min(load_id) AS first_load, max(load_id) AS last_load,
        bool_or(has_seq) AS has_some, bool_and(has_seq) AS has_all,
        count(*) AS events
    FROM observed SEMI JOIN divided USING (ticket_id)
    JOIN (SELECT load_id, has_seq FROM loads) USING (load_id)
    GROUP BY ticket_id, occurred_at, seq
)
SELECT ticket_id, occurred_at, max(last_load) AS load_id, sum(events)::BIGINT AS events
FROM places
GROUP BY ticket_id, occurred_at
HAVING bool_or(first_load <> last_load)
    OR (min(first_load) <> max(last_load) AND bool_or(has_some) AND NOT bool_and(has_all))
