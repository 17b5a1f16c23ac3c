-- One row per load and custom attribute that its events have.
SELECT load_id, attribute, count(*) AS events
FROM (SELECT load_id, unnest(json_keys(custom)) AS attribute FROM observed WHERE custom IS NOT NULL)
GROUP BY ALL
