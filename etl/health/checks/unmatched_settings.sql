-- One row per name in the settings that no event has, with one of the data that differs from it in case only.
SELECT
    '' AS source,
    place,
    of_column,
    name,
    (
        SELECT min(data.name) FROM health_names AS data
        WHERE data.of_column = setting_names.of_column AND lower(data.name) = lower(setting_names.name)
    ) AS near
FROM setting_names
WHERE (SELECT count(*) FROM health_names) > 0
  AND NOT EXISTS (
      FROM health_names AS data
      WHERE data.of_column = setting_names.of_column AND data.name = setting_names.name
  )
ORDER BY ALL
