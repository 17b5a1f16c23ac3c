-- One row per family of files: its finished runs of three steps or more, and those of them that were clicked through.
-- These took a few seconds a step at most, and far less than the median of the others. Where that is an hour or more, the
-- steps are states of tickets, which nobody clicks through.
WITH runs AS (
    SELECT
        family,
        date_diff('millisecond', started_at, finished_at) / 1000.0 / times_entered AS step_seconds
    FROM health_runs
    JOIN sources USING (load_id)
    WHERE is_family AND finished_at IS NOT NULL AND times_entered >= 3
),
unhurried AS (
    SELECT family, median(step_seconds) AS step_seconds
    FROM runs
    WHERE step_seconds >= 5
    GROUP BY family
)
SELECT
    family AS source,
    count(*) AS runs,
    count(*) FILTER (
        WHERE runs.step_seconds < least(5, 0.2 * unhurried.step_seconds) AND unhurried.step_seconds < 3600
    ) AS rushed,
    unhurried.step_seconds / 60 AS median_minutes
FROM runs
LEFT JOIN unhurried USING (family)
GROUP BY family, unhurried.step_seconds
ORDER BY source
