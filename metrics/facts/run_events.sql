-- One row per event of a run, with the visit it belongs to.
-- A run is known by its ticket and its run_id; ticket events that name a run belong to it too. Visit 0 is what
-- happened before the first step was entered. A run has ended only if no step was entered after the ending;
-- what comes after the end belongs to no visit (`is_after_end`).
WITH numbered AS (
  SELECT
    * EXCLUDE (customer_id, channel, reason, priority, score, scale_max),
    count(*) FILTER (WHERE kind = 'entered') OVER (
      PARTITION BY ticket_id, run_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS visit_number,
    count(*) FILTER (WHERE kind = 'entered') OVER (PARTITION BY ticket_id, run_id) AS visits_of_run
  FROM ordered_events
  WHERE run_id IS NOT NULL
),

with_endings AS (
  SELECT
    *,
    visit_number = visits_of_run AS is_in_last_visit,
    visit_number = visits_of_run AND kind IN ('run_finished', 'run_abandoned') AS is_ending
  FROM numbered
)

SELECT
  *,
  count(*) FILTER (WHERE is_ending) OVER (
    PARTITION BY ticket_id, run_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) > 0 AS is_after_end
FROM with_endings
