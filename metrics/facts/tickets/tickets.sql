-- One row per ticket.
-- `is_abandoned`: the customer hung up or left the queue before an agent answered; `is_abandoned_soon`: each time within
-- seconds, as far as that is known. `abandoned_at`: the first time.
-- `customer_left_at`: since when the customer is gone, if nobody wrote or reopened the ticket since. `given_up_at`: it
-- came to rest without a solve, closed or abandoned. `custom`: the custom attributes by name. Attributes are the last
-- value known, in event order and, at one instant, in the order of being recorded. Instants end in _at; minutes are
-- elapsed minutes. What has not happened is null: a ticket nobody answered has no first response, an open one no
-- resolution. `has_reopening`: any, also one that reopens nothing. `…_seq` tells the order at that instant. Tickets merged away or discarded, and not taken back since by a `reopened`, stay here with the reason and
-- are left out of every metric; messages of a merged one count here at the end of its chain.
WITH attributes AS (
  SELECT
    ticket_id,
    max(source) AS source,
    arg_max(channel, statement_place) FILTER (WHERE channel IS NOT NULL) AS channel,
    arg_max(reason, statement_place) FILTER (WHERE reason IS NOT NULL) AS reason,
    arg_max(priority, statement_place) FILTER (WHERE priority IS NOT NULL) AS priority,
    arg_max(customer_id, statement_place) FILTER (WHERE customer_id IS NOT NULL) AS customer_id,
    arg_max(team, statement_place) FILTER (WHERE team IS NOT NULL) AS team,
    arg_max(workflow, statement_place) FILTER (WHERE workflow IS NOT NULL) AS workflow,
    nullif(arg_max(kind, place) FILTER (WHERE kind IN ('merged', 'discarded', 'reopened')), 'reopened')
      AS excluded_because,
    min(occurred_at) FILTER (WHERE merged_from IS NULL) AS first_event_at,
    max(occurred_at) FILTER (WHERE merged_from IS NULL) AS last_event_at,
    count(*) FILTER (WHERE kind = 'replied' AND actor = 'agent') AS agent_replies,
    count(*) FILTER (WHERE kind = 'replied' AND actor = 'customer') AS customer_replies,
    count(*) FILTER (WHERE kind = 'escalated') AS escalations,
    count(*) FILTER (WHERE kind = 'handed_off') AS hand_offs,
    count(*) FILTER (WHERE kind = 'followed_up') AS follow_ups,
    count(*) FILTER (WHERE actor = 'agent') AS agent_events,
    count(*) FILTER (WHERE kind = 'reopened') > 0 AS has_reopening,
    count(*) FILTER (WHERE run_id IS NOT NULL AND kind = 'entered') > 0 AS has_run,
    min(occurred_at) FILTER (WHERE kind = 'survey_offered') AS survey_offered_at,
    max(occurred_at) FILTER (WHERE kind = 'rated') AS rated_at,
    arg_max(score / scale_max, place) FILTER (WHERE kind = 'rated') AS rating_share
  FROM ordered_events
  GROUP BY ticket_id
),

abandonments AS (
  SELECT
    ticket_id,
    min(left_at) AS abandoned_at,
    bool_or(is_unanswered) AS is_abandoned,
    coalesce(
      bool_and(coalesce(waited_us <= thresholds.short_abandonment_seconds * 1e6, false)) FILTER (WHERE is_unanswered),
      false
    ) AS is_abandoned_soon,
    min(left_at) FILTER (WHERE until_place IS NULL) AS customer_left_at
  FROM departures
  CROSS JOIN thresholds
  GROUP BY ticket_id
),

members AS (
  SELECT ticket_id, statement_place, custom, unnest(json_keys(custom)) AS name
  FROM ordered_events
  WHERE custom IS NOT NULL
),

customs AS (
  SELECT ticket_id, map_from_entries(list((name, value) ORDER BY name)) AS custom
  FROM (
    SELECT ticket_id, name, arg_max(value, statement_place) FILTER (WHERE value IS NOT NULL) AS value
    FROM (SELECT ticket_id, name, statement_place, json_extract_string(custom, '$.' || name) AS value FROM members)
    GROUP BY ticket_id, name
  )
  GROUP BY ticket_id
),

clocks AS (
  SELECT
    f.*,
    r.first_solved_at,
    r.first_solved_seq,
    r.last_solved_at,
    r.last_solved_seq,
    r.given_up_at,
    coalesce(r.solves, []) AS solves,
    r.first_reopened_at,
    coalesce(r.reopening_instants, []) AS reopening_instants,
    coalesce(r.reopens, 0) AS reopens,
    coalesce(r.is_at_rest, false) AS is_at_rest,
    coalesce(r.is_followed_up, false) AS is_followed_up,
    -- A span never runs backwards: who had not written by the solve "never wrote" before it.
    CASE
      WHEN f.first_contact_at <= r.first_solved_at THEN f.first_contact_at
      WHEN f.opened_at <= r.first_solved_at THEN f.opened_at
    END AS first_resolution_starts_at,
    -- It runs on while a ticket is not solved.
    CASE
      WHEN f.first_contact_at <= r.last_solved_at THEN f.first_contact_at
      WHEN f.opened_at <= r.last_solved_at THEN f.opened_at
      WHEN r.last_solved_at IS NULL THEN coalesce(f.first_contact_at, f.opened_at)
    END AS resolution_clock_starts_at
  FROM first_responses AS f
  LEFT JOIN resolutions AS r ON r.ticket_id = f.ticket_id
)

SELECT
  a.ticket_id,
  a.source,
  m.custom,
  a.channel,
  a.reason,
  a.priority,
  a.customer_id,
  a.team,
  a.workflow,
  c.opened_at,
  c.first_contact_at,
  coalesce(c.opened_at, c.first_contact_at) AS arrived_at,
  c.response_clock_starts_at,
  c.first_response_at,
  c.first_response_seq,
  c.resolution_clock_starts_at,
  c.first_solved_at,
  c.first_solved_seq,
  c.last_solved_at,
  c.last_solved_seq,
  c.solves,
  c.first_reopened_at,
  c.reopening_instants,
  CASE WHEN c.last_solved_at IS NULL THEN least(c.given_up_at, d.customer_left_at) END AS given_up_at,
  d.abandoned_at,
  d.customer_left_at,
  a.survey_offered_at,
  a.rated_at,
  a.first_event_at,
  a.last_event_at,
  date_diff('microsecond', c.response_clock_starts_at, c.first_response_at) / 6e7 AS first_response_minutes,
  date_diff('microsecond', c.first_contact_at, c.first_response_at) / 6e7 AS felt_first_response_minutes,
  date_diff('microsecond', c.first_resolution_starts_at, c.first_solved_at) / 6e7 AS first_resolution_minutes,
  date_diff('microsecond', c.resolution_clock_starts_at, c.last_solved_at) / 6e7 AS resolution_minutes,
  CASE WHEN c.resolution_clock_starts_at <= c.last_solved_at THEN w.requester_wait_us / 6e7 END
    AS requester_wait_minutes,
  CASE WHEN c.resolution_clock_starts_at <= c.last_solved_at THEN w.agent_wait_us / 6e7 END
    AS agent_wait_minutes,
  CASE WHEN c.resolution_clock_starts_at <= c.last_solved_at THEN w.hold_us / 6e7 END
    AS hold_minutes,
  coalesce(d.is_abandoned, false) AS is_abandoned,
  coalesce(d.is_abandoned_soon, false) AS is_abandoned_soon,
  a.agent_replies,
  a.customer_replies,
  a.hand_offs,
  a.escalations,
  coalesce(w.holds, 0) AS holds,
  a.follow_ups,
  a.agent_events,
  c.reopens,
  a.rating_share,
  a.rating_share >= thresholds.satisfied_share AS is_satisfied,
  c.opened_by = 'agent' AS is_opened_by_agent,
  c.is_answered_early,
  c.first_solved_at IS NOT NULL AS is_ever_solved,
  c.last_solved_at IS NOT NULL AS is_solved,
  NOT c.is_at_rest AND d.customer_left_at IS NULL AS is_open,
  c.reopens > 0 AS is_reopened,
  a.has_reopening,
  c.is_followed_up,
  a.has_run,
  a.excluded_because,
  a.excluded_because IS NOT NULL AS is_excluded
FROM attributes AS a
JOIN clocks AS c ON c.ticket_id = a.ticket_id
LEFT JOIN abandonments AS d ON d.ticket_id = a.ticket_id
LEFT JOIN customs AS m ON m.ticket_id = a.ticket_id
LEFT JOIN waits AS w ON w.ticket_id = a.ticket_id
CROSS JOIN thresholds
