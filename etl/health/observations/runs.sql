-- One row per run: the first instant of each thing that has an order; load_id is its earliest load. Ticket events that
-- name the run are not looked at.
-- step_entered_at, step_acted_at: of the step at which something was done longest before it was first entered.
WITH steps AS (
    SELECT
        ticket_id, run_id, step,
        min(load_id) AS load_id,
        min(occurred_at) FILTER (WHERE kind IN ('run_started', 'entered')) AS started_at,
        min(occurred_at) FILTER (WHERE kind NOT IN ('run_started', 'entered')) AS acted_at,
        min(occurred_at) FILTER (WHERE kind NOT IN ('run_started', 'entered', 'run_finished', 'run_abandoned'))
            AS step_acted_at,
        max(occurred_at) FILTER (WHERE kind NOT IN ('run_finished', 'run_abandoned', 'entered')) AS last_acted_at,
        max(occurred_at) FILTER (WHERE kind = 'entered') AS last_entered_at,
        max(occurred_at) FILTER (WHERE kind IN ('run_finished', 'run_abandoned')) AS ended_at,
        max(occurred_at) FILTER (WHERE kind = 'run_finished') AS finished_at,
        count(*) FILTER (WHERE kind = 'entered') AS times_entered,
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
    GROUP BY ticket_id, run_id, step
)
SELECT
    ticket_id,
    run_id,
    min(load_id) AS load_id,
    min(started_at) AS started_at,
    min(acted_at) AS acted_at,
    max(last_acted_at) AS last_acted_at,
    max(last_entered_at) AS last_entered_at,
    max(ended_at) AS ended_at,
    max(finished_at) AS finished_at,
    sum(times_entered) AS times_entered,
    min(paused_at) AS paused_at,
    min(resumed_at) AS resumed_at,
    max(last_at) AS last_at,
    arg_min(started_at, date_diff('microsecond', started_at, step_acted_at))
        FILTER (WHERE started_at IS NOT NULL AND step_acted_at IS NOT NULL) AS step_entered_at,
    arg_min(step_acted_at, date_diff('microsecond', started_at, step_acted_at))
        FILTER (WHERE started_at IS NOT NULL AND step_acted_at IS NOT NULL) AS step_acted_at
FROM steps
GROUP BY ticket_id, run_id
