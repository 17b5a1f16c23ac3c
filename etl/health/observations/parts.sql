-- One row per part of a ticket: what one load says of what one kind of actor did in it.
-- days_off_as_given, days_off_if_swapped: how far its ambiguous dates (day and month both at most 12) lie outside
-- the ticket's certain dates (day above 12, which cannot have been swapped), as they stand and with day and month
-- exchanged. Null where the ticket has no certain date or the part no ambiguous one.
-- us_before_opening: how far what they did first lies before the ticket's opening; null where it does not.
WITH days AS (
    SELECT
        ticket_id, load_id, actor,
        make_timestamp(epoch_us(occurred_at))::DATE AS day,
        min(occurred_at) AS first_at
    FROM observed
    GROUP BY ALL
),
certain AS (
    SELECT ticket_id, min(day) AS first_day, max(day) AS last_day
    FROM days
    WHERE day(day) > 12
    GROUP BY ticket_id
),
placed AS (
    SELECT
        days.ticket_id, load_id, actor, first_at, first_day, last_day,
        CASE WHEN day(day) <= 12 AND day(day) <> month(day) THEN day END AS as_given,
        CASE
            WHEN day(day) <= 12 AND day(day) <> month(day)
                THEN make_date(year(day), least(day(day), 12), month(day))
        END AS if_swapped
    FROM days LEFT JOIN certain USING (ticket_id)
),
parts AS (
    SELECT
        ticket_id, load_id, actor,
        min(first_at) AS first_at,
        sum(
            CASE WHEN as_given < first_day THEN first_day - as_given WHEN as_given <= last_day THEN 0
            WHEN as_given > last_day THEN as_given - last_day END
        )::BIGINT AS days_off_as_given,
        sum(
            CASE WHEN if_swapped < first_day THEN first_day - if_swapped WHEN if_swapped <= last_day THEN 0
            WHEN if_swapped > last_day THEN if_swapped - last_day END
        )::BIGINT AS days_off_if_swapped
    FROM placed
    GROUP BY ALL
)
SELECT
    parts.* EXCLUDE (first_at),
    opened_load_id, opened_actor,
    CASE WHEN first_at < opened_at THEN date_diff('microsecond', first_at, opened_at) END AS us_before_opening
FROM parts JOIN health_tickets USING (ticket_id)
