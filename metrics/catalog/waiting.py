"""Metrics of waiting: who waited for whom, and how much still waits. Part of the catalog."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.dates import ARRIVED_AT, LAST_SOLVED_AT
from metrics.catalog.dimensions import RESOLUTION_WAITS, TICKETS
from metrics.catalog.metric import ANSWERED_EARLY, NO_ARRIVAL, NO_REPLIES, RECORDS_REPLIES, Among, Metric
from metrics.catalog.populations import SOLVED
from metrics.replay.clock_rules import waits
from metrics.replay.rules import FELT_FIRST_RESPONSE, RESOLUTION

_SOLVED_AND_ANSWERED = Among(f"{SOLVED.condition} AND {RECORDS_REPLIES}", SOLVED.otherwise)

WAITING = (
    Metric(
        name="felt_first_response_minutes",
        title="First response time, as felt",
        question="How long does a customer wait for a person, the time with a bot included?",
        definition=(
            "Median minutes from the customer's first contact to the first message of an agent, "
            "including time with a bot. Unanswered tickets are left out. By the day the ticket "
            "was opened."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TICKETS,
        date=ARRIVED_AT,
        value="felt_first_response_minutes",
        without_value=Message("explain.unanswered"),
        apart=(NO_REPLIES, ANSWERED_EARLY),
        rule=FELT_FIRST_RESPONSE,
    ),
    Metric(
        name="unanswered",
        title="Waiting for a first answer",
        question="How many customers have heard from nobody yet?",
        definition=(
            "Open tickets whose customer has written, and which no agent has answered at the end "
            "of the data. Not known where no agent's messages are recorded. By the day they were opened."
        ),
        kind="count",
        unit="count",
        better="lower",
        fact=TICKETS,
        date=ARRIVED_AT,
        among=Among(
            "is_open AND first_contact_at IS NOT NULL AND first_response_at IS NULL "
            "AND is_reply_recorded AND NOT is_answered_early",
            Message("explain.not_unanswered"),
        ),
        apart=(NO_REPLIES, ANSWERED_EARLY),
        recorded=RECORDS_REPLIES,
        rule=FELT_FIRST_RESPONSE,
    ),
    Metric(
        name="resolution_km_minutes",
        title="Resolution time, open tickets included",
        question="How long does it take, if we don't forget those still open?",
        definition=(
            "Median resolution time that includes open tickets, with their wait so far "
            "(Kaplan–Meier). Reopened tickets count as open. Not known where fewer than half are "
            "solved. By the day the ticket was opened."
        ),
        kind="survival",
        unit="minutes",
        better="lower",
        fact=RESOLUTION_WAITS,
        absent=Message("explain.heard_late"),
        date=ARRIVED_AT,
        value="waited_minutes",
        is_over="is_over",
        rule=RESOLUTION,
    ),
    Metric(
        name="requester_wait_minutes",
        title="Customer's waiting time",
        question="How long did the customer wait for us, all turns together?",
        definition=(
            "Median minutes of a solved ticket in which it was our turn. It is our turn from a "
            "customer's message to an agent's, and on hold. Not known where no agent's messages are "
            "recorded. By the day of the last solve."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=_SOLVED_AND_ANSWERED,
        apart=(NO_REPLIES, NO_ARRIVAL),
        value="requester_wait_minutes",
        rule=waits,
        lists={"run_clocks": 2},
    ),
    Metric(
        name="agent_wait_minutes",
        title="Agents' waiting time",
        question="How long did we wait for the customer, all turns together?",
        definition=(
            "Median minutes of a solved ticket in which it was the customer's turn. It is theirs "
            "from an agent's message to the customer's next one, or to the solve. Not known where "
            "no agent's messages are recorded. By the day of the last solve."
        ),
        kind="median",
        unit="minutes",
        better=None,
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=_SOLVED_AND_ANSWERED,
        apart=(NO_REPLIES, NO_ARRIVAL),
        value="agent_wait_minutes",
        rule=waits,
    ),
    Metric(
        name="hold_minutes",
        title="Time on hold",
        question="How long are tickets on hold, where they are?",
        definition=(
            "Median minutes on hold of solved tickets that were ever on hold. By the day of the last solve."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=Among("is_solved AND holds > 0", Message("explain.never_held")),
        value="hold_minutes",
        apart=(Among(f"holds > 0 AND {NO_ARRIVAL.condition}", NO_ARRIVAL.otherwise),),
        rule=waits,
    ),
)
