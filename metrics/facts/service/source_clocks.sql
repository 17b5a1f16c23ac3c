-- One row per source: the instant at which its tickets and runs are looked at, that of its newest event.
-- Targets, the backlog and silence go by it. None where another instant of looking is given: that holds for every source.
SELECT source, max(occurred_at) AS as_of
FROM events
GROUP BY source
