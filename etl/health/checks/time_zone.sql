-- One row per family of files and rule of clock changes: how far its working day moves, in UTC, in summer time.
-- The rule is that of the declared zone; where none is, those of Europe, North America and Australia.
-- Work that follows the clock on the wall begins an hour earlier in UTC in summer: moved = 1. Compared are the days
-- within eight weeks of a change, so that seasons differ little, and Monday to Friday alone. moved_hours: the move of
-- the winter profile (add-one smoothed) under which the summer hours are likeliest; evidence: how much likelier, in
-- natural-log units, than under the second best. middle_hour: circular mean of the hours in UTC; concentration: its
-- length, 0 for a desk that is equally busy day and night, 1 for all work in one hour.
WITH worked AS (
    SELECT
        family, day, hour,
        CASE WHEN sum(sum(worked)) OVER (PARTITION BY family) > 0 THEN sum(worked) ELSE sum(tickets) END AS tickets
    FROM health_hours JOIN sources USING (load_id)
    WHERE is_family AND isodow(day) <= 5
    GROUP BY family, day, hour
),
-- The zone that all loads of a family declare. changes: whether its clocks change between the family's events.
zones AS (
    SELECT family, min(zone) AS declared_zone
    FROM sources JOIN load_zones USING (load_id)
    WHERE is_family
    GROUP BY family
    HAVING count(DISTINCT zone) = 1 AND count(zone) = count(*)
),
declared AS (
    SELECT family, declared_zone, count(DISTINCT lead) > 1 AS changes
    FROM zones
    JOIN worked USING (family)
    JOIN zone_days ON zone_days.zone = declared_zone AND zone_days.day = worked.day
    GROUP BY family, declared_zone
),
rules AS (
    SELECT family, 'declared' AS rule, declared_zone AS zone, declared_zone, changes FROM declared
    UNION ALL
    SELECT family, rule, zone, NULL, NULL
    FROM (SELECT DISTINCT family FROM worked ANTI JOIN declared USING (family))
    CROSS JOIN (
        SELECT unnest(['europe', 'north_america', 'australia']) AS rule,
            unnest(['Europe/Berlin', 'America/New_York', 'Australia/Sydney']) AS zone
    )
),
profile AS (
    SELECT
        family, rule, hour,
        coalesce(sum(tickets) FILTER (WHERE is_summer), 0) AS summer,
        coalesce(sum(tickets) FILTER (WHERE NOT is_summer), 0) AS winter
    FROM worked JOIN rules USING (family) JOIN zone_days USING (zone, day)
    WHERE is_near_change
    GROUP BY ALL
),
hours AS (SELECT unnest(range(24)) AS hour),
whole AS (
    SELECT named.family, named.rule, hours.hour, coalesce(summer, 0) AS summer, coalesce(winter, 0) + 1 AS winter
    FROM (SELECT DISTINCT family, rule FROM profile) AS named
    CROSS JOIN hours
    LEFT JOIN profile
        ON profile.family = named.family AND profile.rule = named.rule AND profile.hour = hours.hour
),
moves AS (SELECT unnest(range(-2, 4)) AS moved),
fits AS (
    SELECT summer.family, summer.rule, moved, sum(summer.summer * ln(winter.winter)) AS fit
    FROM whole AS summer CROSS JOIN moves
    JOIN whole AS winter
        ON winter.family = summer.family AND winter.rule = summer.rule
        AND winter.hour = (summer.hour + moved + 24) % 24
    GROUP BY ALL
),
moved AS (
    SELECT family, rule, arg_max(moved, fit) AS moved_hours,
        list(fit ORDER BY fit DESC)[1] - list(fit ORDER BY fit DESC)[2] AS evidence
    FROM fits
    GROUP BY ALL
),
weights AS (
    SELECT family, rule, sum(summer) AS summer, sum(winter) - 24 AS winter FROM whole GROUP BY ALL
),
clock AS (
    SELECT
        family,
        sum(tickets * cos(2 * pi() * (hour + 0.5) / 24)) / sum(tickets) AS x,
        sum(tickets * sin(2 * pi() * (hour + 0.5) / 24)) / sum(tickets) AS y
    FROM worked
    GROUP BY family
)
SELECT
    family AS source,
    rule,
    coalesce(summer, 0) AS summer_ticket_hours,
    coalesce(winter, 0) AS winter_ticket_hours,
    moved_hours,
    evidence,
    (24 + degrees(atan2(y, x)) / 15) % 24 AS middle_hour,
    sqrt(x * x + y * y) AS concentration,
    declared_zone,
    changes AS declared_changes
FROM rules LEFT JOIN moved USING (family, rule) LEFT JOIN weights USING (family, rule) JOIN clock USING (family)
WHERE moved_hours IS NOT NULL OR declared_zone IS NOT NULL
ORDER BY source, rule
