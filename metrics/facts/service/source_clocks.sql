-- One row per source: the instant at which its runs are looked at, that of its newest event.
-- None where another instant of looking is given: that holds for every source.
SELECT source, max(occurred_at) AS as_of
FROM events
GROUP BY source
