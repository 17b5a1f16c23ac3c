-- One row per family of files: its reopenings, and those that follow on another one without a solve in between.
SELECT
    family AS source,
    count(*) AS tickets,
    sum(reopenings) AS reopenings,
    sum(repeats) AS repeats
FROM health_reopenings JOIN sources USING (load_id)
WHERE is_family
GROUP BY family
ORDER BY source
