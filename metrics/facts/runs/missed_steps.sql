-- One row per run that counts, finished, and required step that it never reached.
-- A required step must be done by a run that takes a way past it: one that the definition leads through it, because
-- every allowed way from the first step to where the run ended has it.
WITH RECURSIVE without_step AS (
  SELECT q.workflow, q.version, q.step AS required, w.step
  FROM step_rules AS q
  JOIN workflow_steps AS w ON w.workflow = q.workflow AND w.version = q.version AND w.position = 0
  WHERE q.is_required AND w.step <> q.step
  UNION
  SELECT f.workflow, f.version, f.required, n.step
  FROM without_step AS f
  JOIN step_rules AS r ON r.workflow = f.workflow AND r.version = f.version AND r.step = f.step
  JOIN step_rules AS n
    ON n.workflow = f.workflow AND n.version = f.version AND list_contains(r.next, n.step) AND n.step <> f.required
),

unavoidable AS (
  SELECT l.workflow, l.version, l.step AS last_step, q.step AS required_step
  FROM step_rules AS l
  JOIN step_rules AS q ON q.workflow = l.workflow AND q.version = l.version AND q.is_required
  ANTI JOIN without_step AS f
    ON f.workflow = l.workflow AND f.version = l.version AND f.required = q.step AND f.step = l.step
),

-- Most visits are to steps that some way leads past.
passed AS (
  SELECT v.ticket_id, v.run_id, v.step
  FROM visits AS v
  SEMI JOIN unavoidable AS u ON u.required_step = v.step
)

SELECT
  p.* EXCLUDE (path),
  u.required_step
FROM run_paths AS p
JOIN runs AS e ON e.ticket_id = p.ticket_id AND e.run_id = p.run_id AND e.ended_by = 'run_finished'
JOIN unavoidable AS u ON u.workflow = p.workflow AND u.version = p.version AND u.last_step = p.last_step
ANTI JOIN passed AS d ON d.ticket_id = p.ticket_id AND d.run_id = p.run_id AND d.step = u.required_step
