-- One row per ticket that counts: not merged away, not discarded.
-- `data_until`: the instant at which it is looked at, that of the newest event of its source.
-- `is_…_recorded` is false where its source holds no such event (no `followed_up`, no agent's `replied`, …) at all: then
-- "none on this ticket" would say something that nobody knows. Few solved tickets may all stay solved: only of many
-- that none was reopened says that reopenings are not recorded. Whether contacts are abandoned is told of each channel.
SELECT t.*, r.* EXCLUDE (source), a.is_abandonment_recorded, coalesce(s.as_of, c.as_of) AS data_until
FROM tickets AS t
CROSS JOIN clock AS c
LEFT JOIN source_clocks AS s ON s.source IS NOT DISTINCT FROM t.source
JOIN (
  SELECT
    source,
    count(*) FILTER (WHERE follow_ups > 0) > 0 AS is_follow_up_recorded,
    count(*) FILTER (WHERE agent_replies > 0) > 0 AS is_reply_recorded,
    count(*) FILTER (WHERE is_opened_by_agent) > 0 AS is_opener_recorded,
    count(*) FILTER (WHERE hand_offs > 0) > 0 AS is_hand_off_recorded,
    count(*) FILTER (WHERE escalations > 0) > 0 AS is_escalation_recorded,
    bool_or(has_reopening)
    OR count(*) FILTER (WHERE is_ever_solved) < max(thresholds.unreopened_solves_needed) AS is_reopening_recorded
  FROM tickets
  CROSS JOIN thresholds
  GROUP BY source
) AS r ON r.source IS NOT DISTINCT FROM t.source
JOIN (
  SELECT source, channel, bool_or(abandoned_at IS NOT NULL) AS is_abandonment_recorded
  FROM tickets
  GROUP BY source, channel
) AS a ON a.source IS NOT DISTINCT FROM t.source AND a.channel IS NOT DISTINCT FROM t.channel
WHERE NOT t.is_excluded
