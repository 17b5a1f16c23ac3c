-- One row per family of files: its runs that have been silent for a day at its newest event, and those of them
-- that nothing ends. Younger runs may still be running.
WITH newest AS (SELECT max(newest_at) AS at FROM health_hours)
SELECT
    family AS source,
    count(*) AS runs,
    count(*) FILTER (WHERE ended_at IS NULL) AS endless
FROM health_runs JOIN sources USING (load_id), newest
WHERE is_family AND (ended_at IS NOT NULL OR last_at < newest.at - INTERVAL 24 HOUR)
GROUP BY family
ORDER BY source
