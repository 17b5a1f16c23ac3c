-- One row per visit that counts, with every sign it shows.
-- `is_guided`: whether its workflow guides agents. In a log of states nobody can tell a sign: all are null there, and so
-- is `fluent_us`. `is_given_up` and `breaks_definition`: whatever the workflow is, that the run ended there without being
-- finished, and that the definition does not allow the way it was left. `fluent_us`: where no untroubled visit is recorded,
-- the time that the definition expects. A visit hesitates beyond the longer of the two. `is_rushed`: its times say nothing
-- of how long the step takes, since it was clicked through, or its run began after the solve.
WITH visit_signs AS (
  SELECT
    v.*,
    coalesce(g.is_guided, true) AS is_guided,
    v.abandoned AS is_given_up,
    v.off_path AS breaks_definition,
    d.title,
    d.type AS kind,
    coalesce(f.fluent_us, d.expected_seconds * 1e6) AS fluent_us,
    v.dwell_us - v.paused_us AS unpaused_us,
    v.is_after_solve OR (NOT v.is_unended AND v.dwell_us - v.paused_us < coalesce(f.rushed_below_us, 0)) AS is_rushed,
    CASE
      WHEN coalesce(d.waits_by_design, false) THEN false
      ELSE
        v.is_help_after_pause
        OR (v.own_pauses > 0 AND coalesce(v.abandoned, false))
        OR v.dwell_us - v.paused_us > h.hesitation_factor * greatest(f.fluent_us, d.expected_seconds * 1e6)
    END AS hesitated
  FROM reportable_visits AS v
  LEFT JOIN guided_workflows AS g ON g.workflow = v.workflow
  LEFT JOIN fluent_times AS f ON
    f.workflow = v.workflow AND f.version = v.version AND f.step = v.step AND f.source IS NOT DISTINCT FROM v.source
  LEFT JOIN workflow_steps AS d ON d.workflow = v.workflow AND d.version = v.version AND d.step = v.step
  CROSS JOIN thresholds AS h
)

SELECT
  * REPLACE (
    CASE WHEN is_guided THEN asked_help END AS asked_help,
    CASE WHEN is_guided THEN changed_answer END AS changed_answer,
    CASE WHEN is_guided THEN backed_out END AS backed_out,
    CASE WHEN is_guided THEN input_rejected END AS input_rejected,
    CASE WHEN is_guided THEN abandoned END AS abandoned,
    CASE WHEN is_guided THEN off_path END AS off_path,
    CASE WHEN is_guided THEN hesitated END AS hesitated,
    CASE WHEN is_guided THEN searched END AS searched,
    CASE WHEN is_guided THEN repeated END AS repeated,
    CASE WHEN is_guided THEN input_rejected_once END AS input_rejected_once,
    CASE WHEN is_guided THEN fluent_us END AS fluent_us,
    CASE WHEN is_guided THEN is_rushed END AS is_rushed
  )
FROM visit_signs
