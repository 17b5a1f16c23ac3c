-- One row per family of files: its tickets, and those that no event opens.
SELECT family AS source, count(*) AS tickets, count(*) FILTER (WHERE opened_at IS NULL) AS unopened
FROM health_tickets JOIN sources USING (load_id)
WHERE is_family
GROUP BY family
ORDER BY source
