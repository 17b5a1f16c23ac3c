-- One row per pair of files that contradict one another: whose row stands, whose is kept aside, and how many.
-- Files of one name are told apart by is_same_load: rows of one load, or of two.
-- standing_source is null where the event that stood is no longer there. are_corrections: later exports of the same
-- kind, by the names of their files, say it otherwise.
SELECT
    aside.source,
    standing.source AS standing_source,
    coalesce(standing_id = aside.load_id, false) AS is_same_load,
    count(*) AS conflicts,
    count(DISTINCT conflicts.ticket_id) AS tickets,
    any_value(aside.events) AS events,
    bool_and(
        coalesce(standing_id <> aside.load_id, false)
        AND aside.pattern = standing.pattern
    ) AS are_corrections
FROM conflicts
JOIN (SELECT load_id, source, pattern, sum(events) OVER (PARTITION BY source) AS events FROM labelled_loads) AS aside USING (load_id)
LEFT JOIN (SELECT event_id, load_id AS standing_id FROM events SEMI JOIN conflicts USING (event_id)) USING (event_id)
LEFT JOIN labelled_loads AS standing ON standing.load_id = standing_id
GROUP BY aside.source, standing.source, is_same_load
ORDER BY conflicts DESC, aside.source, standing_source, is_same_load
