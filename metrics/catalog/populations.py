"""Which rows metrics are about: what several of them have in common."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.metric import Among

OPENED = Among("opened_at IS NOT NULL", Message("explain.opening_unknown"))
SOLVED = Among("is_solved", Message("explain.not_solved_now"))
SURVEYED = Among("survey_offered_at IS NOT NULL", Message("explain.no_survey"))
JUDGED = Among("is_judged", Message("explain.not_judged"))
