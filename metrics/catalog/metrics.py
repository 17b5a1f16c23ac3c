"""Every metric once: what it asks, what it means, how it is measured. All else derives from this table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from etl.errors import InvalidRequest
from metrics.catalog.dimensions import (
    ANSWER_LEVELS,
    CONTACTS,
    MATTERS,
    RATED,
    SOLVE_LEVELS,
    TICKETS,
    TIMED,
    VISITS,
)
from metrics.catalog.handling import HANDLING
from metrics.catalog.metric import Metric as Metric
from metrics.catalog.waiting import WAITING

_METRICS = (
    Metric(
        "tickets_opened",
        "Tickets opened",
        "How much work comes in?",
        "Tickets whose opening is recorded, by the day they were opened.",
        "count", None, "count", TICKETS, "opened_at", "opened_at IS NOT NULL",
    ),
    Metric(
        "tickets_solved",
        "Tickets solved",
        "How much work gets done?",
        "Tickets that are solved now, by the day of their last solve. One reopened since is not solved.",
        "count", "higher", "count", TICKETS, "last_solved_at", "is_solved",
    ),
    Metric(
        "first_response_minutes",
        "First response time",
        "How long does a customer wait for a person?",
        "Median minutes from the customer's first contact, or from a bot's last hand-off after it, to the "
        "first message of an agent. Bots do not answer. Unanswered tickets are not in it. By the day "
        "the ticket was opened.",
        "minutes", "lower", "median", TICKETS, "arrived_at", value="first_response_minutes",
    ),
    Metric(
        "first_response_business_minutes",
        "First response time, opening hours",
        "How long does a customer wait for a person while the desk is open?",
        "First response time counted in the opening hours of the ticket's team or channel (settings; without "
        "any Monday to Friday, 9:00 to 17:00). 0 where the desk was closed throughout. By the day the ticket "
        "was opened.",
        "minutes", "lower", "median", TIMED, "arrived_at", value="first_response_business_minutes",
    ),
    Metric(
        "first_resolution_minutes",
        "First resolution time",
        "How long until a ticket is first solved?",
        "Median minutes from the first contact (from the opening, where the customer had not written) to the "
        "first solve, by the day of that solve.",
        "minutes", "lower", "median", TICKETS, "first_solved_at", value="first_resolution_minutes",
    ),
    Metric(
        "resolution_minutes",
        "Resolution time",
        "How long until a ticket is solved for good?",
        "Median minutes from the first contact (from the opening, where the customer had not written) to the "
        "last solve that no reopening follows, by the day of that solve. Open tickets are not in it.",
        "minutes", "lower", "median", TICKETS, "last_solved_at", value="resolution_minutes",
    ),
    Metric(
        "resolution_business_minutes",
        "Resolution time, opening hours",
        "How long is a ticket worked on while the desk is open?",
        "Resolution time counted in the opening hours of the ticket's team or channel (settings; without any "
        "Monday to Friday, 9:00 to 17:00). 0 where the desk was closed throughout. By the day of the last "
        "solve.",
        "minutes", "lower", "median", TIMED, "last_solved_at", value="resolution_business_minutes",
    ),
    Metric(
        "reopen_rate",
        "Reopen rate",
        "How often was solved not solved?",
        "Share of the tickets ever solved that were reopened later, by the day of the first solve.",
        "share", "lower", "share", TICKETS, "first_solved_at", "is_ever_solved", "is_reopened",
    ),
    Metric(
        "one_touch_rate",
        "One-touch rate",
        "How often does one answer do?",
        "Share of solved tickets with exactly one message of an agent. Those solved with none are not hits. "
        "Null where no agent's messages are recorded.",
        "share", "higher", "share", TICKETS, "last_solved_at",
        "is_solved AND is_reply_recorded", "agent_replies = 1",
    ),
    Metric(
        "zero_reply_solves",
        "Solved without a reply",
        "How many tickets are solved without a word to the customer?",
        "Solved tickets with no message of an agent, by the day of their last solve.",
        "count", None, "count", TICKETS, "last_solved_at",
        "is_solved AND is_reply_recorded AND agent_replies = 0",
    ),
    Metric(
        "first_contact_resolution_rate",
        "First-contact resolution",
        "How often is the matter settled at once?",
        "Share of the tickets ever solved, of a known customer and reason, that were never reopened and "
        "whose customer opened no other ticket for that reason within seven days after a solve. Not in it "
        "before those days have passed. By the day of the first solve.",
        "share", "higher", "share", MATTERS, "first_solved_at", value="is_settled_at_once",
    ),
    Metric(
        "first_response_sla_rate",
        "First response within target",
        "How often do we answer in the time promised?",
        "Share of the tickets answered, or waiting though their time has run out, that were answered within "
        "the target of their channel and priority (settings; none without). By the day the ticket was "
        "opened.",
        "share", "higher", "share", ANSWER_LEVELS, "arrived_at", "is_judged", "is_attained",
    ),
    Metric(
        "resolution_sla_rate",
        "Resolution within target",
        "How often do we solve in the time promised?",
        "Share of the tickets solved, or open though their time has run out, that were solved within the "
        "target of their channel and priority (settings; none without). By the day of the last solve, or the "
        "day their time ran out while there is none.",
        "share", "higher", "share", SOLVE_LEVELS, "judged_at", "is_judged", "is_attained",
    ),
    Metric(
        "backlog",
        "Backlog",
        "How much is waiting?",
        "Tickets opened and not solved or closed (or reopened since), at the instant the data is looked at, "
        "by the day they were opened.",
        "count", "lower", "count", TICKETS, "opened_at", "opened_at IS NOT NULL AND is_open",
    ),
    Metric(
        "csat",
        "Satisfaction (CSAT)",
        "How many of those who rate are satisfied?",
        "Share of rated tickets whose last rating is at least 80 % of its scale (4 of 5), by the day of the "
        "rating.",
        "share", "higher", "share", TICKETS, "rated_at", "is_satisfied IS NOT NULL", "is_satisfied",
    ),
    Metric(
        "low_ratings",
        "Low ratings",
        "Which tickets left somebody unsatisfied?",
        "Tickets whose last rating is less than a satisfied one (under 80 % of its scale), by the day of the "
        "rating.",
        "count", "lower", "count", RATED, "rated_at", "NOT is_satisfied",
    ),
    Metric(
        "csat_response_rate",
        "Survey response rate",
        "How many of those we ask tell us?",
        "Share of the tickets with a survey offered that were rated, by the day of the offer. Null where no "
        "offers are recorded.",
        "share", "higher", "share", TICKETS, "survey_offered_at", "survey_offered_at IS NOT NULL",
        "rated_at IS NOT NULL",
    ),
    Metric(
        "repeat_contact_rate",
        "Repeat contact rate",
        "How often do customers come back with the same matter?",
        "Share of the tickets opened by a known customer for a known reason that came within seven days "
        "after a solve of another ticket of that customer for that reason, by the day they were opened.",
        "share", "lower", "share", CONTACTS, "opened_at", value="is_repeat",
    ),
    Metric(
        "follow_up_rate",
        "Follow-up rate",
        "How often do we check back?",
        "Share of solved tickets on which an agent checked back within seven days after a solve, by the day "
        "of the last solve. Null where no check-backs are recorded.",
        "share", "higher", "share", TICKETS, "last_solved_at", "is_solved AND is_follow_up_recorded",
        "is_followed_up",
    ),
    Metric(
        "proactive_share",
        "Proactive share",
        "How often do we write first?",
        "Share of the tickets opened that were opened by an agent, by the day they were opened.",
        "share", "higher", "share", TICKETS, "opened_at", "opened_at IS NOT NULL", "is_opened_by_agent",
    ),
    Metric(
        "record_completeness",
        "Complete records",
        "Can we trust the breakdowns?",
        "Share of solved tickets with a reason, a channel and a workflow run, by the day of the last solve.",
        "share", "higher", "share", TICKETS, "last_solved_at", "is_solved",
        "reason IS NOT NULL AND channel IS NOT NULL AND has_run",
    ),
    Metric(
        "confusion_rate",
        "Confusion rate",
        "How often does a step confuse?",
        "Share of visits to steps that show one strong sign of confusion, or two different weak ones, by the "
        "day the visit began.",
        "share", "lower", "share", VISITS, "entered_at", value="is_confused",
    ),
)  # fmt: skip

CATALOG: Mapping[str, Metric] = {metric.name: metric for metric in (*_METRICS, *WAITING, *HANDLING)}
_PERCENTILE = re.compile(r"(?P<metric>\w+)_p(?P<percent>[1-9]\d?)")


def metric(name: str) -> Metric:
    """The metric of that name, ready to be measured.

    Any metric of minutes is also there at another percentile: `resolution_minutes_p90` is the time within
    which nine of ten were solved.

    Raises:
        InvalidRequest: there is none, or it is not built yet.
    """
    percentile = None if name in CATALOG else _PERCENTILE.fullmatch(name)
    found = CATALOG.get(percentile["metric"] if percentile else name)
    known = [metric.name for metric in CATALOG.values() if metric.available]
    if found is None or (percentile and found.unit != "minutes"):
        raise InvalidRequest("metric.unknown", name=name, known=known)
    if not found.available:
        raise InvalidRequest("metric.not_measured", name=name, known=known)
    return _at_percent(found, int(percentile["percent"])) if percentile else found


def _at_percent(metric: Metric, percent: int) -> Metric:
    """The same time for another share of the tickets."""
    return replace(
        metric,
        name=f"{metric.name}_p{percent}",
        title=f"{metric.title}, {percent} %",
        question=f"Within what time is it for {percent} % of them? {metric.question}",
        definition=f"{metric.definition} Here the {percent}th percentile instead of the median.",
        quantile=percent / 100,
    )
