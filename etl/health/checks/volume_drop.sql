-- One row per family of files with five weeks or more, and what is counted: the weeks at its end with far fewer.
-- Counted are tickets with events, once an hour each, and `openings`, where the family has any. Weeks are counted back
-- from its newest day, so that all have the same days of the week. usual: the median of the thirteen weeks before the
-- low ones; low_weeks: weeks at the end, one after the other, with less than a third of that of the weeks before them:
-- up to eight of events, up to a year of openings, which may stop long before the last event; last: the mean of them;
-- before: the week before.
WITH ends AS (
    SELECT family, max(day) AS last_day, min(day) AS first_day
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family
    GROUP BY family
),
measured AS (
    SELECT family, day, 'tickets' AS measure, tickets
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family
    UNION ALL
    SELECT family, day, 'openings', opened
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family AND opened > 0
),
daily AS (
    SELECT family, measure, (last_day - day) // 7 AS back, sum(tickets) AS tickets
    FROM measured JOIN ends USING (family)
    GROUP BY ALL
),
weeks AS (
    SELECT family, measure, back, coalesce(tickets, 0) AS tickets
    FROM (
        SELECT family, measure, unnest(range((last_day - first_day + 1) // 7)) AS back
        FROM ends JOIN (SELECT DISTINCT family, measure FROM measured) USING (family)
    )
    LEFT JOIN daily USING (family, measure, back)
),
-- Of each number of low weeks: what was usual before them, and how much the busiest of them has.
candidates AS (
    SELECT
        low.family, low.measure, low.back + 1 AS low_weeks,
        median(before.tickets) AS usual,
        max(before.tickets) FILTER (WHERE before.back = low.back + 1) AS before
    FROM weeks AS low
    JOIN weeks AS before
        ON before.family = low.family AND before.measure = low.measure
        AND before.back > low.back AND before.back <= low.back + 13
    WHERE low.back < CASE low.measure WHEN 'openings' THEN 52 ELSE 8 END
    GROUP BY low.family, low.measure, low.back
    HAVING count(*) >= 4
),
drops AS (
    SELECT candidates.family, candidates.measure, low_weeks, usual, before, max(tickets) AS most, avg(tickets) AS last
    FROM candidates
    JOIN weeks
        ON weeks.family = candidates.family AND weeks.measure = candidates.measure AND weeks.back < low_weeks
    GROUP BY candidates.family, candidates.measure, low_weeks, usual, before
),
lowest AS (
    SELECT * FROM drops
    WHERE most < usual / 3
    QUALIFY row_number() OVER (PARTITION BY family, measure ORDER BY low_weeks DESC) = 1
)
SELECT
    ends.family AS source,
    measured.measure,
    coalesce(low_weeks, 0) AS low_weeks,
    usual,
    last,
    before,
    last_day - (7 * low_weeks - 1)::INTEGER AS first_day
FROM ends
JOIN (SELECT DISTINCT family, measure FROM candidates) AS measured ON measured.family = ends.family
LEFT JOIN lowest ON lowest.family = ends.family AND lowest.measure = measured.measure
ORDER BY source, measure DESC
