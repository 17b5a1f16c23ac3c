-- One row per source, workflow and version: how many of its silent runs have an end.
-- Silent is a run that ended, or in which nothing has happened for the abandonment hours. Where hardly any has an end, the
-- source does not record ends, and whether a run was given up is not known (`is_end_known`).
WITH silent AS (
  SELECT
    r.source,
    r.workflow,
    r.version,
    count(*) AS runs,
    count(r.ended_at) AS ended_runs
  FROM runs AS r
  CROSS JOIN clock AS c
  LEFT JOIN source_clocks AS s ON s.source IS NOT DISTINCT FROM r.source
  LEFT JOIN unended_runs AS u ON u.ticket_id = r.ticket_id AND u.run_id = r.run_id
  WHERE r.visits > 0 AND (r.ended_at IS NOT NULL OR u.silent_at <= coalesce(s.as_of, c.as_of))
  GROUP BY r.source, r.workflow, r.version
)

SELECT
  s.*,
  s.runs < h.silent_runs_needed OR s.ended_runs >= h.ended_share_needed * s.runs AS is_end_known
FROM silent AS s
CROSS JOIN thresholds AS h
