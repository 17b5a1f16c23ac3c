-- One row per mapping with keys that had no effect on any load made with it; its newest load stands for all.
WITH of_mapping AS (
    SELECT
        max(load_id) AS load_id,
        arg_max(source, load_id) AS source,
        arg_max(without_effect, load_id) AS newest,
        list(without_effect) AS each_load
    FROM loads
    WHERE read > 0 AND without_effect IS NOT NULL
    GROUP BY mapping
)
SELECT
    source,
    load_id,
    list_filter(newest, lambda key: len(list_filter(each_load, lambda keys: NOT list_contains(keys, key))) = 0) AS keys
FROM of_mapping
WHERE len(keys) > 0
ORDER BY load_id
