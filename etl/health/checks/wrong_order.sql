-- One row per family of files and pair of things that came in the wrong order: how often, and among how many.
WITH pairs AS (
    SELECT load_id, 'solved before it was opened' AS what, opened_at AS first_at, solved_at AS then_at
    FROM health_tickets
    UNION ALL
    SELECT load_id, 'closed before it was opened', opened_at, closed_at FROM health_tickets
    UNION ALL
    SELECT load_id, 'rated before it was opened', opened_at, rated_at FROM health_tickets
    UNION ALL
    SELECT load_id, 'reopened before it was ever solved', least(solved_at, closed_at), reopened_at
    FROM health_tickets
    UNION ALL
    SELECT load_id, 'something done in a run before its first step was entered', started_at, acted_at
    FROM health_runs
    UNION ALL
    SELECT load_id, 'a step entered after its run had ended', last_entered_at, ended_at FROM health_runs
    UNION ALL
    SELECT load_id, 'a run resumed before it was ever paused', paused_at, resumed_at FROM health_runs
)
SELECT
    family AS source,
    what,
    count(*) AS both_known,
    count(*) FILTER (WHERE then_at < first_at) AS wrong,
    median(epoch(first_at) - epoch(then_at)) FILTER (WHERE then_at < first_at) / 60 AS median_minutes
FROM pairs JOIN sources USING (load_id)
WHERE is_family AND first_at IS NOT NULL AND then_at IS NOT NULL
GROUP BY family, what
ORDER BY source, wrong DESC, what
