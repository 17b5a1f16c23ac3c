-- One row per pair of families of files that open tickets of the same number a day or more apart: how many, how far
-- apart, and how many of them for customers that are known to be different.
SELECT
    later.family AS source,
    first.family AS other_source,
    max(load_id) AS load_id,
    count(*) FILTER (WHERE are_different) AS tickets,
    count(*) FILTER (WHERE NOT are_different) AS tickets_of_unknown,
    median(us_apart) / 8.64e10 AS median_days
FROM health_openings
JOIN (SELECT load_id, family FROM sources WHERE is_family) AS later USING (load_id)
JOIN (SELECT load_id AS first_load_id, family FROM sources WHERE is_family) AS first USING (first_load_id)
GROUP BY later.family, first.family
ORDER BY tickets DESC, source, other_source
