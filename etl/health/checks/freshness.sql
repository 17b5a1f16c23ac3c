-- One row per family of files: its newest event against its newest load, and against its own habit.
-- usual_days: the median number of days by which a load brought the newest event forward; null below three loads.
WITH newest AS (
    SELECT family, load_id, max(newest_at) AS newest_at
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family
    GROUP BY ALL
),
running AS (
    SELECT
        family, load_id,
        max(newest_at) OVER (PARTITION BY family ORDER BY load_id ROWS UNBOUNDED PRECEDING) AS newest_at
    FROM newest
),
steps AS (
    SELECT
        family, load_id, newest_at,
        (epoch(newest_at) - epoch(lag(newest_at) OVER (PARTITION BY family ORDER BY load_id))) / 86400 AS days
    FROM running
),
future AS (
    SELECT family, sum(health_hours.events) AS events
    FROM health_hours JOIN sources USING (load_id) JOIN loads USING (load_id)
    WHERE is_family AND health_hours.newest_at > loads.loaded_at
    GROUP BY family
)
SELECT
    steps.family AS source,
    max(steps.newest_at)::TIMESTAMP AS newest_at,
    max(loads.loaded_at)::TIMESTAMP AS loaded_at,
    (epoch(max(steps.newest_at)) - epoch(max(loads.loaded_at))) / 86400 AS days_ahead,
    (epoch((SELECT max(newest_at) FROM newest)) - epoch(max(steps.newest_at))) / 86400 AS days_behind_others,
    CASE WHEN count(*) >= 3 THEN median(steps.days) END AS usual_days,
    coalesce(any_value(future.events), 0) AS events_ahead
FROM steps
JOIN sources ON sources.load_id = steps.load_id AND sources.is_family
JOIN loads ON loads.load_id = steps.load_id
LEFT JOIN future ON future.family = steps.family
GROUP BY steps.family
ORDER BY source
