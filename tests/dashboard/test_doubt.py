"""Doubt at the top of pages: suspicious data, data of an earlier day, and the period that is shown first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.filters.filter_bar import ALL, PERIODS, first_period
from etl.mapping.mapping import Mapping
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.refresh.facts import bring_up_to_date
from metrics.settings.model import Settings
from tests.dashboard import histories
from tests.dashboard.browsing import VIEWS
from tests.dashboard.histories import MONDAY
from tests.dashboard.test_pages import open_page

DOUBT = "The data looks suspicious"
ABOUT_THE_DATA = {"data_health", "your_data"}
"""Pages on which the data is looked at itself; every other page rests on it."""
OF_AN_EARLIER_DAY = "data is not of today"


@pytest.fixture(scope="module")
def suspicious(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty tickets that are solved before they are opened."""
    rows: list[dict[str, Any]] = [
        {"ticket_id": f"t{n}", "kind": kind, "occurred_at": MONDAY + timedelta(hours=n, minutes=late)}
        for n in range(30)
        for kind, late in (("opened", 30), ("solved", 0))
    ]
    return histories.build(tmp_path_factory.mktemp("suspicious") / "warehouse", rows)


@pytest.mark.sweep(9)
@pytest.mark.parametrize("page", [page for page in VIEWS if page not in ABOUT_THE_DATA])
def test_a_page_that_rests_on_suspicious_data_says_so_with_a_link(monkeypatch, suspicious, page) -> None:
    app = open_page(monkeypatch, suspicious, page)
    (warning,) = [each.value for each in app.warning if DOUBT in each.value]
    assert "wrong order" in warning
    assert "](data_health" in warning


@pytest.mark.parametrize("page", sorted(ABOUT_THE_DATA))
def test_where_the_data_is_looked_at_itself_nothing_is_said_twice(monkeypatch, suspicious, page) -> None:
    assert not [each for each in open_page(monkeypatch, suspicious, page).warning if DOUBT in each.value]


def test_data_in_order_is_not_doubted(monkeypatch, warehouses) -> None:
    for page in ("overview", "hotspots"):
        app = open_page(monkeypatch, warehouses["full"], page)
        assert not [each for each in app.warning if DOUBT in each.value or OF_AN_EARLIER_DAY in each.value]


def test_of_several_systems_only_the_one_that_is_looked_at_is_doubted(monkeypatch, tmp_path) -> None:
    lines = [f"{n},{kind},2026-03-02T09:{n}:00Z" for n in range(10, 40) for kind in ("opened", "solved")]
    bad = [line.replace("T09", "T08") if "solved" in line else line for line in lines]
    with open_writer(tmp_path / "warehouse") as connection:
        for system, rows in (("north", lines), ("south", bad), (None, bad)):
            file = tmp_path / f"{system}.csv"
            file.write_text("\n".join(["ticket_id,kind,occurred_at", *rows]))
            archive = Archive(tmp_path / "warehouse" / "archive")
            mapping = Mapping.model_validate({"source": system})
            load([file], connection, archive, now=datetime(2026, 3, 3, tzinfo=UTC), mapping=mapping)
        bring_up_to_date(connection, tmp_path / "warehouse", Settings())
    for system, is_doubted in (("north", False), ("south", True)):
        app = open_page(monkeypatch, tmp_path / "warehouse", "service_level", source=[system])
        assert any(DOUBT in each.value for each in app.warning) == is_doubted
        (look,) = [each.value for each in app.warning if OF_AN_EARLIER_DAY in each.value]
        assert f"of {system} for 2 Mar 2026" in look


def test_where_words_are_relative_data_of_an_earlier_day_is_named_with_its_instant(
    monkeypatch, suspicious
) -> None:
    listed = open_page(monkeypatch, suspicious, "tickets")
    assert any("Open or solved as of 3 Mar 2026" in each.value for each in listed.caption)
    app = open_page(monkeypatch, suspicious, "service_level")
    (look,) = [each.value for each in app.warning if OF_AN_EARLIER_DAY in each.value]
    assert "3 Mar 2026" in look
    assert "UTC" in look


def test_an_open_ticket_and_a_period_that_may_not_be_over_name_the_end_of_the_data(
    monkeypatch, warehouses
) -> None:
    ticket = open_page(monkeypatch, warehouses["full"], "ticket", ticket="t117")
    assert "It is open as of 11 May 2026" in ticket.markdown[0].value.replace("\\", "")
    for link, is_last in (({"period": "All data"}, True), ({"period": "Choose dates"}, False)):
        dates = {} if is_last else {"dates": ["2026-03-02", "2026-03-29"]}
        overview = open_page(monkeypatch, warehouses["full"], "overview", **link, **dates)
        assert ("the data ends at" in overview.caption[0].value) == is_last


@pytest.mark.parametrize(
    ("volumes", "period"),
    [
        ([[100] * 60], "Last 4 weeks"),
        ([[60, 50, 70, 40, *[100] * 56]], "Last 4 weeks"),
        ([[1, 0, 3, 10, *[100] * 56]], "Last 12 weeks"),
        ([[0, 1, *[0] * 10, *[100] * 48]], "Last 26 weeks"),
        ([[1, *[0] * 100, *[100] * 30]], ALL),
        ([[100] * 60, [*[0] * 5, *[10] * 55]], "Last 12 weeks"),
        ([[*[20] * 40, *[2000] * 12]], ALL),  # most weeks are a tail, most tickets are not
        ([[*[40] * 30, *[100] * 30]], "Last 4 weeks"),
        ([], "Last 4 weeks"),
    ],
)
def test_the_first_period_is_the_shortest_with_ordinary_volume(volumes, period) -> None:
    options = [*PERIODS, ALL]
    assert options[first_period(options, volumes)] == period
