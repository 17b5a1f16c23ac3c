-- One row per ticket that counts: not merged away, not discarded.
-- `is_follow_up_recorded` and `is_reply_recorded` are false where the data holds no `followed_up`, or no agent's
-- `replied`, at all: then "none on this ticket" would say something that nobody knows.
SELECT
  *,
  (SELECT count(*) FROM tickets WHERE follow_ups > 0) > 0 AS is_follow_up_recorded,
  (SELECT count(*) FROM tickets WHERE agent_replies > 0) > 0 AS is_reply_recorded
FROM tickets
WHERE NOT is_excluded
