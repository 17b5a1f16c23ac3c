-- One row per ticket: when it was opened, when the customer first wrote, when an agent first answered.
-- First contact: the earliest opening not by an agent, or message of the customer, those of tickets merged into it
-- included. First response: the first message of an agent at or after it; bots never stop the clock. The agent's clock
-- starts at the last hand-off by a bot before that response (so far, where none came yet), the customer's at first
-- contact. What never came is null. `is_answered_early`: the only messages of agents lie before the opening, and the
-- customer wrote nothing.
WITH contacts AS (
  SELECT
    ticket_id,
    min(occurred_at) FILTER (WHERE kind = 'opened' AND merged_from IS NULL) AS opened_at,
    arg_min(actor, place) FILTER (WHERE kind = 'opened' AND merged_from IS NULL) AS opened_by,
    min(occurred_at) FILTER (
      WHERE (kind = 'opened' AND actor <> 'agent') OR (kind = 'replied' AND actor = 'customer')
    ) AS first_contact_at,
    min(occurred_at) FILTER (WHERE kind = 'opened' OR (kind = 'replied' AND actor = 'customer'))
      AS first_heard_at,
    max(occurred_at) FILTER (WHERE kind = 'replied' AND actor = 'agent') AS last_reply_at,
    bool_or(kind = 'replied' AND actor = 'customer') AS has_customer_reply
  FROM ordered_events
  GROUP BY ticket_id
),

responses AS (
  SELECT
    e.ticket_id,
    min(e.occurred_at) AS first_response_at,
    arg_min(e.seq, e.place) AS first_response_seq,
    min(e.place) AS response_place
  FROM ordered_events AS e
  JOIN contacts AS c ON c.ticket_id = e.ticket_id
  WHERE e.kind = 'replied' AND e.actor = 'agent' AND e.occurred_at >= c.first_contact_at
  GROUP BY e.ticket_id
),

hand_offs AS (
  SELECT e.ticket_id, max(e.occurred_at) AS handed_off_at
  FROM ordered_events AS e
  LEFT JOIN responses AS r ON r.ticket_id = e.ticket_id
  WHERE e.kind = 'handed_off' AND (r.response_place IS NULL OR e.place < r.response_place)
  GROUP BY e.ticket_id
)

SELECT
  c.ticket_id,
  c.opened_at,
  c.opened_by,
  c.first_contact_at,
  r.first_response_at,
  r.first_response_seq,
  r.response_place,
  coalesce(c.last_reply_at < c.first_heard_at, false) AND NOT c.has_customer_reply AS is_answered_early,
  CASE
    WHEN h.handed_off_at > c.first_contact_at THEN h.handed_off_at
    ELSE c.first_contact_at
  END AS response_clock_starts_at
FROM contacts AS c
LEFT JOIN responses AS r ON r.ticket_id = c.ticket_id
LEFT JOIN hand_offs AS h ON h.ticket_id = c.ticket_id
