"""Which rows metrics are about: what several of them have in common."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.metric import Among

OPENED = Among("opened_at IS NOT NULL")
SOLVED = Among("is_solved")
SURVEYED = Among("survey_offered_at IS NOT NULL")
JUDGED = Among("is_judged", Message("explain.not_judged"))
