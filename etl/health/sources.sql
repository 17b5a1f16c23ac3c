-- One row per load that counts; source: its file's name, behind that of the system it comes from. pattern: the same
-- with # for each number in the file's name; desk1 and desk2 are two systems.
CREATE OR REPLACE TEMP VIEW labelled_loads AS
SELECT
    * EXCLUDE (source),
    coalesce(source || ': ', '') || file AS source,
    coalesce(source || ': ', '') || regexp_replace(file, '[0-9]+', '#', 'g') AS pattern
FROM loads;

-- One row per load and name it is judged under: its file's, and its family's where the family has several files.
-- A family is the files whose names differ in digits alone: events-2026-01.csv, events-2026-02.csv.
CREATE OR REPLACE TEMP VIEW sources AS
WITH families AS (
    SELECT pattern, count(DISTINCT source) AS files, min(source) AS only_file FROM labelled_loads GROUP BY pattern
),
placed AS (
    SELECT load_id, source, CASE WHEN files > 1 THEN pattern ELSE only_file END AS family
    FROM labelled_loads JOIN families USING (pattern)
)
SELECT load_id, source, family, source = family AS is_family FROM placed
UNION ALL
SELECT load_id, family AS source, family, true AS is_family FROM placed WHERE source <> family;

-- One row per run id that steps of several tickets have: whether it is one run, and why not where it is none. The facts
-- (run_links.sql) decide it in the same way.
CREATE OR REPLACE TEMP VIEW shared_run_ids AS
WITH several AS (SELECT run_id FROM health_runs GROUP BY run_id HAVING count(*) > 1),
turns AS (
    SELECT run_id, ticket_id, load_id, least(started_at, acted_at) AS begins_at, last_at
    FROM health_runs SEMI JOIN several USING (run_id)
),
customers AS (
    SELECT ticket_id, min(customer_id) AS first_customer, max(customer_id) AS last_customer
    FROM events SEMI JOIN turns USING (ticket_id)
    GROUP BY ticket_id
),
in_order AS (
    SELECT
        *,
        begins_at < lag(last_at) OVER (PARTITION BY run_id ORDER BY begins_at, last_at, ticket_id) AS is_too_early
    FROM turns JOIN customers USING (ticket_id)
),
reasons AS (
    SELECT
        run_id,
        min(load_id) AS load_id,
        count(*) > 3 AS is_in_many,
        coalesce(min(first_customer) <> max(last_customer), false) AS is_of_several,
        coalesce(bool_or(is_too_early), false) AS is_overlapping
    FROM in_order
    GROUP BY run_id
)
SELECT
    reasons.*,
    unique_within,
    coalesce(unique_within = 'source', NOT (is_in_many OR is_of_several OR is_overlapping)) AS is_one
FROM reasons, (SELECT max(unique_within) AS unique_within FROM run_rules)
