-- One row per run that counts and has ended, finished or given up, with the outcome of its ticket.
-- `run_us`: unpaused time over all its visits. Agent and team are the first ones. A rating is low when it is not a
-- satisfied one; without a rating that is not known. `is_first`: the first run of its ticket in that workflow version,
-- so that a ticket's outcome counts once there. `abandoned`: null for all runs of a workflow version where the source does
-- not record their end, also for the few that say it: a share of those alone would be one of a selected few. `is_rushed`:
-- it was clicked through, or began after the solve; null for runs that were not finished, as far as is known, and in logs of states.
WITH ended AS (
  SELECT
    ticket_id,
    run_id,
    arg_min(workflow, visit_number) AS workflow,
    arg_min(version, visit_number) AS version,
    arg_min(agent_id, visit_number) FILTER (WHERE agent_id IS NOT NULL) AS agent_id,
    arg_min(team, visit_number) FILTER (WHERE team IS NOT NULL) AS team,
    min(entered_at) AS entered_at,
    arg_min(entered_seq, visit_number) AS entered_seq,
    count(*) AS visits,
    CASE WHEN count(is_confused) > 0 THEN count(*) FILTER (WHERE is_confused) END AS confused_visits,
    CAST(sum(unpaused_us) AS BIGINT) AS run_us,
    bool_or(is_given_up) FILTER (WHERE is_last AND is_end_known) AS abandoned,
    CASE
      WHEN count(is_rushed) > 0 AND NOT coalesce(bool_or(is_given_up) FILTER (WHERE is_last), true)
        THEN count(*) FILTER (WHERE is_rushed) >= thresholds.rushed_run_share * count(*)
    END AS is_rushed
  FROM classified_visits
  CROSS JOIN thresholds
  GROUP BY ticket_id, run_id, thresholds.rushed_run_share
  HAVING bool_or(is_last)
),

-- Few tickets have several runs: those alone are put in order.
several AS (
  SELECT ticket_id
  FROM visits
  WHERE visit_number = 1
  GROUP BY ticket_id
  HAVING count(*) > 1
),

later AS (
  SELECT e.ticket_id, e.run_id
  FROM ended AS e
  SEMI JOIN several AS s ON s.ticket_id = e.ticket_id
  QUALIFY row_number() OVER (
    PARTITION BY e.ticket_id, e.workflow, e.version ORDER BY e.entered_at, e.entered_seq, e.run_id
  ) > 1
)

SELECT
  e.*,
  t.source,
  t.custom,
  t.channel,
  t.reason,
  t.priority,
  t.arrived_at,
  e.confused_visits > 0 AS is_confused,
  CASE WHEN t.is_ever_solved AND t.is_reopening_recorded THEN t.is_reopened END AS is_reopened,
  NOT t.is_satisfied AS is_rated_low,
  CASE WHEN t.is_escalation_recorded THEN t.escalations > 0 END AS is_escalated,
  t.resolution_minutes,
  l.run_id IS NULL AS is_first
FROM ended AS e
JOIN reportable_tickets AS t ON t.ticket_id = e.ticket_id
LEFT JOIN later AS l ON l.ticket_id = e.ticket_id AND l.run_id = e.run_id
