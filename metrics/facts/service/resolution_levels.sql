-- One row per ticket that counts and has a target for its resolution: attained, breached or pending.
SELECT *
FROM service_levels
WHERE measure = 'resolution'
