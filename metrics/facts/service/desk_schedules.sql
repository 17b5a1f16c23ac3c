-- One row per channel and team that tickets have: the schedule that holds there.
-- The most specific one holds: by channel and team, by team, by channel, for all.
SELECT t.channel, t.team, arg_max(r.schedule, r.precedence) AS schedule
FROM (SELECT DISTINCT channel, team FROM tickets) AS t
JOIN schedule_rules AS r
  ON (r.channel IS NULL OR r.channel = t.channel) AND (r.team IS NULL OR r.team = t.team)
GROUP BY t.channel, t.team
