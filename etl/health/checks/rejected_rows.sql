-- One row per file and rule: rows refused for it, among the rows read from the file's largest load.
WITH refused AS (
    SELECT source, rule, count(*) AS rows, max(load_id) AS load_id
    FROM rejected
    GROUP BY source, rule
)
SELECT source, rule, rows, refused.load_id, max(loads.read) AS read
FROM refused JOIN loads USING (source)
GROUP BY ALL
ORDER BY rows DESC, source, rule
