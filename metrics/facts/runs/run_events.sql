-- One row per event of a run, with the visit it belongs to.
-- A run is known by its ticket and its run_id; ticket events that name a run belong to it too. Visit 0 is what
-- happened before the first step was entered. A run has ended only if no step was entered after the ending;
-- what comes after the end belongs to no visit (`is_after_end`).
WITH numbered AS (
  SELECT
    * EXCLUDE (custom, customer_id, channel, reason, priority, score, scale_max, statement_place),
    kind IN ('run_finished', 'run_abandoned') AS is_end,
    count(*) FILTER (WHERE kind = 'entered') OVER up_to_here AS visit_number,
    count(*) FILTER (WHERE kind = 'entered') OVER whole_run AS visits_of_run,
    coalesce(max(place) FILTER (WHERE kind = 'entered') OVER whole_run, 0) AS last_entered_place,
    max(place) FILTER (WHERE kind IN ('run_finished', 'run_abandoned')) OVER before_here AS last_end_place
  FROM ordered_events
  WHERE run_id IS NOT NULL
  WINDOW
    whole_run AS (PARTITION BY ticket_id, run_id),
    up_to_here AS (PARTITION BY ticket_id, run_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
    before_here AS (PARTITION BY ticket_id, run_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)

SELECT
  * EXCLUDE (is_end, visits_of_run, last_entered_place, last_end_place),
  visit_number = visits_of_run AS is_in_last_visit,
  visit_number = visits_of_run AND is_end AS is_ending,
  coalesce(last_end_place > last_entered_place, false) AS is_after_end
FROM numbered
