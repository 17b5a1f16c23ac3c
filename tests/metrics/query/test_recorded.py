"""What a source does not record is not known of its tickets, whatever other sources record."""

import pytest

from metrics.explain.explain import explain, replay
from metrics.query.measure import measure
from metrics.settings.thresholds import Thresholds
from tests.metrics.histories import rows, warehouse

TWO = Thresholds(unreopened_solves_needed=2)
NO_REOPENINGS = "The source records no reopenings: of many solved tickets none was reopened."


def solved(*tickets, source="north"):
    return [
        line
        for name in tickets
        for line in (
            f"{name} opened @0h source={source} customer={name} reason=bill",
            f"{name} entered @1h step=ask source={source}",
            f"{name} run_finished @1h source={source}",
            f"{name} solved @2h source={source}",
            f"{name} rated @3h score=1 scale_max=1 source={source}",
        )
    ]


LATER = "z held @30d source=north"


@pytest.mark.parametrize(("metric", "calm"), [("reopen_rate", 0.0), ("first_contact_resolution_rate", 1.0)])
def test_of_many_solved_tickets_without_a_reopening_nobody_knows_which_were_reopened(metric, calm):
    def value(*lines):
        connection = warehouse(*lines, LATER, "y held @30d source=south", thresholds=TWO)
        return measure(connection, [metric]).select("value", "n").row(0)

    assert value(*solved("a", "b")) == (None, 0)
    assert value(*solved("a")) == (calm, 1)  # few may all stay solved
    taken_back = ("c discarded @1h source=north", "c reopened @2h source=north")
    assert value(*solved("a", "b"), *taken_back) == (
        calm,
        2,
    )  # it records them, though this one reopens nothing
    other = (*solved("c", source="south"), "c reopened @4h source=south")
    assert value(*solved("a", "b"), *other) == (1 - calm, 1)


def test_what_is_held_against_reopening_has_none_where_none_is_recorded():
    connection = warehouse(*solved("a", "b"), LATER, thresholds=TWO)
    for relation in ("ended_runs", "step_outcomes", "solvers"):
        assert rows(connection, relation).select("is_reopened").to_series().drop_nulls().to_list() == []
    assert rows(connection, "rated_tickets")["reopened"].to_list() == [None, None]
    explanation = explain(connection, "reopen_rate")
    reasons = {str(each.because): each.n for each in explanation.exclusions}
    assert (explanation.value, reasons[NO_REOPENINGS]) == (None, 2)
    for metric in ("reopen_rate", "first_contact_resolution_rate"):
        assert str(replay(connection, metric, "a").left_out) == NO_REOPENINGS
