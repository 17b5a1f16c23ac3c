"""Metrics of waiting: who waited for whom, and how much still waits. Part of the catalog."""

from __future__ import annotations

from metrics.catalog.dimensions import AWAITED, TICKETS
from metrics.catalog.metric import Metric

WAITING = (
    Metric(
        "felt_first_response_minutes",
        "First response time, as felt",
        "How long does a customer wait for a person, the time with a bot included?",
        "Median minutes from the customer's first contact to the first message of an agent, whether a bot "
        "handed over in between or not. Unanswered tickets are not in it. By the day the ticket was opened.",
        "minutes", "lower", "median", TICKETS, "arrived_at", value="felt_first_response_minutes",
    ),
    Metric(
        "unanswered",
        "Waiting for a first answer",
        "How many customers have heard from nobody yet?",
        "Open tickets whose customer has written and no agent has answered, at the instant the data is "
        "looked at, by the day they were opened.",
        "count", "lower", "count", TICKETS, "arrived_at",
        "is_open AND first_contact_at IS NOT NULL AND first_response_at IS NULL",
    ),
    Metric(
        "resolution_km_minutes",
        "Resolution time, open tickets included",
        "How long does it take, if we don't forget those still open?",
        "Kaplan–Meier median of the resolution time: tickets not solved yet count with the time they have "
        "waited so far, reopened ones too. By the day the ticket was opened. Null where fewer than half are "
        "seen to be solved.",
        "minutes", "lower", "survival", AWAITED, "arrived_at", value="waited_minutes", over="is_over",
    ),
    Metric(
        "requester_wait_minutes",
        "Customer's waiting time",
        "How long did the customer wait for us, all turns together?",
        "Median minutes of a solved ticket in which it was our turn: from the customer's messages to the "
        "agents', and while on hold. By the day of the last solve.",
        "minutes", "lower", "median", TICKETS, "last_solved_at", "is_solved", "requester_wait_minutes",
    ),
    Metric(
        "agent_wait_minutes",
        "Agents' waiting time",
        "How long did we wait for the customer, all turns together?",
        "Median minutes of a solved ticket in which it was the customer's turn: from the agents' messages to "
        "the customer's next one, or to the solve. By the day of the last solve.",
        "minutes", None, "median", TICKETS, "last_solved_at", "is_solved", "agent_wait_minutes",
    ),
    Metric(
        "hold_minutes",
        "Time on hold",
        "How long are tickets on hold, where they are?",
        "Median minutes on hold of the solved tickets that were ever put on hold, by the day of the last "
        "solve.",
        "minutes", "lower", "median", TICKETS, "last_solved_at", "is_solved AND holds > 0", "hold_minutes",
    ),
)  # fmt: skip
