-- One row per family of files of the later load: ties between events that a file boundary cuts.
SELECT family AS source, count(*) AS ties, count(DISTINCT ticket_id) AS tickets
FROM health_cut_ties JOIN sources USING (load_id)
WHERE is_family
GROUP BY family
ORDER BY source
