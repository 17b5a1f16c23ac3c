-- One row per name of a column, of which the rule looks for those that differ in case, width or blanks only.
SELECT '' AS source, of_column, name, sum(events) AS events
FROM (
    SELECT of_column, name, events FROM health_names
    UNION ALL
    SELECT 'version', version, events FROM health_steps WHERE version IS NOT NULL
    UNION ALL
    SELECT 'source', source, events FROM loads WHERE source IS NOT NULL
)
GROUP BY of_column, name
ORDER BY of_column, name
