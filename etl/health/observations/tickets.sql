-- One row per ticket: the first instant of each thing that has an order; load_id is its earliest load, and
-- opened_load_id, opened_actor the least of those that opened it.
SELECT
    ticket_id,
    min(load_id) AS load_id,
    min(occurred_at) FILTER (WHERE kind = 'opened') AS opened_at,
    min(load_id) FILTER (WHERE kind = 'opened') AS opened_load_id,
    min(actor) FILTER (WHERE kind = 'opened') AS opened_actor,
    min(occurred_at) FILTER (WHERE kind = 'opened' OR (kind = 'replied' AND actor = 'customer')) AS heard_at,
    min(occurred_at) FILTER (WHERE kind = 'replied' AND actor = 'agent') AS replied_at,
    min(occurred_at) FILTER (WHERE kind = 'contact_abandoned') AS left_at,
    min(occurred_at) FILTER (WHERE kind IN ('merged', 'discarded')) AS left_out_at,
    min(occurred_at) FILTER (WHERE kind = 'solved') AS solved_at,
    min(occurred_at) FILTER (WHERE kind = 'closed') AS closed_at,
    min(occurred_at) FILTER (WHERE kind = 'reopened') AS reopened_at,
    min(occurred_at) FILTER (WHERE kind = 'rated') AS rated_at,
    min(occurred_at) FILTER (
        WHERE kind IN ('assigned', 'handed_off', 'escalated', 'held', 'released', 'merged', 'discarded', 'survey_offered')
    ) AS handled_at,
    min(occurred_at) FILTER (WHERE kind = 'held') AS held_at,
    min(occurred_at) FILTER (WHERE kind = 'released') AS released_at,
    min(occurred_at) FILTER (WHERE kind = 'followed_up') AS followed_up_at
FROM observed
GROUP BY ticket_id
