-- One row per stay of a run at a step: its visits one after another to the same step, as the first of them.
-- An update within a state is written as a visit of its own, and ends no stay. `dwell_us`: of the whole stay. `handed_over`:
-- whether another agent went on in it or after it; null where never two agents in a row are recorded. `is_return`: the run had
-- been at the step before and had left it for another one.
WITH numbered AS (
  SELECT
    *,
    count(*) FILTER (WHERE NOT coalesce(is_again_at_once, FALSE)) OVER (
      PARTITION BY ticket_id, run_id ORDER BY visit_number
    ) AS stay
  FROM moves
)

SELECT
  * REPLACE (
    sum(dwell_us) OVER whole_stay AS dwell_us,
    bool_or(is_unended) OVER whole_stay AS is_unended,
    bool_or(is_last) OVER whole_stay AS is_last
  ),
  bool_or(agent_id <> next_agent_id) OVER whole_stay AS handed_over,
  is_again AS is_return
FROM numbered
WINDOW whole_stay AS (PARTITION BY ticket_id, run_id, stay)
QUALIFY row_number() OVER (PARTITION BY ticket_id, run_id, stay ORDER BY visit_number) = 1
