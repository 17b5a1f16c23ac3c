"""Metrics of the runs of a workflow, by which its versions are compared, beside those of their visits."""

from __future__ import annotations

from etl.messages import Message
from metrics.catalog.dates import ENTERED_AT
from metrics.catalog.dimensions import RUNS
from metrics.catalog.metric import Among, Metric

RUN_METRICS = (
    Metric(
        name="run_minutes",
        title="Time of a run",
        question="How long does a run of the workflow take?",
        definition=(
            "Median minutes, without pauses, of the runs that were not given up, by the day they began."
        ),
        kind="median",
        unit="minutes",
        better="lower",
        fact=RUNS,
        date=ENTERED_AT,
        among=Among("run_us > 0 AND NOT abandoned"),
        value="run_us / 6e7",
    ),
    Metric(
        name="run_confused_rate",
        title="Runs with a confused visit",
        question="How many runs confuse somewhere?",
        definition=(
            "Share of the ended runs in which a visit was confused, by the day they began. "
            "Not known of logs of states."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=RUNS,
        date=ENTERED_AT,
        among=Among("is_confused IS NOT NULL", Message("explain.log_of_states")),
        hits="is_confused",
    ),
    Metric(
        name="run_given_up_rate",
        title="Runs given up",
        question="How many runs are not brought to their end?",
        definition=(
            "Share of the ended runs that were given up, by the day they began. "
            "Not known where hardly any run has an end."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=RUNS,
        date=ENTERED_AT,
        among=Among("abandoned IS NOT NULL"),
        hits="abandoned",
    ),
    Metric(
        name="run_rushed_rate",
        title="Runs clicked through",
        question="How many runs are only clicked through?",
        definition=(
            "Share of the finished runs that were clicked through, or began after the solve, by the day they "
            "began. Not known of logs of states."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=RUNS,
        date=ENTERED_AT,
        among=Among("is_rushed IS NOT NULL"),
        hits="is_rushed",
    ),
    Metric(
        name="run_reopened_rate",
        title="Tickets reopened after it",
        question="How often was the request not settled?",
        definition=(
            "Share of the tickets ever solved with such a run that were reopened, by the day the run began."
        ),
        kind="share",
        unit="share",
        better="lower",
        fact=RUNS,
        date=ENTERED_AT,
        among=Among("is_first AND is_reopened IS NOT NULL"),
        hits="is_reopened",
    ),
    Metric(
        name="run_satisfied_rate",
        title="Satisfied after it",
        question="How many of those who rate are satisfied?",
        definition=(
            "Share of the rated tickets with such a run whose rating is satisfied, by the day the run began."
        ),
        kind="share",
        unit="share",
        better="higher",
        fact=RUNS,
        date=ENTERED_AT,
        among=Among("is_first AND is_rated_low IS NOT NULL"),
        hits="NOT is_rated_low",
    ),
)
