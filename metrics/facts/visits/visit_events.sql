-- One row per visit, with what its own events say.
-- `last_step_kind` tells how the visit was left: `went_back` means by going back. `own_pauses`: those that wait neither for
-- the customer nor for a system, as far as is said.
SELECT
  ticket_id,
  run_id,
  visit_number,
  min(workflow) FILTER (WHERE kind = 'entered') AS workflow,
  min(version) FILTER (WHERE kind = 'entered') AS version,
  min(step) FILTER (WHERE kind = 'entered') AS step,
  min(occurred_at) FILTER (WHERE kind = 'entered') AS entered_at,
  min(seq) FILTER (WHERE kind = 'entered') AS entered_seq,
  max(occurred_at) AS last_event_at,
  min(occurred_at) FILTER (WHERE is_ending) AS ended_at,
  min(kind) FILTER (WHERE is_ending) AS ended_by,
  bool_or(is_in_last_visit) AS is_last,
  arg_min(agent_id, place) FILTER (WHERE agent_id IS NOT NULL) AS agent_id,
  arg_min(team, place) FILTER (WHERE team IS NOT NULL) AS team,
  arg_max(value, place) FILTER (WHERE kind = 'answered' AND value IS NOT NULL) AS answer,
  arg_max(kind, place) FILTER (
    WHERE kind IN (
      'run_started', 'entered', 'answered', 'went_back', 'asked_help', 'searched',
      'input_rejected', 'skipped', 'paused', 'resumed', 'run_finished', 'run_abandoned'
    )
  ) AS last_step_kind,
  max(occurred_at) FILTER (WHERE kind = 'went_back') AS went_back_at,
  count(*) FILTER (WHERE kind = 'went_back') AS times_gone_back,
  count(*) FILTER (WHERE kind = 'asked_help') AS help_requests,
  count(*) FILTER (WHERE kind = 'searched') AS searches,
  count(*) FILTER (WHERE kind = 'searched' AND hits = 0) AS empty_searches,
  count(*) FILTER (WHERE kind = 'searched' AND hits IS NULL) AS searches_of_unknown_hits,
  coalesce(min(place) FILTER (WHERE kind = 'searched') < max(place) FILTER (WHERE kind = 'asked_help'), false)
    AS is_help_after_search,
  count(*) FILTER (WHERE kind = 'paused' AND coalesce(value, '') NOT IN ('customer', 'system')) AS own_pauses,
  coalesce(
    min(place) FILTER (WHERE kind = 'paused' AND coalesce(value, '') NOT IN ('customer', 'system'))
    < max(place) FILTER (WHERE kind = 'asked_help'),
    false
  ) AS is_help_after_pause,
  count(*) FILTER (WHERE kind = 'input_rejected') AS inputs_rejected,
  count(*) FILTER (WHERE kind = 'paused') AS pauses,
  count(*) FILTER (WHERE kind = 'skipped') AS skips,
  count(*) FILTER (WHERE kind = 'escalated') AS escalations
FROM run_events
WHERE visit_number > 0 AND NOT is_after_end
GROUP BY ticket_id, run_id, visit_number
