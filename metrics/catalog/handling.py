"""Metrics of handling and of records: through whose hands, and how well written down. Part of the catalog."""

from __future__ import annotations

from metrics.catalog.dimensions import TICKETS
from metrics.catalog.metric import Metric

HANDLING = (
    Metric(
        "zero_touch_rate",
        "Zero-touch rate",
        "How often is no agent needed?",
        "Share of solved tickets in which no agent did anything at all, the solve included. By the day of "
        "the last solve.",
        "share", None, "share", TICKETS, "last_solved_at", "is_solved", "agent_events = 0",
    ),
    Metric(
        "hand_off_rate",
        "Hand-off rate",
        "How often does the bot need a person?",
        "Share of tickets that a bot handed to a person, by the day they were opened. Null where no "
        "hand-offs are recorded.",
        "share", None, "share", TICKETS, "arrived_at", "is_hand_off_recorded", "hand_offs > 0",
    ),
    Metric(
        "escalation_rate",
        "Escalation rate",
        "How often must somebody else help?",
        "Share of tickets that were escalated, by the day they were opened. Null where no escalations are "
        "recorded.",
        "share", "lower", "share", TICKETS, "arrived_at", "is_escalation_recorded", "escalations > 0",
    ),
    Metric(
        "surveys_offered",
        "Surveys offered",
        "How many customers do we ask?",
        "Tickets with a survey offered, by the day of the first offer.",
        "count", None, "count", TICKETS, "survey_offered_at", "survey_offered_at IS NOT NULL",
    ),
    Metric(
        "tickets_rated",
        "Tickets rated",
        "How many customers tell us?",
        "Tickets with a rating, by the day of the last one.",
        "count", None, "count", TICKETS, "rated_at", "rated_at IS NOT NULL",
    ),
    Metric(
        "reason_completeness",
        "Records with a reason",
        "Can we trust what is told by reason?",
        "Share of solved tickets with a contact reason, by the day of the last solve.",
        "share", "higher", "share", TICKETS, "last_solved_at", "is_solved", "reason IS NOT NULL",
    ),
    Metric(
        "channel_completeness",
        "Records with a channel",
        "Can we trust what is told by channel?",
        "Share of solved tickets with a channel, by the day of the last solve.",
        "share", "higher", "share", TICKETS, "last_solved_at", "is_solved", "channel IS NOT NULL",
    ),
    Metric(
        "run_completeness",
        "Records with a workflow run",
        "How often is the guided workflow used at all?",
        "Share of solved tickets in which a step of a workflow was entered, by the day of the last solve.",
        "share", "higher", "share", TICKETS, "last_solved_at", "is_solved", "has_run",
    ),
)  # fmt: skip
