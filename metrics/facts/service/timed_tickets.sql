-- One row per ticket that counts, with its times in opening hours.
SELECT t.*, b.schedule, b.first_response_business_minutes, b.resolution_business_minutes
FROM reportable_tickets AS t
JOIN business_times AS b ON b.ticket_id = t.ticket_id
