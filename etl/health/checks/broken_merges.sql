-- One row per family of files with merges that lead to no ticket: how many, why, and three of them. A chain of merges
-- leads to the ticket at its end (merge_ends.sql): it may name none, run in a circle, or end at one that is not there.
WITH RECURSIVE named AS (
    SELECT * FROM health_merges WHERE into_ticket_id IS NOT NULL
),
chains AS (
    SELECT ticket_id, into_ticket_id FROM named
    UNION
    SELECT c.ticket_id, m.into_ticket_id
    FROM chains AS c
    JOIN named AS m ON m.ticket_id = c.into_ticket_id
),
ends AS (
    SELECT ticket_id, into_ticket_id AS end_ticket_id
    FROM chains
    WHERE into_ticket_id NOT IN (SELECT ticket_id FROM named)
),
merges AS (
    SELECT
        m.ticket_id,
        m.load_id,
        CASE
            WHEN m.into_ticket_id IS NULL THEN 'unnamed'
            WHEN e.ticket_id IS NULL THEN 'circular'
            WHEN e.end_ticket_id NOT IN (SELECT ticket_id FROM health_tickets) THEN 'missing'
        END AS fault
    FROM health_merges AS m LEFT JOIN ends AS e USING (ticket_id)
)
SELECT
    family AS source,
    count(*) AS merges,
    count(*) FILTER (WHERE fault = 'missing') AS missing,
    count(*) FILTER (WHERE fault = 'circular') AS circular,
    count(*) FILTER (WHERE fault = 'unnamed') AS unnamed,
    list_slice(coalesce(list(ticket_id ORDER BY ticket_id) FILTER (WHERE fault IS NOT NULL), []), 1, 3) AS examples
FROM merges JOIN sources USING (load_id)
WHERE is_family
GROUP BY family
ORDER BY source
