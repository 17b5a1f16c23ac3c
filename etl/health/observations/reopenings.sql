-- One row per ticket that was reopened: how often, and how often without having been solved, closed or set aside
-- since the time before. load_id is its earliest load.
WITH reopened AS (SELECT DISTINCT ticket_id FROM observed WHERE kind = 'reopened'),
changes AS (
    SELECT
        ticket_id, load_id, kind,
        lag(kind) OVER (PARTITION BY ticket_id ORDER BY occurred_at, seq, kind DESC) AS kind_before
    FROM observed SEMI JOIN reopened USING (ticket_id)
    WHERE kind IN ('solved', 'closed', 'merged', 'discarded', 'reopened')
)
SELECT
    ticket_id,
    min(load_id) AS load_id,
    count(*) AS reopenings,
    count(*) FILTER (WHERE kind_before = 'reopened') AS repeats
FROM changes
WHERE kind = 'reopened'
GROUP BY ticket_id
