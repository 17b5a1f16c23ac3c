-- One row per pair of a family and actor that opens tickets and another that acts in them: how often what
-- the other did lies before the opening. The clocks of two systems that agree never show it often.
WITH families AS (SELECT load_id, family FROM sources WHERE is_family),
loads_of AS (SELECT family, count(*) AS loads FROM families GROUP BY family),
placed AS (
    SELECT ticket_id, openings.family AS opening_source, opened_actor, families.family, actor, us_before_opening, loads
    FROM health_parts
    JOIN families USING (load_id)
    JOIN loads_of ON loads_of.family = families.family
    JOIN families AS openings ON openings.load_id = opened_load_id
    WHERE families.family <> openings.family OR actor <> opened_actor
),
-- What one load says is one row per ticket and actor already; grouping a million of them again takes long.
parts AS (
    SELECT opening_source, opened_actor, family, actor, us_before_opening FROM placed WHERE loads = 1
    UNION ALL
    SELECT opening_source, opened_actor, family, actor, max(us_before_opening) FROM placed WHERE loads > 1
    GROUP BY ticket_id, opening_source, opened_actor, family, actor
)
SELECT
    opening_source,
    opened_actor AS opening_actor,
    family AS source,
    actor,
    count(*) AS tickets,
    count(us_before_opening) AS before_opening,
    median(us_before_opening) / 6e7 AS median_minutes
FROM parts
GROUP BY ALL
ORDER BY source, actor, opening_source, opening_actor
