-- One row per event of a run, with the visit it belongs to.
-- A run is known by its ticket and its run_id; ticket events that name a run belong to it too. A run that goes over
-- several tickets belongs to one of them: `ticket_id` is that one, `event_ticket_id` and `event_place` say where the event
-- stands itself; at one instant, the earlier turn goes first. Visit 0 is what happened before the first step was entered.
-- A run has ended only if no step was entered after the ending; what comes after the end belongs to no visit
-- (`is_after_end`).
WITH of_tickets AS (
  SELECT e.*, l.home_ticket_id, l.turn
  FROM ordered_events AS e
  LEFT JOIN run_links AS l ON l.ticket_id = e.ticket_id AND l.run_id = e.run_id
  WHERE e.run_id IS NOT NULL
),

-- Few runs go over several tickets: their events alone are put in order anew.
linked AS (
  SELECT
    ticket_id,
    place AS event_place,
    row_number() OVER (PARTITION BY run_id ORDER BY occurred_at, turn, place) AS run_place
  FROM of_tickets
  WHERE home_ticket_id IS NOT NULL
),

of_runs AS (
  SELECT
    e.* EXCLUDE (
      ticket_id, place, home_ticket_id, turn,
      custom, customer_id, channel, reason, priority, score, scale_max, statement_place
    ),
    e.ticket_id AS event_ticket_id,
    e.place AS event_place,
    coalesce(e.home_ticket_id, e.ticket_id) AS ticket_id,
    coalesce(l.run_place, e.place) AS place
  FROM of_tickets AS e
  LEFT JOIN linked AS l ON l.ticket_id = e.ticket_id AND l.event_place = e.place
),

numbered AS (
  SELECT
    *,
    kind IN ('run_finished', 'run_abandoned') AS is_end,
    count(*) FILTER (WHERE kind = 'entered') OVER up_to_here AS visit_number,
    count(*) FILTER (WHERE kind = 'entered') OVER whole_run AS visits_of_run,
    coalesce(max(place) FILTER (WHERE kind = 'entered') OVER whole_run, 0) AS last_entered_place,
    max(place) FILTER (WHERE kind IN ('run_finished', 'run_abandoned')) OVER before_here AS last_end_place
  FROM of_runs
  WINDOW
    whole_run AS (PARTITION BY ticket_id, run_id),
    up_to_here AS (PARTITION BY ticket_id, run_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
    before_here AS (PARTITION BY ticket_id, run_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)

SELECT
  * EXCLUDE (is_end, visits_of_run, last_entered_place, last_end_place),
  visit_number = visits_of_run AS is_in_last_visit,
  visit_number = visits_of_run AND is_end AS is_ending,
  coalesce(last_end_place > last_entered_place, false) AS is_after_end
FROM numbered
