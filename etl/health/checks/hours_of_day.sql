-- One row per family of files and week with enough tickets: by how many hours its day has moved, compared with the
-- four weeks before. For each move by whole hours: the log-likelihood of the week's hours under the profile of those
-- weeks (add-one smoothed), moved. Only Monday to Friday, and weeks with three such days: a desk has other hours at the
-- weekend. `evidence` is how many natural-log units the best move gains over none. Compared
-- with the weeks before, a change that stays shows as well as one that passes.
WITH weekly AS (
    SELECT family, date_trunc('week', day)::DATE AS week, hour, sum(tickets) AS tickets
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family AND isodow(day) <= 5
    GROUP BY ALL
),
days AS (
    SELECT family, date_trunc('week', day)::DATE AS week, count(DISTINCT day) AS days
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family AND isodow(day) <= 5
    GROUP BY ALL
),
weeks AS (
    SELECT family, week, sum(tickets) AS tickets
    FROM weekly JOIN days USING (family, week)
    WHERE days >= 3
    GROUP BY ALL
    HAVING sum(tickets) >= 200
),
earlier AS (
    SELECT weeks.family, weeks.week, hour, sum(weekly.tickets) AS tickets
    FROM weeks JOIN weekly ON weekly.family = weeks.family
        AND weekly.week < weeks.week AND weekly.week >= weeks.week - INTERVAL 28 DAY
    SEMI JOIN weeks AS full_weeks ON full_weeks.family = weekly.family AND full_weeks.week = weekly.week
    GROUP BY ALL
),
judged AS (
    SELECT family, week, sum(tickets) AS tickets FROM earlier GROUP BY ALL HAVING sum(tickets) >= 200
),
hours AS (SELECT unnest(range(24)) AS hour),
profile AS (
    SELECT judged.family, judged.week, hours.hour, ln((coalesce(earlier.tickets, 0) + 1) / (judged.tickets + 24)) AS fit
    FROM judged CROSS JOIN hours
    LEFT JOIN earlier
        ON earlier.family = judged.family AND earlier.week = judged.week AND earlier.hour = hours.hour
),
moves AS (SELECT unnest(range(-11, 13)) AS moved),
fits AS (
    SELECT weekly.family, weekly.week, moved, sum(weekly.tickets * profile.fit) AS fit
    FROM weekly CROSS JOIN moves
    JOIN profile
        ON profile.family = weekly.family AND profile.week = weekly.week
        AND profile.hour = (weekly.hour - moved + 24) % 24
    GROUP BY ALL
),
best AS (
    SELECT
        family, week,
        arg_max(moved, fit) AS moved,
        max(fit) - max(fit) FILTER (WHERE moved = 0) AS evidence
    FROM fits
    GROUP BY family, week
)
SELECT
    family AS source,
    week,
    best.moved AS moved_hours,
    best.evidence,
    weeks.tickets AS ticket_hours
FROM best JOIN weeks USING (family, week)
ORDER BY source, week
