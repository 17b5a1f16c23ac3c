"""What moved a metric: mix and rate of each group, adding up to the change."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import InvalidRequest
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.tickets.contributions import contributions, movers
from tests.lengths import examples
from tests.metrics.histories import only, warehouse

SECOND = Scope(start=date(2026, 3, 9), end=date(2026, 3, 15))


def solved(*groups):
    """`groups`: day, channel, how many tickets, how many of them reopened."""
    for number, (day, channel, tickets, reopened) in enumerate(groups):
        for n in range(tickets):
            name = f"t{number}x{n}"
            yield f"{name} opened @{day}d channel={channel}"
            yield f"{name} solved @{day}d{10 * (number + 1) + n}m"
            if n < reopened:
                yield f"{name} reopened @{day}d5h"


def parts(connection, metric="reopen_rate"):
    found = contributions(connection, metric, scope=SECOND, by=["channel"])
    return found, {row["group"]: row for row in found.parts.iter_rows(named=True)}


def test_the_same_tickets_going_otherwise_are_rate():
    groups = (0, "chat", 4, 0), (0, "mail", 4, 2), (7, "chat", 4, 2), (7, "mail", 4, 2)
    found, told = parts(warehouse(*solved(*groups)))
    assert (found.before, found.now, found.change) == (0.25, 0.5, 0.25)
    assert (told["chat"]["mix"], told["chat"]["rate"]) == (0, 0.25)
    assert told["mail"]["total"] == 0


def test_other_tickets_coming_are_mix():
    groups = (0, "chat", 6, 0), (0, "mail", 2, 2), (7, "chat", 2, 0), (7, "mail", 6, 6)
    found, told = parts(warehouse(*solved(*groups)))
    assert found.change == 0.5
    assert [row["rate"] for row in told.values()] == [0, 0]
    assert sum(row["mix"] for row in told.values()) == 0.5


def test_a_group_that_was_not_there_before_is_mix():
    found, told = parts(warehouse(*solved((0, "chat", 4, 0), (7, "chat", 4, 0), (7, "mail", 4, 4))))
    assert found.change == 0.5
    assert (told["mail"]["rate"], told["mail"]["value_before"]) == (0, None)
    assert told["mail"]["total"] + told["chat"]["total"] == 0.5


def test_counts_have_differences_and_no_rate():
    _, told = parts(warehouse(*solved((0, "chat", 4, 0), (7, "chat", 1, 0))), "tickets_opened")
    assert (told["chat"]["total"], told["chat"]["rate"]) == (-3, None)


def test_a_median_is_split_by_how_many_took_longer_than_before():
    found, told = parts(warehouse(*solved((0, "chat", 4, 0), (7, "chat", 4, 0))), "resolution_minutes")
    assert str(found.of) == "Share of tickets that take more than 11.5 minutes, the median before"
    assert (found.before, found.now) == (0.5, 1.0)
    assert told["chat"]["rate"] == 0.5


def test_a_dimension_without_any_value_explains_nothing():
    connection = warehouse(*solved((0, "chat", 4, 0), (7, "chat", 1, 0), (7, "mail", 2, 0)))
    assert movers(connection, SECOND) == ("channel",)
    named = contributions(connection, "tickets_opened", scope=SECOND, by=["team", "channel"])
    assert set(named.parts["dimension"]) == {"channel"}


def test_what_cannot_be_told():
    with pytest.raises(InvalidRequest, match="Ask for resolution_minutes"):
        contributions(warehouse(), "resolution_km_minutes", scope=SECOND)
    with pytest.raises(InvalidRequest, match="needs a period"):
        contributions(warehouse(), "csat", scope=Scope())
    assert contributions(warehouse(), "csat", scope=SECOND).change is None


counts = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda pair: (max(pair), min(pair)))


@examples(2, long=60)
@given(
    st.lists(st.tuples(st.sampled_from([0, 7]), st.sampled_from(["chat", "mail", "web"]), counts), max_size=5)
)
def test_the_parts_add_up_to_the_change(told):
    connection = warehouse(*solved(*((day, channel, *count) for day, channel, count in told)))
    for metric in ("reopen_rate", "tickets_solved", "resolution_minutes"):
        found = contributions(connection, metric, scope=SECOND)
        sums = found.parts.group_by("dimension").agg(pl.col("total", "mix", "rate").sum())
        if found.change is not None:
            assert sums["total"].to_list() == pytest.approx([found.change] * sums.height, abs=1e-12)
    now = only(measure(connection, ["reopen_rate"], scope=SECOND)).value
    assert contributions(connection, "reopen_rate", scope=SECOND).now == now
