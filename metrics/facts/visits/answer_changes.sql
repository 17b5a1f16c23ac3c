-- One row per answer that was changed: a visit whose run came back by going back and answered differently.
-- `answer` as it was, `new_answer` as it is in the next visit to the step, `changed_from_step` where the run was when it
-- went back.
WITH returns AS (
  SELECT
    *,
    lead(answer) OVER same_step AS new_answer,
    lead(visit_number) OVER same_step AS return_number
  FROM classified_visits
  WINDOW same_step AS (PARTITION BY ticket_id, run_id, step ORDER BY visit_number)
)

SELECT
  r.*,
  b.step AS changed_from_step
FROM returns AS r
JOIN classified_visits AS b
  ON b.ticket_id = r.ticket_id AND b.run_id = r.run_id AND b.visit_number = r.return_number - 1
WHERE r.changed_answer
