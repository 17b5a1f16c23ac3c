"""The one metric of visits to steps: how often a step confuses. Part of the catalog."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.dates import ENTERED_AT
from metrics.catalog.dimensions import VISITS
from metrics.catalog.metric import Among, Metric

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
