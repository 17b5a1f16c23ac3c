-- One row per ticket that counts and was rated, with what may go along with its rating.
-- `answered_within`: how soon it was answered, in words that sort. Each is null where it is not known: not answered,
-- never solved, no reopening or escalation recorded anywhere.
SELECT
  *,
  CASE
    WHEN first_response_minutes < 5 THEN 'under 5 minutes'
    WHEN first_response_minutes < 60 THEN '5 minutes to 1 hour'
    WHEN first_response_minutes < 240 THEN '1 to 4 hours'
    WHEN first_response_minutes < 1440 THEN '4 to 24 hours'
    WHEN first_response_minutes IS NOT NULL THEN 'over a day'
  END AS answered_within,
  CASE WHEN is_reopened THEN 'reopened' WHEN is_ever_solved AND is_reopening_recorded THEN 'not reopened' END AS reopened,
  CASE WHEN escalations > 0 THEN 'escalated' WHEN is_escalation_recorded THEN 'not escalated' END AS escalated
FROM reportable_tickets
WHERE is_satisfied IS NOT NULL
