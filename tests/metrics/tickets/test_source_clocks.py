"""A newer file of another system ages, breaches and settles nothing of a source."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import duckdb
import polars as pl
import pytest

from metrics.catalog.dimensions import TICKETS
from metrics.catalog.metrics import CATALOG
from metrics.query.measure import measured
from metrics.query.scope import Scope
from metrics.tickets import backlog
from metrics.tickets.service_levels import about_to_breach
from metrics.tickets.unresolved import unresolved
from tests.metrics.histories import at, rows
from tests.metrics.tickets.test_service_levels import DAY, set_up

OLD = Scope(where=(("source", ("old",)),))
LINES = (
    "old:1 opened @0h source=old customer=c reason=bill",
    "old:2 opened @1h source=old customer=d reason=bill",
    "old:2 replied @2h by agent source=old",
    "old:2 solved @3h source=old",
    "old:3 opened @20h source=old",
    "old:4 solved @21h source=old",
)
LATER = ("new:1 opened @40d source=new", "new:1 solved @41d source=new")


@pytest.fixture(scope="module")
def alone() -> duckdb.DuckDBPyConnection:
    return set_up(*LINES, targets=[DAY])


@pytest.fixture(scope="module")
def together() -> duckdb.DuckDBPyConnection:
    return set_up(*LINES, *LATER, targets=[DAY])


@pytest.mark.parametrize(
    "relation",
    [
        *("response_waits", "resolution_waits", "resolved_issues", "backlog_periods"),
        *("service_levels", "pending_targets", "timed_response_waits", "timed_resolution_waits"),
    ],
)
def test_what_is_looked_at_now_is_so_at_the_newest_event_of_its_source(
    alone: Any, together: Any, relation: str
) -> None:
    of_source = rows(together, relation).filter(pl.col("source") == "old")
    expected = rows(alone, relation)
    order = [name for name in expected.columns if not expected[name].dtype.is_nested()]
    assert of_source.sort(order).equals(expected.sort(order))
    assert expected.height or relation == "resolved_issues"


def test_open_tickets_their_ages_and_the_backlog_are_those_of_the_source(alone: Any, together: Any) -> None:
    soon = partial(about_to_breach, within=timedelta(hours=24))
    for question in (unresolved, backlog.ages, backlog.series, soon):
        answers = [question(connection, scope=OLD) for connection in (alone, together)]
        assert answers[0].height
        assert answers[0].equals(answers[1])


def test_every_number_of_its_tickets_is_as_it_is_alone(alone: Any, together: Any) -> None:
    metrics = [metric for metric in CATALOG.values() if metric.fact == TICKETS or "wait" in metric.fact]
    assert len(metrics) > 10
    assert measured(together, metrics, [], OLD).equals(measured(alone, metrics, [], OLD))


def test_an_instant_that_is_asked_for_holds_for_every_source(together: Any) -> None:
    later = OLD.model_copy(update={"as_of": at("60d")})
    assert unresolved(together, scope=later)["age_minutes"].max() == 60 * 24 * 60
    assert set(rows(together, "service_levels", as_of=at("60d"))["status"].drop_nulls()) == {
        "attained",
        "breached",
    }


def test_the_backlog_of_all_goes_on_to_the_newest_of_all(together: Any) -> None:
    assert backlog.series(together)["day"].max() == date(2026, 4, 12)
