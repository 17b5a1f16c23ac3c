"""Metrics of volume, and of how long tickets take. Part of the catalog."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.dates import ARRIVED_AT, FIRST_SOLVED_AT, LAST_SOLVED_AT, OPENED_AT
from metrics.catalog.dimensions import TICKETS, TIMED
from metrics.catalog.metric import ANSWERED_EARLY, NO_ARRIVAL, NO_REPLIES, Metric
from metrics.catalog.populations import OPENED, SOLVED
from metrics.replay.rules import FIRST_RESOLUTION, FIRST_RESPONSE, OPENINGS, RESOLUTION

TIMES = (
    Metric(
        name="tickets_opened",
        title="Tickets opened",
        question="How much work comes in?",
        definition="Tickets whose opening is recorded, by the day they were opened.",
        kind="count",
        unit="count",
        better=None,
        fact=TICKETS,
        date=OPENED_AT,
        among=OPENED,
        rule=OPENINGS,
        lists={"overview": 1, "compare": 1, "in_and_out": 1, "reasons": 1},
    ),
    Metric(
        name="tickets_solved",
        title="Tickets solved",
        question="How much work gets done?",
        definition=(
            "Tickets that are solved now, by the day of their last solve. One reopened since is not solved."
        ),
        kind="count",
        unit="count",
        better="higher",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=SOLVED,
        rule=RESOLUTION,
        lists={"overview": 5, "compare": 2, "in_and_out": 2},
    ),
    Metric(
        name="first_response_minutes",
        title="First response time",
        question="How long does a customer wait for a person?",
        definition=(
            "Median minutes from the customer's first contact to the first message of an agent. "
            "After a bot it starts at the bot's last hand-off. Bots do not answer. Unanswered "
            "tickets are left out. By the day the ticket was opened."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TICKETS,
        date=ARRIVED_AT,
        value="first_response_minutes",
        without_value=Message("explain.unanswered"),
        apart=(NO_REPLIES, ANSWERED_EARLY),
        rule=FIRST_RESPONSE,
        lists={"overview": 2, "compare": 3, "run_clocks": 1},
    ),
    Metric(
        name="first_response_business_minutes",
        title="First response time, opening hours",
        question="How long does a customer wait for a person while the desk is open?",
        definition=(
            "First response time counted in the opening hours of the ticket's team or channel. "
            "Without settings these are Monday to Friday, 9:00 to 17:00. It is 0 where the desk "
            "was closed throughout. By the day the ticket was opened."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TIMED,
        date=ARRIVED_AT,
        value="first_response_business_minutes",
        without_value=Message("explain.unanswered"),
        apart=(NO_REPLIES, ANSWERED_EARLY),
        rule=FIRST_RESPONSE,
    ),
    Metric(
        name="first_resolution_minutes",
        title="First resolution time",
        question="How long until a ticket is first solved?",
        definition=(
            "Median minutes from the first contact to the first solve. Where the customer had not "
            "written, it starts at the opening. By the day of that solve."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TICKETS,
        date=FIRST_SOLVED_AT,
        value="first_resolution_minutes",
        apart=(NO_ARRIVAL,),
        rule=FIRST_RESOLUTION,
    ),
    Metric(
        name="resolution_minutes",
        title="Resolution time",
        question="How long until a ticket is solved for good?",
        definition=(
            "Median minutes from the first contact to the last solve that no reopening follows. "
            "Where the customer had not written, it starts at the opening. Open tickets are left "
            "out. By the day of that solve."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        value="resolution_minutes",
        apart=(NO_ARRIVAL,),
        rule=RESOLUTION,
        lists={"overview": 3, "compare": 4, "run_clocks": 3},
    ),
    Metric(
        name="resolution_business_minutes",
        title="Resolution time, opening hours",
        question="How long is a ticket worked on while the desk is open?",
        definition=(
            "Resolution time counted in the opening hours of the ticket's team or channel. "
            "Without settings these are Monday to Friday, 9:00 to 17:00. It is 0 where the desk "
            "was closed throughout. By the day of the last solve."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TIMED,
        date=LAST_SOLVED_AT,
        value="resolution_business_minutes",
        apart=(NO_ARRIVAL,),
        rule=RESOLUTION,
    ),
)
