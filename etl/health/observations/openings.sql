-- One row per ticket that several loads open for different customers: the first and the last of these loads, and how
-- far apart the openings are. The customer of a ticket in a load is on any of its events there.
SELECT
    ticket_id,
    min(load_id) AS first_load_id,
    max(load_id) AS load_id,
    date_diff('microsecond', min(first_opened_at), max(last_opened_at)) AS us_apart
FROM (
    SELECT
        ticket_id,
        load_id,
        min(customer_id) AS customer_id,
        min(occurred_at) FILTER (WHERE kind = 'opened') AS first_opened_at,
        max(occurred_at) FILTER (WHERE kind = 'opened') AS last_opened_at
    FROM observed
    GROUP BY ticket_id, load_id
)
WHERE first_opened_at IS NOT NULL AND customer_id IS NOT NULL
GROUP BY ticket_id
HAVING count(*) > 1 AND count(DISTINCT customer_id) > 1
