-- One row per family of files with five weeks or more: the weeks at its end with far fewer tickets than before.
-- Weeks are counted back from its newest day, so that all have the same days of the week. A ticket counts once an
-- hour. usual: the median of the thirteen weeks before the low ones; low_weeks: weeks at the end, one after the
-- other, with less than a third of that of the weeks before them; last: the mean of them; before: the week before.
WITH ends AS (
    SELECT family, max(day) AS last_day, min(day) AS first_day
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family
    GROUP BY family
),
daily AS (
    SELECT family, (last_day - day) // 7 AS back, sum(tickets) AS tickets
    FROM health_hours JOIN sources USING (load_id) JOIN ends USING (family)
    WHERE is_family
    GROUP BY ALL
),
weeks AS (
    SELECT family, back, coalesce(tickets, 0) AS tickets
    FROM (
        SELECT family, unnest(range((last_day - first_day + 1) // 7)) AS back FROM ends
    )
    LEFT JOIN daily USING (family, back)
),
-- Of each number of low weeks: what was usual before them, and how much the busiest of them has.
candidates AS (
    SELECT
        low.family, low.back + 1 AS low_weeks,
        median(before.tickets) AS usual,
        max(before.tickets) FILTER (WHERE before.back = low.back + 1) AS before
    FROM weeks AS low
    JOIN weeks AS before
        ON before.family = low.family AND before.back > low.back AND before.back <= low.back + 13
    WHERE low.back < 8
    GROUP BY low.family, low.back
    HAVING count(*) >= 4
),
drops AS (
    SELECT candidates.family, low_weeks, usual, before, max(tickets) AS most, avg(tickets) AS last
    FROM candidates JOIN weeks ON weeks.family = candidates.family AND weeks.back < low_weeks
    GROUP BY candidates.family, low_weeks, usual, before
),
lowest AS (
    SELECT * FROM drops
    WHERE most < usual / 3
    QUALIFY row_number() OVER (PARTITION BY family ORDER BY low_weeks DESC) = 1
)
SELECT
    ends.family AS source,
    coalesce(low_weeks, 0) AS low_weeks,
    usual,
    last,
    before,
    last_day - (7 * low_weeks - 1)::INTEGER AS first_day
FROM ends
SEMI JOIN candidates ON candidates.family = ends.family
LEFT JOIN lowest ON lowest.family = ends.family
ORDER BY source
