-- One row per name in the settings that no event has, with the names that events have in that column.
SELECT
    '' AS source,
    place,
    of_column,
    name,
    (
        SELECT coalesce(list(DISTINCT data.name ORDER BY data.name), []) FROM health_names AS data
        WHERE data.of_column = setting_names.of_column
    ) AS names_of_events
FROM setting_names
WHERE EXISTS (FROM health_tickets)
  AND NOT EXISTS (
      FROM health_names AS data
      WHERE data.of_column = setting_names.of_column AND data.name = setting_names.name
  )
ORDER BY place, of_column, name
