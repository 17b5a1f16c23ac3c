-- One row per ticket that counts and was rated, with what may go along with its rating.
-- `answered_within`: how soon it was answered, in words that sort; `confused`: whether a visit of its workflow runs was.
-- Each is null where it is not known: not answered, never solved, no run, no escalation recorded anywhere.
SELECT
  t.*,
  CASE
    WHEN t.first_response_minutes < 5 THEN 'under 5 minutes'
    WHEN t.first_response_minutes < 60 THEN '5 minutes to 1 hour'
    WHEN t.first_response_minutes < 240 THEN '1 to 4 hours'
    WHEN t.first_response_minutes < 1440 THEN '4 to 24 hours'
    WHEN t.first_response_minutes IS NOT NULL THEN 'over a day'
  END AS answered_within,
  CASE WHEN t.is_reopened THEN 'reopened' WHEN t.is_ever_solved THEN 'not reopened' END AS reopened,
  CASE WHEN v.is_confused THEN 'a visit confused' WHEN NOT v.is_confused THEN 'no visit confused' END AS confused,
  CASE WHEN t.escalations > 0 THEN 'escalated' WHEN t.is_escalation_recorded THEN 'not escalated' END AS escalated
FROM counted_tickets AS t
LEFT JOIN (
  SELECT ticket_id, bool_or(is_confused) AS is_confused
  FROM judged_visits
  GROUP BY ticket_id
) AS v ON v.ticket_id = t.ticket_id
WHERE t.is_satisfied IS NOT NULL
