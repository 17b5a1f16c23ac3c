-- One row per ticket that counts: not merged away, not discarded.
-- `is_…_recorded` is false where the data holds no such event (no `followed_up`, no agent's `replied`, …) at all: then
-- "none on this ticket" would say something that nobody knows.
SELECT
  *,
  (SELECT count(*) FROM tickets WHERE follow_ups > 0) > 0 AS is_follow_up_recorded,
  (SELECT count(*) FROM tickets WHERE agent_replies > 0) > 0 AS is_reply_recorded,
  (SELECT count(*) FROM tickets WHERE hand_offs > 0) > 0 AS is_hand_off_recorded,
  (SELECT count(*) FROM tickets WHERE escalations > 0) > 0 AS is_escalation_recorded
FROM tickets
WHERE NOT is_excluded
