-- One row per name of a column, of which the rule looks for those that differ in case, width or blanks only.
SELECT '' AS source, of_column, name, sum(events) AS events
FROM health_names
GROUP BY of_column, name
ORDER BY of_column, name
