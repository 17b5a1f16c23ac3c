-- One row per load and step of a workflow version that its events name.
SELECT load_id, workflow, version, step, count(*) AS events
FROM observed
WHERE step IS NOT NULL
GROUP BY ALL
