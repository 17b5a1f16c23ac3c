-- One row per source: how many of its events lie exactly on one full hour of the day, or on two in a row.
-- Times made from dates alone lie at local midnight, which in UTC is one hour in winter and the one before in summer.
WITH hourly AS (
    SELECT source, hour, sum(on_the_hour) AS exact, sum(events) AS events
    FROM health_hours JOIN sources USING (load_id)
    GROUP BY source, hour
),
paired AS (
    SELECT
        here.source, here.hour,
        here.exact + coalesce(before.exact, 0) AS exact
    FROM hourly AS here
    LEFT JOIN hourly AS before ON before.source = here.source AND before.hour = (here.hour + 23) % 24
)
SELECT
    source,
    any_value(is_family) AS is_family,
    any_value(family) AS family,
    arg_max(paired.hour, (exact, paired.hour)) AS hour,
    max(exact) AS exact_events,
    any_value(total.events) AS events,
    any_value(total.exact_any) AS exact_on_any_hour
FROM paired
JOIN (SELECT source, sum(events) AS events, sum(exact) AS exact_any FROM hourly GROUP BY source) AS total USING (source)
JOIN (SELECT DISTINCT source, family, is_family FROM sources) USING (source)
GROUP BY source
ORDER BY source
