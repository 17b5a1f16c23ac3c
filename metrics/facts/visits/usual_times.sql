-- One row per step version and source: the median active time of its visits that are not confused.
SELECT source, workflow, version, step, CAST(median(active_us) AS BIGINT) AS usual_us, count(*) AS visits
FROM timed_visits
WHERE NOT is_confused
GROUP BY source, workflow, version, step
