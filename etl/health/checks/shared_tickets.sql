-- One row per pair of families of files that open tickets of the same number for different customers, a day or more
-- apart: how many, and how far apart.
SELECT
    later.family AS source,
    first.family AS other_source,
    max(load_id) AS load_id,
    count(*) AS tickets,
    median(us_apart) / 8.64e10 AS median_days
FROM health_openings
JOIN (SELECT load_id, family FROM sources WHERE is_family) AS later USING (load_id)
JOIN (SELECT load_id AS first_load_id, family FROM sources WHERE is_family) AS first USING (first_load_id)
WHERE us_apart >= 8.64e10
GROUP BY later.family, first.family
ORDER BY tickets DESC, source, other_source
