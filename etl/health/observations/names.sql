-- One row per load, column that names something, and name that its events have there.
SELECT load_id, 'team' AS of_column, team AS name, count(*) AS events
FROM observed WHERE team IS NOT NULL GROUP BY load_id, team
UNION ALL
SELECT load_id, 'channel', channel, count(*) FROM observed WHERE channel IS NOT NULL GROUP BY load_id, channel
UNION ALL
SELECT load_id, 'reason', reason, count(*) FROM observed WHERE reason IS NOT NULL GROUP BY load_id, reason
UNION ALL
SELECT load_id, 'priority', priority, count(*) FROM observed WHERE priority IS NOT NULL GROUP BY load_id, priority
UNION ALL
SELECT load_id, 'workflow', workflow, count(*) FROM observed WHERE workflow IS NOT NULL GROUP BY load_id, workflow
UNION ALL
SELECT load_id, 'step', step, count(*) FROM observed WHERE step IS NOT NULL GROUP BY load_id, step
