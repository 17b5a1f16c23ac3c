"""Recurring issues: what grows beyond chance, and where confusion sits at a reason, each with its tickets."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.kit.charts.palette import DARK, LIGHT, Palette
from dashboard.views.recurring_issues.reason_trends import reason_trends
from dashboard.views.recurring_issues.trends_table import reason_trend_table
from tests.dashboard.histories import NASTY
from tests.dashboard.test_pages import open_page


def trends(*told: tuple[str, str | None]) -> pl.DataFrame:
    rows = [
        {
            "reason": reason, "tickets": 60, "tickets_before": 40, "ratio": 1.5,
            "ratio_low": 1.1, "ratio_high": 2.0,
            "again": 0.1, "again_n": 50, "again_before": 0.2, "again_n_before": 30, "again_low": -0.3,
            "again_high": 0.1, "trend": trend, "again_trend": "usual range",
        }
        for reason, trend in told
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"trend": pl.String})


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_chart_says_which_reason_grows(palette: Palette) -> None:
    chart = reason_trends(trends((NASTY, "more"), ("b", "less"), ("c", None)), palette=palette)
    assert "1 reason comes more often than before" in chart.headline
    assert "“b” first" in chart.headline
    assert chart.headline in chart.alt
    assert "at most 5% of them are chance" in chart.note
    assert chart.figure is not None
    within, beyond = chart.figure.data
    assert (within.name, beyond.name) == ("No clear difference", "Clear difference")
    assert within.marker.symbol != beyond.marker.symbol
    assert (list(within.y), list(beyond.y)) == ([2], [0, 1])
    assert "<script" not in chart.figure.to_json()


def test_no_change_is_a_finding() -> None:
    chart = reason_trends(trends(("a", "usual range")), palette=LIGHT)
    assert chart.headline == "No reason comes clearly more or less often than before"


def test_nothing_before_says_why() -> None:
    nothing = trends(("a", None)).with_columns(ratio=pl.lit(None, pl.Float64))
    chart = reason_trends(nothing, palette=LIGHT)
    assert chart.figure is None
    assert "shorter period" in chart.why_empty


def test_the_table_says_changes_in_words_beside_the_numbers() -> None:
    table = reason_trend_table(trends(("a", "more"), ("b", "less"), ("c", None)))
    assert table.frame["trend"].to_list() == ["▲ more", "▼ fewer", "–"]
    assert set(table.columns) <= set(table.frame.columns)


def test_a_reason_leads_to_its_steps_and_their_visits(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "recurring_issues", period="Last 4 weeks")
    assert not app.exception
    assert any("before" in heading.value for heading in app.header)
    links = [link.proto.page for link in app.get("page_link")]
    queries = [link.proto.query_string for link in app.get("page_link") if "tickets" in link.proto.page]
    assert links
    assert any("step=" in query and "reason=" in query for query in queries)


def test_without_a_period_before_the_page_says_so(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "recurring_issues", period="All data")
    assert not app.exception
    assert any("no period of this length" in box.value for box in app.info)
