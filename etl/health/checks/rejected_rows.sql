-- One row per file and rule: rows rejected for it, among the rows read from the file's largest load.
WITH counted AS (
    SELECT source, rule, count(*) AS rows, max(load_id) AS load_id
    FROM rejected JOIN (SELECT load_id, source FROM labelled_loads) USING (load_id)
    GROUP BY source, rule
)
SELECT source, rule, rows, counted.load_id, max(loads.read) AS read
FROM counted JOIN labelled_loads AS loads USING (source)
GROUP BY ALL
ORDER BY rows DESC, source, rule
