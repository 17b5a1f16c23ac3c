"""Metrics of handling and of records: through whose hands, and how well written down. Part of the catalog."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.dates import ARRIVED_AT, LAST_SOLVED_AT, RATED_AT, SURVEY_OFFERED_AT
from metrics.catalog.dimensions import GUIDED, TICKETS
from metrics.catalog.metric import Among, Metric
from metrics.catalog.populations import SOLVED, SURVEYED
from metrics.replay.clock_rules import abandonment
from metrics.replay.count_rules import counting, records
from metrics.replay.rules import LAST_RATING, SURVEYS

NO_ABANDONMENTS = Among("NOT is_abandonment_recorded", Message("explain.no_abandonments_recorded"))
ABANDONED_SOON = Among("is_abandoned_soon", Message("explain.abandoned_soon"))

HANDLING = (
    Metric(
        name="zero_touch_rate",
        title="Zero-touch rate",
        question="How often is no agent needed?",
        definition=(
            "Share of solved tickets in which no agent did anything at all, the solve included. By "
            "the day of the last solve."
        ),
        kind="share",
        unit="share",
        better=None,
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=SOLVED,
        hits="agent_events = 0",
        rule=counting(because=Message("explain.agent_did_it"), by_agents=True),
    ),
    Metric(
        name="hand_off_rate",
        title="Hand-off rate",
        question="How often does the bot need a person?",
        definition=(
            "Share of tickets that a bot handed to a person. Not known where no hand-offs are "
            "recorded. By the day they were opened."
        ),
        kind="share",
        unit="share",
        better=None,
        fact=TICKETS,
        date=ARRIVED_AT,
        among=Among("is_hand_off_recorded", Message("explain.no_hand_offs_recorded")),
        hits="hand_offs > 0",
        rule=counting("handed_off", because=Message("explain.handed_over")),
    ),
    Metric(
        name="escalation_rate",
        title="Escalation rate",
        question="How often must somebody else help?",
        definition=(
            "Share of tickets that were escalated. Not known where no escalations are recorded. "
            "By the day they were opened."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=TICKETS,
        date=ARRIVED_AT,
        among=Among("is_escalation_recorded", Message("explain.no_escalations_recorded")),
        hits="escalations > 0",
        rule=counting("escalated", because=Message("explain.escalated")),
        lists={"compare": 12},
    ),
    Metric(
        name="abandonment_rate",
        title="Abandonment rate",
        question="How often does a customer give up before we answer?",
        definition=(
            "Share of contacts in which the customer hung up or left the queue before an agent "
            "answered. Short ones (see settings) are in neither count. Not known where no such "
            "event is recorded in the source and channel. By the day the ticket was opened."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=TICKETS,
        date=ARRIVED_AT,
        among=Among(
            "is_abandonment_recorded AND first_contact_at IS NOT NULL AND NOT is_abandoned_soon",
            Message("explain.never_heard"),
        ),
        apart=(NO_ABANDONMENTS, ABANDONED_SOON),
        hits="is_abandoned",
        rule=abandonment,
    ),
    Metric(
        name="short_abandonments",
        title="Abandoned within seconds",
        question="How many customers leave at once?",
        definition=(
            "Short contacts (see settings) in which the customer hung up or left the queue. Each time it "
            "was within seconds. Not known where no such event is recorded. By the day the ticket was opened."
        ),
        kind="count",
        unit="count",
        better=None,
        fact=TICKETS,
        date=ARRIVED_AT,
        among=Among("is_abandoned_soon", Message("explain.not_abandoned")),
        apart=(NO_ABANDONMENTS,),
        recorded="is_abandonment_recorded",
        rule=abandonment,
    ),
    Metric(
        name="surveys_offered",
        title="Surveys offered",
        question="How many customers do we ask?",
        definition="Tickets with a survey offered, by the day of the first offer.",
        kind="count",
        unit="count",
        better=None,
        fact=TICKETS,
        date=SURVEY_OFFERED_AT,
        among=SURVEYED,
        rule=SURVEYS,
    ),
    Metric(
        name="tickets_rated",
        title="Tickets rated",
        question="How many customers rate us?",
        definition="Tickets with a rating, by the day of the last one.",
        kind="count",
        unit="count",
        better=None,
        fact=TICKETS,
        date=RATED_AT,
        among=Among("rated_at IS NOT NULL"),
        rule=LAST_RATING,
        lists={"satisfaction": 3},
    ),
    Metric(
        name="reason_completeness",
        title="Records with a reason",
        question="Can we trust numbers by reason?",
        definition="Share of solved tickets with a contact reason, by the day of the last solve.",
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=SOLVED,
        hits="reason IS NOT NULL",
        rule=records,
    ),
    Metric(
        name="channel_completeness",
        title="Records with a channel",
        question="Can we trust numbers by channel?",
        definition="Share of solved tickets with a channel, by the day of the last solve.",
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=SOLVED,
        hits="channel IS NOT NULL",
        rule=records,
    ),
    Metric(
        name="run_completeness",
        title="Records with a workflow run",
        question="How often is the guided workflow used at all?",
        definition=(
            "Share of solved tickets in which a step of a workflow was entered, by the day of the last solve."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=TICKETS,
        date=LAST_SOLVED_AT,
        among=SOLVED,
        hits="has_run",
        rule=records,
        lists={"compare": 15},
    ),
    Metric(
        name="clicked_through_rate",
        title="Records with all runs clicked through",
        question="How often is the guided workflow only clicked through?",
        definition=(
            "Share of solved tickets with a finished run whose runs were all clicked through, or began after "
            "the solve. Not known of logs of states. By the day of the last solve."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=GUIDED,
        absent=Message("explain.no_visit"),
        date=LAST_SOLVED_AT,
        among=Among(
            f"{SOLVED.condition} AND is_clicked_through IS NOT NULL", Message("explain.no_finished_run")
        ),
        hits="is_clicked_through",
        rule=counting("entered", "run_finished", "solved", because=Message("explain.run_times")),
        lists={"compare": 16},
    ),
)
