"""Metrics of how well it went: settled, within target, satisfied. Part of the catalog."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.dates import (
    ARRIVED_AT,
    FIRST_SOLVED_AT,
    JUDGED_AT,
    LAST_SOLVED_AT,
    OPENED_AT,
    RATED_AT,
    SURVEY_OFFERED_AT,
)
from metrics.catalog.dimensions import ANSWER_LEVELS, CONTACTS, ISSUES, RATED, SOLVE_LEVELS, TICKETS
from metrics.catalog.metric import (
    NO_REOPENINGS,
    NO_REPLIES,
    RECORDS_REOPENINGS,
    RECORDS_REPLIES,
    Among,
    Metric,
)
from metrics.catalog.populations import JUDGED, OPENED, SOLVED, SURVEYED
from metrics.replay.clock_rules import open_periods
from metrics.replay.count_rules import counting, records
from metrics.replay.rules import AGENT_REPLIES, FIRST_RESPONSE, LAST_RATING, OPENINGS, RESOLUTION, SURVEYS

QUALITY = (
    Metric(
        name="reopen_rate",
        title="Reopen rate",
        question="How often does a solved ticket come back?",
        definition=(
            "Share of the tickets ever solved that were reopened later. Not known of a source with many "
            "solved tickets (see settings) and no reopening. By the day of the first solve."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=TICKETS,
        date=FIRST_SOLVED_AT,
        among=Among(f"is_ever_solved AND {RECORDS_REOPENINGS}", Message("explain.never_solved")),
        apart=(NO_REOPENINGS,),
        hits="is_reopened",
        rule=open_periods,
        lists={"overview": 6, "compare": 8, "reasons": 4},
    ),
    Metric(
        name="one_touch_rate",
        title="One-touch rate",
        question="How often is one answer enough?",
        definition=(
            "Share of solved tickets with exactly one message of an agent. Those solved with none "
            "do not count. Not known where no agent's messages are recorded."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=Among("is_solved AND is_reply_recorded", Message("explain.no_replies_recorded")),
        hits="agent_replies = 1",
        rule=AGENT_REPLIES,
        lists={"compare": 11},
    ),
    Metric(
        name="zero_reply_solves",
        title="Solved without a reply",
        question="How many tickets are solved without a word to the customer?",
        definition=(
            "Solved tickets with no message of an agent. Not known where no agent's messages are recorded. "
            "By the day of their last solve."
        ),
        kind="count",
        unit="count",
        better=None,
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=Among("is_solved AND is_reply_recorded AND agent_replies = 0", Message("explain.agent_wrote")),
        apart=(NO_REPLIES,),
        recorded=RECORDS_REPLIES,
        rule=AGENT_REPLIES,
    ),
    Metric(
        name="first_contact_resolution_rate",
        title="First-contact resolution",
        question="How often is a request settled the first time?",
        definition=(
            "Share of the tickets ever solved that were never reopened. Nor did their customer "
            "open another ticket for the same reason within seven days. Only tickets of a known "
            "customer and reason, once those days have passed. Not known where no reopenings are "
            "recorded. By the day of the first solve."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=ISSUES,
        absent=Message("explain.no_matter_known"),
        date=FIRST_SOLVED_AT,
        among=Among(RECORDS_REOPENINGS, NO_REOPENINGS.otherwise),
        hits="is_settled_at_once",
        rule=RESOLUTION,
        lists={"compare": 9},
    ),
    Metric(
        name="first_response_sla_rate",
        title="First response within target",
        question="How often do we answer in the time promised?",
        definition=(
            "Share of tickets that were answered within the target of their channel and priority. "
            "Tickets that wait beyond their target count as missed. Not known where no agent's "
            "messages are recorded. Targets come from the settings. By the day the ticket was opened."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=ANSWER_LEVELS,
        absent=Message("explain.no_answer_target"),
        date=ARRIVED_AT,
        among=Among("is_judged AND is_reply_recorded", Message("explain.not_judged")),
        apart=(NO_REPLIES,),
        hits="is_attained",
        rule=FIRST_RESPONSE,
        lists={"compare": 5, "targets": 1},
    ),
    Metric(
        name="resolution_sla_rate",
        title="Resolution within target",
        question="How often do we solve in the time promised?",
        definition=(
            "Share of tickets that were solved within the target of their channel and priority. "
            "Tickets still open beyond their target count as missed. Targets come from the "
            "settings. By the day of the last solve, or of the target while there is none."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=SOLVE_LEVELS,
        absent=Message("explain.no_target"),
        date=JUDGED_AT,
        among=JUDGED,
        hits="is_attained",
        rule=RESOLUTION,
        lists={"compare": 6, "targets": 2},
    ),
    Metric(
        name="backlog",
        title="Backlog",
        question="How much is waiting?",
        definition=(
            "Tickets that are open at the end of the data: not solved or closed, or reopened "
            "since. Not known where no opening is recorded. By the day they were opened."
        ),
        kind="count",
        unit="count",
        better="lower",
        fact=TICKETS,
        date=OPENED_AT,
        among=Among("opened_at IS NOT NULL AND is_open", Message("explain.at_rest")),
        recorded=OPENED.condition,
        rule=open_periods,
    ),
    Metric(
        name="csat",
        title="Satisfaction (CSAT)",
        question="How many of those who rate are satisfied?",
        definition=(
            "Share of rated tickets whose last rating is at least 80% of its scale (4 of 5). By "
            "the day of the rating."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=RATED_AT,
        among=Among("is_satisfied IS NOT NULL", Message("explain.not_rated")),
        hits="is_satisfied",
        rule=LAST_RATING,
        lists={"overview": 4, "compare": 7, "satisfaction": 1},
    ),
    Metric(
        name="low_ratings",
        title="Low ratings",
        question="Which tickets left somebody unsatisfied?",
        definition=("Tickets whose last rating is below 80% of its scale. By the day of the rating."),
        kind="count",
        unit="count",
        better="lower",
        fact=RATED,
        absent=Message("explain.not_rated"),
        date=RATED_AT,
        among=Among("NOT is_satisfied", Message("explain.satisfied")),
        rule=LAST_RATING,
        lists={"satisfaction": 4},
    ),
    Metric(
        name="csat_response_rate",
        title="Survey response rate",
        question="How many of the customers we ask answer?",
        definition=(
            "Share of the tickets with a survey offered that were rated. Not known where no "
            "offers are recorded. By the day of the offer."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=SURVEY_OFFERED_AT,
        among=SURVEYED,
        hits="rated_at IS NOT NULL",
        rule=SURVEYS,
        lists={"satisfaction": 2},
    ),
    Metric(
        name="repeat_contact_rate",
        title="Repeat contact rate",
        question="How often do customers come back for the same reason?",
        definition=(
            "Share of tickets that came within seven days after another ticket of the same "
            "customer and reason was solved. Only tickets of a known customer and reason. By the "
            "day they were opened."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=CONTACTS,
        absent=Message("explain.no_contact"),
        date=OPENED_AT,
        hits="is_repeat",
        cluster="customer_id",
        rule=OPENINGS,
        lists={"overview": 7, "compare": 10, "reasons": 2},
    ),
    Metric(
        name="follow_up_rate",
        title="Follow-up rate",
        question="How often do we check back?",
        definition=(
            "Share of solved tickets on which an agent checked back within seven days after a "
            "solve. Not known where no check-backs are recorded. By the day of the last solve."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=Among("is_solved AND is_follow_up_recorded", Message("explain.no_check_backs_recorded")),
        hits="is_followed_up",
        rule=counting("followed_up", "solved", because=Message("explain.check_back")),
    ),
    Metric(
        name="proactive_share",
        title="Proactive share",
        question="How often do we write first?",
        definition=(
            "Share of the tickets opened that were opened by an agent. Not known where no opening by an "
            "agent is recorded. By the day they were opened."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=OPENED_AT,
        among=Among("opened_at IS NOT NULL AND is_opener_recorded", Message("explain.no_opener_recorded")),
        hits="is_opened_by_agent",
        rule=OPENINGS,
    ),
    Metric(
        name="record_completeness",
        title="Complete records",
        question="Can we trust the breakdowns?",
        definition=(
            "Share of solved tickets with a reason, a channel and a workflow run, by the day of the "
            "last solve."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=SOLVED,
        hits="reason IS NOT NULL AND channel IS NOT NULL AND has_run",
        rule=records,
    ),
)
