-- One row per run: one execution of one guided workflow, in the ticket it belongs to.
-- `ended_at` and `ended_by` are null while the run is silent; whether silence means running or abandoned depends on
-- the instant of looking, so it is told at query time. Workflow and version are the last known.
SELECT
  ticket_id,
  run_id,
  max(source) AS source,
  arg_max(workflow, place) FILTER (WHERE workflow IS NOT NULL) AS workflow,
  arg_max(version, place) FILTER (WHERE version IS NOT NULL) AS version,
  min(occurred_at) AS started_at,
  max(occurred_at) AS last_event_at,
  min(occurred_at) FILTER (WHERE is_ending AND NOT is_after_end) AS ended_at,
  min(kind) FILTER (WHERE is_ending AND NOT is_after_end) AS ended_by,
  count(*) FILTER (WHERE kind = 'entered') AS visits,
  count(*) FILTER (WHERE kind = 'went_back') AS went_back,
  count(DISTINCT agent_id) AS agents
FROM run_events
GROUP BY ticket_id, run_id
