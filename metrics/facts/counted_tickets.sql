-- One row per ticket that counts: not merged away, not discarded.
-- `is_follow_up_recorded` is false where the data holds no `followed_up` at all: then nobody knows.
SELECT
  *,
  (SELECT count(*) FROM tickets WHERE follow_ups > 0) > 0 AS is_follow_up_recorded
FROM tickets
WHERE NOT is_excluded
