-- One row per pair of a family and actor that opens tickets and another that acts in them: how often what
-- the other did lies before the opening. The clocks of two systems that agree never show it often.
WITH families AS (SELECT load_id, family FROM sources WHERE is_family),
loads_of AS (SELECT family, count(*) AS loads FROM families GROUP BY family),
placed AS (
    SELECT ticket_id, actor, first_at, family, loads
    FROM health_parts JOIN families USING (load_id) JOIN loads_of USING (family)
),
-- What one load says is one row per ticket and actor already; grouping a million of them again takes long.
parts AS (
    SELECT ticket_id, family, actor, first_at FROM placed WHERE loads = 1
    UNION ALL
    SELECT ticket_id, family, actor, min(first_at) FROM placed WHERE loads > 1 GROUP BY ALL
)
SELECT
    families.family AS opening_source,
    opened_actor AS opening_actor,
    parts.family AS source,
    parts.actor,
    count(*) AS tickets,
    count(*) FILTER (WHERE first_at < opened_at) AS before_opening,
    median(epoch(opened_at) - epoch(first_at)) FILTER (WHERE first_at < opened_at) / 60 AS median_minutes
FROM health_tickets
JOIN families ON families.load_id = opened_load_id
JOIN parts USING (ticket_id)
WHERE parts.family <> families.family OR parts.actor <> opened_actor
GROUP BY ALL
ORDER BY source, parts.actor, opening_source, opening_actor
