-- One row per ticket that counts and has a target for its first response: attained, breached, pending or paused.
SELECT *
FROM service_levels
WHERE measure = 'first_response'
