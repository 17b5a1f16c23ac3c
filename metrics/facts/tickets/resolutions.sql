-- One row per ticket that was solved, closed or reopened at least once.
-- A `reopened` counts after a solve only, and not where it takes back a ticket that was left out. `last_solved_at` is
-- the last solve that no reopening follows, null while the ticket is reopened. `given_up_at`: closed without a solve,
-- after its last reopening if there is one. A check-back is a `followed_up` within the follow-up days after any solve.
WITH first_solves AS (
  SELECT
    ticket_id,
    min(place) AS solve_place,
    min(solved_at) AS first_solved_at,
    arg_min(seq, place) AS first_solved_seq,
    list_sort(list(solved_at)) AS solves
  FROM solves
  GROUP BY ticket_id
),

reopenings AS (
  SELECT
    e.ticket_id,
    max(e.place) AS reopen_place,
    min(e.occurred_at) AS first_reopened_at,
    list_sort(list(e.occurred_at)) AS reopening_instants,
    count(*) AS reopens
  FROM ordered_events AS e
  JOIN first_solves AS f ON f.ticket_id = e.ticket_id
  WHERE e.kind = 'reopened' AND e.place > f.solve_place AND NOT e.was_left_out
  GROUP BY e.ticket_id
),

last_solves AS (
  SELECT s.ticket_id, max(s.solved_at) AS last_solved_at, arg_max(s.seq, s.place) AS last_solved_seq
  FROM solves AS s
  LEFT JOIN reopenings AS r ON r.ticket_id = s.ticket_id
  WHERE r.reopen_place IS NULL OR s.place > r.reopen_place
  GROUP BY s.ticket_id
),

closings AS (
  SELECT
    ticket_id,
    arg_max(kind, place) <> 'reopened' AS is_at_rest,
    max(occurred_at) FILTER (WHERE kind <> 'reopened') AS closed_at
  FROM ordered_events
  WHERE kind IN ('solved', 'closed', 'reopened') AND NOT was_left_out
  GROUP BY ticket_id
),

check_backs AS (
  SELECT DISTINCT e.ticket_id
  FROM ordered_events AS e
  JOIN solves AS s ON s.ticket_id = e.ticket_id AND s.place < e.place
  CROSS JOIN thresholds
  WHERE
    e.kind = 'followed_up'
    AND date_diff('microsecond', s.solved_at, e.occurred_at) <= thresholds.follow_up_days * 8.64e10
)

SELECT
  a.ticket_id,
  f.first_solved_at,
  f.first_solved_seq,
  l.last_solved_at,
  l.last_solved_seq,
  f.solves,
  r.first_reopened_at,
  r.reopening_instants,
  coalesce(r.reopens, 0) AS reopens,
  a.is_at_rest,
  CASE WHEN a.is_at_rest AND l.ticket_id IS NULL THEN a.closed_at END AS given_up_at,
  c.ticket_id IS NOT NULL AS is_followed_up
FROM closings AS a
LEFT JOIN first_solves AS f ON f.ticket_id = a.ticket_id
LEFT JOIN last_solves AS l ON l.ticket_id = a.ticket_id
LEFT JOIN reopenings AS r ON r.ticket_id = a.ticket_id
LEFT JOIN check_backs AS c ON c.ticket_id = a.ticket_id
