-- One row per load, day and hour of its events, in UTC.
-- tickets, worked, opened: tickets with an event in that hour, with one by an agent, and with an opening. A ticket
-- counts once an hour, so that a burst of clicks does not pass for many witnesses.
SELECT
    load_id,
    make_timestamp(epoch_us(occurred_at))::DATE AS day,
    hour(make_timestamp(epoch_us(occurred_at))) AS hour,
    count(*) AS events,
    count(*) FILTER (WHERE epoch_us(occurred_at) % 3600000000 = 0) AS on_the_hour,
    count(DISTINCT ticket_id) AS tickets,
    count(DISTINCT ticket_id) FILTER (WHERE actor = 'agent') AS worked,
    count(DISTINCT ticket_id) FILTER (WHERE kind = 'opened') AS opened,
    max(occurred_at) AS newest_at
FROM observed
GROUP BY ALL
