"""The instants by which rows fall into periods: what metrics have in common of their dates."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.metric import Date

OPENED_AT = Date(
    column="opened_at",
    called=Message("explain.day_opened"),
    undated=Message("explain.opening_unknown"),
    help="The instant by which a ticket falls into a period: its opening.",
)
ARRIVED_AT = Date(
    column="arrived_at",
    called=Message("explain.day_arrived"),
    undated=Message("explain.arrival_unknown"),
    help="The instant by which a ticket falls into a period: its arrival.",
)
FIRST_SOLVED_AT = Date(
    column="first_solved_at",
    called=Message("explain.day_first_solved"),
    undated=Message("explain.never_solved"),
    help="The instant by which a ticket falls into a period: its first solve.",
)
LAST_SOLVED_AT = Date(
    column="last_solved_at",
    called=Message("explain.day_last_solved"),
    undated=Message("explain.not_solved_now"),
    help="The instant by which a ticket falls into a period: its last solve.",
)
SURVEY_OFFERED_AT = Date(
    column="survey_offered_at",
    called=Message("explain.day_survey_offered"),
    undated=Message("explain.no_survey"),
    help="The instant by which a ticket falls into a period: the offer of a survey.",
)
RATED_AT = Date(
    column="rated_at",
    called=Message("explain.day_rated"),
    undated=Message("explain.not_rated"),
    help="The instant by which a ticket falls into a period: its rating.",
)
ENTERED_AT = Date(column="entered_at", called=Message("explain.day_entered"))
JUDGED_AT = Date(
    column="judged_at", called=Message("explain.day_judged"), undated=Message("explain.not_judged")
)
