-- One row per family of files: the days without any event on which that weekday usually has some.
-- Usually: on nine of ten of that weekday between the family's first and last busy day, and fifteen tickets (once
-- an hour) on average, so that no day is empty by chance. The first and last half percent of the tickets are left out: histories begin and fade gradually.
WITH daily AS (
    SELECT family, day, sum(tickets) AS tickets
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family
    GROUP BY family, day
),
running AS (
    SELECT
        family, day, tickets,
        sum(tickets) OVER (PARTITION BY family ORDER BY day) / sum(tickets) OVER (PARTITION BY family) AS share
    FROM daily
),
spans AS (
    SELECT
        family,
        min(day) FILTER (WHERE share > 0.005) AS first_day,
        coalesce(max(day) FILTER (WHERE share <= 0.995), max(day)) AS last_day
    FROM running
    GROUP BY family
),
calendar AS (
    SELECT family, unnest(generate_series(first_day, last_day, INTERVAL 1 DAY))::DATE AS day FROM spans
),
filled AS (
    SELECT family, day, isodow(day) AS weekday, coalesce(tickets, 0) AS tickets
    FROM calendar LEFT JOIN daily USING (family, day)
),
habits AS (
    SELECT family, weekday, count(*) FILTER (WHERE tickets > 0) / count(*) >= 0.9 AND avg(tickets) >= 15 AS is_usual
    FROM filled
    GROUP BY family, weekday
    HAVING count(*) >= 3
),
usual AS (
    SELECT family, day, tickets, row_number() OVER (PARTITION BY family ORDER BY day) AS place
    FROM filled JOIN habits USING (family, weekday)
    WHERE is_usual
),
stretches AS (
    SELECT family, count(*) AS days, min(day) AS first_day, max(day) AS last_day
    FROM (
        SELECT family, day, place - row_number() OVER (PARTITION BY family ORDER BY day) AS stretch
        FROM usual WHERE tickets = 0
    )
    GROUP BY family, stretch
)
SELECT
    family AS source,
    count(*) AS usual_days,
    count(*) FILTER (WHERE tickets = 0) AS empty_days,
    coalesce(max(longest.days), 0) AS longest_days,
    max(longest.first_day) AS longest_from,
    max(longest.last_day) AS longest_to
FROM usual
LEFT JOIN (
    SELECT * FROM stretches
    QUALIFY row_number() OVER (PARTITION BY family ORDER BY days DESC, first_day) = 1
) AS longest USING (family)
GROUP BY family
ORDER BY source
