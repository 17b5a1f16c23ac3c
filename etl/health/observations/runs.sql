-- One row per run: the first instant of each thing that has an order; load_id is its earliest load. Ticket events that
-- name the run are not looked at.
SELECT
    ticket_id,
    run_id,
    min(load_id) AS load_id,
    min(occurred_at) FILTER (WHERE kind IN ('run_started', 'entered')) AS started_at,
    min(occurred_at) FILTER (WHERE kind NOT IN ('run_started', 'entered')) AS acted_at,
    max(occurred_at) FILTER (WHERE kind = 'entered') AS last_entered_at,
    max(occurred_at) FILTER (WHERE kind IN ('run_finished', 'run_abandoned')) AS ended_at,
    min(occurred_at) FILTER (WHERE kind = 'paused') AS paused_at,
    min(occurred_at) FILTER (WHERE kind = 'resumed') AS resumed_at,
    max(occurred_at) AS last_at
FROM observed
WHERE
    run_id IS NOT NULL
    AND kind IN (
        'run_started', 'entered', 'answered', 'went_back', 'asked_help', 'searched',
        'input_rejected', 'skipped', 'paused', 'resumed', 'run_finished', 'run_abandoned'
    )
GROUP BY ticket_id, run_id
