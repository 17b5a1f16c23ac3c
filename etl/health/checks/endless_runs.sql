-- One row per family of files: its runs that have been silent for a day at the newest event of their system, and those
-- of them that nothing ends. Younger runs may still be running. The day is one of the clock: health knows no settings.
WITH newest AS (
    SELECT loads.source AS system, max(newest_at) AS at
    FROM health_hours JOIN loads USING (load_id)
    GROUP BY loads.source
),
runs AS (
    SELECT min(health_runs.load_id) AS load_id, max(ended_at) AS ended_at, max(last_at) AS last_at
    FROM health_runs LEFT JOIN shared_run_ids USING (run_id)
    GROUP BY run_id, CASE WHEN coalesce(is_one, false) THEN '' ELSE ticket_id END
)
SELECT
    family AS source,
    count(*) AS runs,
    count(*) FILTER (WHERE ended_at IS NULL) AS endless
FROM runs
JOIN sources USING (load_id)
JOIN loads USING (load_id)
JOIN newest ON newest.system IS NOT DISTINCT FROM loads.source
WHERE is_family AND (ended_at IS NOT NULL OR last_at < newest.at - INTERVAL 24 HOUR)
GROUP BY family
ORDER BY source
