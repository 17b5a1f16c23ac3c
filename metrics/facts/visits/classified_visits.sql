-- One row per visit that counts, with whether it is confused.
-- Confused with one strong sign, or with as many different weak ones as the threshold asks for; null in a log of states,
-- where nobody can tell.
SELECT
  v.*,
  CASE
    WHEN v.is_guided THEN shows_a_strong_sign() OR weak_signs_shown() >= thresholds.weak_signs_needed
  END AS is_confused
FROM visits_with_signs AS v
CROSS JOIN thresholds
