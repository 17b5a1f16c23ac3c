-- One row per ticket that several loads open for different customers: the first and the last of these loads, and how
-- far apart the openings are.
SELECT
    ticket_id,
    min(load_id) AS first_load_id,
    max(load_id) AS load_id,
    date_diff('microsecond', min(occurred_at), max(occurred_at)) AS us_apart
FROM observed
WHERE kind = 'opened' AND customer_id IS NOT NULL
GROUP BY ticket_id
HAVING min(load_id) <> max(load_id) AND count(DISTINCT customer_id) > 1
