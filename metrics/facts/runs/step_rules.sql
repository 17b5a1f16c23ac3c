-- One row per defined step of a workflow version: what its definition allows.
-- An escalation is allowed at an escalation step and where one of the next steps is one.
SELECT
  s.workflow,
  s.version,
  s.step,
  any_value(coalesce(s.next, [])) AS next,
  bool_or(coalesce(s.required, false)) AS is_required,
  bool_or(coalesce(s.returns_by_design, false)) AS returns_by_design,
  bool_or(coalesce(s.searches_by_design, false)) AS searches_by_design,
  bool_or(coalesce(s.help_by_design, false)) AS help_by_design,
  bool_or(coalesce(s.waits_by_design, false)) AS waits_by_design,
  bool_or(coalesce(s.returns_by_design, false) OR coalesce(s.customer_decides, false)) AS answers_may_change,
  bool_or(coalesce(s.type = 'escalation', false) OR coalesce(n.type = 'escalation', false)) AS allows_escalation
FROM workflow_steps AS s
LEFT JOIN workflow_steps AS n
  ON n.workflow = s.workflow AND n.version = s.version AND list_contains(s.next, n.step)
GROUP BY s.workflow, s.version, s.step
