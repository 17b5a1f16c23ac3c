"""How often steps confuse, counted by visits for whoever designs them, and by tickets for managers."""

from __future__ import annotations

from etl.contract.kinds import STEP_KINDS
from etl.messages import Message
from metrics.catalog.dates import ENTERED_AT
from metrics.catalog.dimensions import GUIDED, VISITS
from metrics.catalog.metric import Among, Metric
from metrics.replay.count_rules import counting

CONFUSED_TICKETS = Metric(
    name="confused_ticket_rate",
    title="Confused tickets",
    question="How many tickets meet a step that confuses?",
    definition=(
        "Share of the tickets with a visit to a step in which one of their visits was confused. Only visits "
        "of workflows that guide agents; not known of logs of states. By the day the first of them began."
    ),
    kind="share",
    unit="share",
    better="lower",
    fact=GUIDED,
    absent=Message("explain.no_visit"),
    date=ENTERED_AT,
    hits="is_confused",
    rule=counting(*STEP_KINDS, because=Message("explain.step_event")),
    lists={"compare": 14},
)

CONFUSION = Metric(
    name="confusion_rate",
    title="Confusion rate",
    question="How often does a step confuse?",
    definition=(
        "Share of visits to steps that show one strong sign of confusion, or two different "
        "weak ones. Only visits of workflows that guide agents; not known of logs of states. By the "
        "day the visit began."
    ),
    kind="share",
    unit="share",
    better="lower",
    fact=VISITS,
    absent=Message("explain.no_visit"),
    date=ENTERED_AT,
    among=Among("is_confused IS NOT NULL", Message("explain.log_of_states")),
    hits="is_confused",
    lists={"overview": 8, "compare": 13, "reasons": 3},
)
