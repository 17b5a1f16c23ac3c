-- One row per visit: one stay of a run at a step, from `entered` to the next `entered` or the run's end.
-- Microseconds end in _us: dwell is the whole stay, paused the part of it between `paused` and `resumed`. A run
-- that fell silent leaves its last visit without an end (`is_unended`): its dwell reaches to its last event.
-- A sign that cannot be told (off_path without a definition) is null. `abandoned` here is by `run_abandoned` only.
-- `is_left_at_once`: by going back within seconds, whatever came of it. `is_end_unsaid`: the run has no end, but its ticket
-- was solved in its last visit or soon after. `is_after_solve`: its run began after the ticket was solved
-- for good.
-- What every question asks of its ticket stands here too, so that none has to look for it. `work`: the periods of work in
-- a visit that was paused or lasted longer than the idle limit, in order; null where the whole visit is one.
WITH sequences AS (
  SELECT
    *,
    last_step_kind = 'went_back' AS is_left_by_going_back,
    last_step_kind = 'went_back'
    AND date_diff('microsecond', entered_at, went_back_at) <= thresholds.quick_back_seconds * 1e6 AS is_left_at_once,
    coalesce(lag(last_step_kind) OVER run = 'went_back', false) AS is_begun_by_going_back,
    coalesce(lead(entered_at) OVER run, ended_at, last_event_at) AS left_at,
    lead(step) OVER run AS next_step,
    sum(times_gone_back) OVER run - times_gone_back AS gone_back_before,
    min(entered_at) OVER whole_run AS run_entered_at
  FROM visit_events
  CROSS JOIN thresholds
  WINDOW
    run AS (PARTITION BY ticket_id, run_id ORDER BY visit_number),
    whole_run AS (PARTITION BY ticket_id, run_id)
),

-- Few runs come to a step twice: those visits alone are put in order.
repeats AS (
  SELECT ticket_id, run_id, step
  FROM sequences
  GROUP BY ticket_id, run_id, step
  HAVING count(*) > 1
),

returns AS (
  SELECT
    s.ticket_id,
    s.run_id,
    s.visit_number,
    lead(s.visit_number) OVER same_step AS return_number,
    lead(s.gone_back_before) OVER same_step AS gone_back_before,
    lead(s.is_begun_by_going_back) OVER same_step AND s.answer <> lead(s.answer) OVER same_step AS is_answer_changed
  FROM sequences AS s
  SEMI JOIN repeats AS r ON r.ticket_id = s.ticket_id AND r.run_id = s.run_id AND r.step = s.step
  WINDOW same_step AS (PARTITION BY s.ticket_id, s.run_id, s.step ORDER BY s.visit_number)
),

-- Few runs go back at once: their visits alone are looked through for what came of it, until the run went on.
quick_returns AS (
  SELECT DISTINCT ticket_id, run_id
  FROM sequences
  WHERE is_left_at_once
),

ways_back AS (
  SELECT
    s.ticket_id,
    s.run_id,
    s.visit_number,
    (s.help_requests > 0 AND NOT coalesce(r.help_by_design, false))
    OR (b.return_number IS NOT NULL AND NOT coalesce(r.answers_may_change, false)) AS is_trouble,
    sum(CAST(NOT s.is_begun_by_going_back AS INTEGER)) OVER run AS way
  FROM sequences AS s
  SEMI JOIN quick_returns AS q ON q.ticket_id = s.ticket_id AND q.run_id = s.run_id
  LEFT JOIN returns AS b
    ON b.ticket_id = s.ticket_id AND b.run_id = s.run_id AND b.return_number = s.visit_number AND b.is_answer_changed
  LEFT JOIN step_rules AS r ON r.workflow = s.workflow AND r.version = s.version AND r.step = s.step
  WINDOW run AS (PARTITION BY s.ticket_id, s.run_id ORDER BY s.visit_number)
),

troubled_returns AS (
  SELECT
    ticket_id,
    run_id,
    visit_number,
    coalesce(bool_or(is_trouble) OVER later, false) AS is_followed_by_trouble
  FROM ways_back
  WINDOW later AS (
    PARTITION BY ticket_id, run_id, way
    ORDER BY visit_number
    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
  )
),

paused AS (
  SELECT
    ticket_id,
    run_id,
    visit_number,
    sum(date_diff('microsecond', paused_at, resumed_at)) AS resumed_us,
    max(paused_at) FILTER (WHERE resumed_at IS NULL) AS still_paused_at
  FROM pauses
  GROUP BY ticket_id, run_id, visit_number
),

-- Few visits have a break: the events of those alone are looked at.
visits_with_breaks AS (
  SELECT s.ticket_id, s.run_id, s.visit_number, s.left_at
  FROM sequences AS s
  CROSS JOIN thresholds AS t
  WHERE s.pauses > 0 OR date_diff('microsecond', s.entered_at, s.left_at) > t.idle_minutes * 6e7
),

work_lists AS (
  SELECT
    b.ticket_id,
    b.run_id,
    b.visit_number,
    list(
      struct_pack(begins_at := w.begins_at, ends_at := least(coalesce(w.next_at, b.left_at), b.left_at, w.idle_at))
      ORDER BY w.place
    ) AS work
  FROM visits_with_breaks AS b
  JOIN work_periods AS w ON w.ticket_id = b.ticket_id AND w.run_id = b.run_id AND w.visit_number = b.visit_number
  WHERE w.begins_at < least(coalesce(w.next_at, b.left_at), b.left_at)
  GROUP BY b.ticket_id, b.run_id, b.visit_number
)

SELECT
  v.ticket_id,
  v.run_id,
  v.visit_number,
  k.source,
  k.custom,
  k.channel,
  k.reason,
  k.priority,
  k.arrived_at,
  k.is_excluded,
  v.workflow,
  v.version,
  v.step,
  v.agent_id,
  v.team,
  v.entered_at,
  v.entered_seq,
  v.last_event_at,
  v.left_at,
  v.next_step,
  v.is_last,
  v.is_last AND v.ended_at IS NULL AS is_unended,
  v.is_last AND v.ended_at IS NULL AND len(
    list_filter(
      k.solves,
      lambda solve: solve >= v.entered_at
      AND date_diff('microsecond', v.last_event_at, solve) <= t.finished_by_solve_minutes * 6e7
      AND len(list_filter(k.reopening_instants, lambda reopening: reopening BETWEEN solve AND v.last_event_at)) = 0
    )
  ) > 0 AS is_end_unsaid,
  coalesce(v.run_entered_at > k.last_solved_at, false) AS is_after_solve,
  date_diff('microsecond', v.entered_at, v.left_at) AS dwell_us,
  CAST(
    coalesce(p.resumed_us, 0) + coalesce(date_diff('microsecond', p.still_paused_at, v.left_at), 0) AS BIGINT
  ) AS paused_us,
  CASE WHEN i.ticket_id IS NOT NULL THEN coalesce(w.work, []) END AS work,
  v.answer,
  v.pauses,
  v.own_pauses,
  v.is_help_after_pause AND NOT coalesce(r.help_by_design, false) AS is_help_after_pause,
  v.searches,
  v.skips,
  v.escalations,
  v.inputs_rejected,
  v.is_begun_by_going_back,
  v.is_left_by_going_back,
  v.is_left_at_once,
  v.help_requests > 0 AND NOT coalesce(r.help_by_design, false) AS asked_help,
  coalesce(b.is_answer_changed, false) AND NOT coalesce(r.answers_may_change, false) AS changed_answer,
  v.is_left_at_once AND coalesce(y.is_followed_by_trouble, false) AS backed_out,
  v.inputs_rejected >= t.inputs_rejected_needed AS input_rejected,
  coalesce(v.ended_by = 'run_abandoned', false) AS abandoned,
  CASE
    WHEN r.step IS NOT NULL
      THEN
        (v.next_step IS NOT NULL AND NOT v.is_left_by_going_back AND NOT list_contains(r.next, v.next_step))
        OR (v.escalations > 0 AND NOT r.allows_escalation)
        OR (v.skips > 0 AND r.is_required)
  END AS off_path,
  CASE
    WHEN v.searches = 0 OR coalesce(r.searches_by_design, false) THEN false
    WHEN v.searches > 1 OR v.empty_searches > 0 OR (v.is_help_after_search AND NOT coalesce(r.help_by_design, false)) THEN true
    WHEN v.searches_of_unknown_hits = 0 THEN false
  END AS searched,
  coalesce(b.gone_back_before = v.gone_back_before, false)
  AND NOT coalesce(r.returns_by_design, false) AS repeated,
  v.inputs_rejected BETWEEN 1 AND t.inputs_rejected_needed - 1 AS input_rejected_once
FROM sequences AS v
JOIN tickets AS k ON k.ticket_id = v.ticket_id
LEFT JOIN paused AS p ON p.ticket_id = v.ticket_id AND p.run_id = v.run_id AND p.visit_number = v.visit_number
LEFT JOIN visits_with_breaks AS i ON i.ticket_id = v.ticket_id AND i.run_id = v.run_id AND i.visit_number = v.visit_number
LEFT JOIN work_lists AS w ON w.ticket_id = v.ticket_id AND w.run_id = v.run_id AND w.visit_number = v.visit_number
LEFT JOIN returns AS b ON b.ticket_id = v.ticket_id AND b.run_id = v.run_id AND b.visit_number = v.visit_number
LEFT JOIN troubled_returns AS y
  ON y.ticket_id = v.ticket_id AND y.run_id = v.run_id AND y.visit_number = v.visit_number
LEFT JOIN step_rules AS r ON r.workflow = v.workflow AND r.version = v.version AND r.step = v.step
CROSS JOIN thresholds AS t
