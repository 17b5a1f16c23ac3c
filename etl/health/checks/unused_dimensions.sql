-- One row per dimension of the settings: how many events have the attribute that it is.
SELECT
    CAST(NULL AS VARCHAR) AS source,
    name,
    attribute,
    CAST(coalesce(sum(events), 0) AS BIGINT) AS events
FROM custom_dimensions LEFT JOIN health_attributes USING (attribute)
GROUP BY name, attribute
ORDER BY name
