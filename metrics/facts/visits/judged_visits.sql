-- One row per visit that counts, judged: is it confused?
-- Confused with one strong sign, or with as many different weak ones as the threshold asks for.
SELECT
  v.*,
  shows_a_strong_sign() OR weak_signs_shown() >= thresholds.weak_signs_needed AS is_confused
FROM signed_visits AS v
CROSS JOIN thresholds
