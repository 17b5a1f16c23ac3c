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
SELECT load_id, family AS source, family, true AS is_family FROM placed WHERE source <> family
