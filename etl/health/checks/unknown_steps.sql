-- One row per workflow version that is defined, or whose workflow is: events at steps its definition does not have.
WITH seen AS (
    SELECT workflow, version, step, sum(events) AS events FROM health_steps GROUP BY ALL
),
defined AS (SELECT DISTINCT workflow, version FROM workflow_steps)
SELECT
    workflow,
    version,
    (workflow, version) IN (FROM defined) AS is_defined,
    sum(events) AS events,
    coalesce(sum(events) FILTER (WHERE workflow_steps.step IS NULL), 0) AS events_elsewhere,
    coalesce(list(seen.step ORDER BY events DESC, seen.step) FILTER (WHERE workflow_steps.step IS NULL), []) AS steps
FROM seen
LEFT JOIN workflow_steps USING (workflow, version, step)
WHERE workflow IN (SELECT workflow FROM defined)
GROUP BY workflow, version
ORDER BY workflow, version
