-- One row per mapping, or table of one, with keys that had no effect on any load made with it; its newest load stands
-- for all. What all tables of a mapping share is held against all loads, what one states itself against its own.
WITH parts AS (
    SELECT load_id, source, stated_mapping, NULL AS mapping_table, shared_without_effect AS keys
    FROM labelled_loads
    WHERE read > 0 AND shared_without_effect IS NOT NULL
    UNION ALL
    SELECT
        load_id, source, stated_mapping, mapping_table,
        list_filter(without_effect, lambda key: NOT list_contains(shared_without_effect, key)) AS keys
    FROM labelled_loads
    WHERE read > 0 AND shared_without_effect IS NOT NULL AND mapping_table IS NOT NULL
),
of_mapping AS (
    SELECT
        max(load_id) AS load_id,
        arg_max_null(source, load_id) AS source,
        arg_max(keys, load_id) AS newest,
        list(keys) AS each_load
    FROM parts
    GROUP BY stated_mapping, mapping_table
)
SELECT
    source,
    load_id,
    list_filter(newest, lambda key: len(list_filter(each_load, lambda keys: NOT list_contains(keys, key))) = 0) AS keys
FROM of_mapping
WHERE len(keys) > 0
ORDER BY ALL
