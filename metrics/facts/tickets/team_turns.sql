-- One row per turn of a ticket that counts: one period in which the same team had it, by the events that name a team.
-- The first turn has no `from_team`. `is_return`: the team before last has it back at once (ping-pong).
WITH named AS (
  SELECT
    ticket_id,
    place,
    occurred_at,
    team AS to_team,
    lag(team) OVER (PARTITION BY ticket_id ORDER BY place) AS from_team
  FROM ordered_events
  WHERE team IS NOT NULL
),

turns AS (
  SELECT
    *,
    lag(from_team) OVER (PARTITION BY ticket_id ORDER BY place) AS team_before_last,
    lead(occurred_at) OVER (PARTITION BY ticket_id ORDER BY place) AS handed_on_at
  FROM named
  WHERE from_team IS NULL OR from_team <> to_team
)

SELECT
  n.ticket_id,
  n.from_team,
  n.to_team,
  n.occurred_at AS began_at,
  n.handed_on_at,
  coalesce(n.team_before_last = n.to_team, false) AS is_return,
  t.source,
  t.custom,
  t.channel,
  t.reason,
  t.priority,
  t.workflow,
  t.team,
  t.arrived_at
FROM turns AS n
JOIN reportable_tickets AS t ON t.ticket_id = n.ticket_id
