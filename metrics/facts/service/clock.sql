-- One row: the instant at which the data is looked at, that of its newest event.
SELECT max(occurred_at) AS as_of
FROM events
