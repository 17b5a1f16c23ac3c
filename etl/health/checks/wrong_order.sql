-- One row per family of files and pair of things that came in the wrong order: how often, and among how many.
WITH pairs AS (
    SELECT load_id, 'solved_before_opened' AS pair, opened_at AS first_at, solved_at AS then_at
    FROM health_tickets
    UNION ALL
    SELECT load_id, 'closed_before_opened', opened_at, closed_at FROM health_tickets
    UNION ALL
    SELECT load_id, 'rated_before_opened', opened_at, rated_at FROM health_tickets
    UNION ALL
    SELECT load_id, 'replied_before_opened', heard_at, replied_at
    FROM health_tickets
    WHERE opened_at IS NOT NULL
    UNION ALL
    SELECT load_id, 'left_before_opened', heard_at, left_at
    FROM health_tickets
    WHERE opened_at IS NOT NULL
    UNION ALL
    SELECT load_id, 'handled_before_opened', opened_at, handled_at FROM health_tickets
    UNION ALL
    SELECT load_id, 'released_before_held', held_at, released_at FROM health_tickets
    UNION ALL
    SELECT load_id, 'followed_up_before_solved', least(solved_at, closed_at), followed_up_at FROM health_tickets
    UNION ALL
    -- A reopening also takes back what was merged away or discarded.
    SELECT load_id, 'reopened_before_solved', least(solved_at, closed_at, left_out_at), reopened_at
    FROM health_tickets
    UNION ALL
    SELECT load_id, 'acted_before_entered', started_at, acted_at
    FROM health_runs
    UNION ALL
    SELECT load_id, 'acted_before_step', step_entered_at, step_acted_at FROM health_runs
    UNION ALL
    SELECT load_id, 'entered_after_end', last_entered_at, ended_at FROM health_runs
    UNION ALL
    SELECT load_id, 'acted_after_end', last_acted_at, ended_at FROM health_runs
    UNION ALL
    SELECT load_id, 'resumed_before_paused', paused_at, resumed_at FROM health_runs
)
SELECT
    family AS source,
    pair,
    count(*) AS both_known,
    count(*) FILTER (WHERE then_at < first_at) AS wrong,
    median(epoch(first_at) - epoch(then_at)) FILTER (WHERE then_at < first_at) / 60 AS median_minutes
FROM pairs JOIN sources USING (load_id)
WHERE is_family AND first_at IS NOT NULL AND then_at IS NOT NULL
GROUP BY family, pair
ORDER BY source, wrong DESC, pair
