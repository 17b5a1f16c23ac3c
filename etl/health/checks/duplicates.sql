-- One row per load: its share of repeated rows, and the median share of the other loads of its family.
-- A file loaded again, as it was or mended, is not judged: its rows are repeated, as they should be. Rows that
-- say something new of a known event are corrections, not repeated.
WITH sized AS (
    SELECT
        load_id, loads.source, family, loads.read,
        greatest(loads.duplicates - coalesce(loads.conflicts, 0), 0) AS duplicates,
        greatest(loads.duplicates - coalesce(loads.conflicts, 0), 0) / loads.read AS share,
        count(*) OVER (PARTITION BY loads.source, loads.read ORDER BY load_id) > 1 AS is_repeated
    FROM labelled_loads AS loads JOIN (SELECT load_id, family FROM sources WHERE is_family) USING (load_id)
    WHERE loads.read > 0
),
judged AS (SELECT * FROM sized WHERE NOT is_repeated)
SELECT
    here.load_id,
    here.source,
    here.read,
    here.duplicates,
    median(others.share) AS usual_share
FROM judged AS here
LEFT JOIN judged AS others ON others.family = here.family AND others.load_id <> here.load_id
GROUP BY ALL
ORDER BY here.load_id
