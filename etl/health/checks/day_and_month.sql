-- One row per source: do its dates read better with day and month exchanged?
-- nearer_*: parts of tickets whose ambiguous dates (both numbers at most 12) lie nearer to the certain dates of
-- their ticket (day above 12) as given, or exchanged. fits_*: ambiguous days whose number of tickets is more like
-- that of their weekday on certain dates as given, or on the weekday they would have exchanged. low_days,
-- high_days: days with events up to the twelfth of a month, and after it.
WITH tickets AS (
    SELECT source, ticket_id, sum(days_off_if_swapped - days_off_as_given) AS days_nearer_as_given
    FROM health_parts JOIN sources USING (load_id)
    WHERE days_off_as_given <> days_off_if_swapped
    GROUP BY source, ticket_id
),
nearness AS (
    SELECT
        source,
        count(*) FILTER (WHERE days_nearer_as_given > 0) AS nearer_as_given,
        count(*) FILTER (WHERE days_nearer_as_given < 0) AS nearer_if_swapped
    FROM tickets
    GROUP BY source
),
daily AS (
    SELECT source, day, sum(tickets) AS tickets
    FROM health_hours JOIN sources USING (load_id)
    GROUP BY source, day
),
weekdays AS (
    SELECT source, isodow(day) AS weekday, avg(ln(1 + tickets)) AS level
    FROM daily
    WHERE day(day) > 12
    GROUP BY ALL
),
ambiguous AS (
    SELECT
        source, ln(1 + tickets) AS level,
        isodow(day) AS as_given,
        isodow(make_date(year(day), least(day(day), 12), month(day))) AS if_swapped
    FROM daily
    WHERE day(day) <= 12 AND day(day) <> month(day)
),
fits AS (
    SELECT
        source,
        count(*) FILTER (WHERE abs(here.level - given.level) < abs(here.level - swapped.level)) AS fits_as_given,
        count(*) FILTER (WHERE abs(here.level - given.level) > abs(here.level - swapped.level)) AS fits_if_swapped
    FROM ambiguous AS here
    JOIN weekdays AS given USING (source)
    JOIN weekdays AS swapped USING (source)
    WHERE given.weekday = here.as_given AND swapped.weekday = here.if_swapped
        AND abs(given.level - swapped.level) > 0.7
    GROUP BY source
),
shape AS (
    SELECT
        source,
        count(*) FILTER (WHERE day(day) <= 12) AS low_days,
        count(*) FILTER (WHERE day(day) > 12) AS high_days,
        max(day) - min(day) AS span_days
    FROM daily
    GROUP BY source
)
SELECT
    source,
    any_value(is_family) AS is_family,
    any_value(family) AS family,
    any_value(coalesce(nearer_as_given, 0)) AS nearer_as_given,
    any_value(coalesce(nearer_if_swapped, 0)) AS nearer_if_swapped,
    any_value(coalesce(fits_as_given, 0)) AS fits_as_given,
    any_value(coalesce(fits_if_swapped, 0)) AS fits_if_swapped,
    any_value(low_days) AS low_days,
    any_value(high_days) AS high_days,
    any_value(span_days) AS span_days
FROM shape
JOIN sources USING (source)
LEFT JOIN nearness USING (source)
LEFT JOIN fits USING (source)
GROUP BY source
ORDER BY source
