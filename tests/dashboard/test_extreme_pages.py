"""No data can make a page fail: histories at the edges of time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboard.browsing import VIEWS
from tests.dashboard.test_pages import open_page
from tests.extremes import HISTORIES, warehouse_of
from tests.lengths import LONG
from tests.warehouses import Templates

SHORT = ("all at one instant", "thirty years between two days")


@pytest.mark.sweep(20)
@pytest.mark.parametrize("page", VIEWS)
@pytest.mark.parametrize("name", HISTORIES if LONG else SHORT)
def test_every_page_renders_at_the_edges_of_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, templates: Templates, name: str, page: str
) -> None:
    warehouse = warehouse_of(name, tmp_path, templates)
    app = open_page(monkeypatch, warehouse, page, period="All data")
    assert not app.exception
    assert len(app.title) == 1


def test_the_open_tickets_of_thirty_years_are_those_of_the_newest_days(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, templates: Templates
) -> None:
    warehouse = warehouse_of("one event at each end of thirty years", tmp_path, templates)
    app = open_page(monkeypatch, warehouse, "service_level", period="All data")
    (chart,) = (
        part
        for part in app.session_state["drawn"].parts
        if "Open at the end" in getattr(part, "headline", "")
    )
    assert chart.data.height == 520
    assert "The newest 520" in chart.note
