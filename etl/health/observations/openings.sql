-- One row per ticket that several loads open a day or more apart, and not for the same known customer: the first and the
-- last of these loads, how far apart the openings are, and whether the customers are known to be different. The
-- customer of a ticket in a load is on any of its events there.
SELECT
    ticket_id,
    min(load_id) AS first_load_id,
    max(load_id) AS load_id,
    date_diff('microsecond', min(first_opened_at), max(last_opened_at)) AS us_apart,
    count(DISTINCT customer_id) > 1 AS are_different
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
WHERE first_opened_at IS NOT NULL
GROUP BY ticket_id
HAVING count(*) > 1
    AND (count(DISTINCT customer_id) > 1 OR count(customer_id) < count(*))
    AND us_apart >= 8.64e10
