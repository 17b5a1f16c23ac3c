"""Charts and pages leave as files that say what they show, open offline, and run nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import plotly.graph_objects as go
import polars as pl
import pytest
from playwright.sync_api import Browser, expect

from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_data import data_of
from dashboard.kit.charts.figure_template import plain
from dashboard.kit.charts.palette import LIGHT
from dashboard.kit.export.page_content import Explained, Page, Sentences, Tiles
from dashboard.kit.export.report import as_html
from dashboard.kit.tables.table import Column, Table
from dashboard.kit.tile import tile
from metrics.catalog.metrics import CATALOG
from tests.dashboard.kit.test_charts import DRAWN

NASTY = "</svg><script>alert(1)</script><img src=x onerror=alert(1)> & \"'"


def test_the_numbers_of_a_chart_are_numbers() -> None:
    numbers = data_of(DRAWN["trend"])
    assert numbers is not None
    assert numbers.frame["value"].to_list() == [0.1, 0.2, 0.3]
    assert [column.title for column in numbers.columns.values()] == [
        "Week from",
        "value",
        "n",
        "95% from",
        "95% to",
    ]
    assert data_of(empty("nothing", "Why. What.")) is None


@pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)
def test_every_figure_comes_with_its_numbers(chart: Chart) -> None:
    numbers = data_of(chart)
    assert numbers is not None
    assert numbers.frame.height > 0


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def nasty_page() -> Page:
    frame = pl.DataFrame({"name": [NASTY], "rate": [0.034], "visits": [1234]})
    columns = {"name": Column(NASTY), "rate": Column("Rate", "share"), "visits": Column("Visits", "count")}
    figure = go.Figure(go.Bar(x=[NASTY], y=[1], text=[plain(NASTY)]))
    row = {"value": 0.5, "n": 100, "low": 0.4, "high": 0.6}
    return Page(
        NASTY,
        NASTY,
        [
            Sentences(NASTY),
            Tiles((tile(CATALOG["csat"], now=row, before=None, weeks=[]),)),
            Chart(NASTY, alt=NASTY, figure=figure, data=frame, note=NASTY),
            Table(NASTY, frame, columns, NASTY, definition=NASTY),
            Explained(NASTY, NASTY),
        ],
    )


def test_a_report_runs_its_two_scripts_alone_and_asks_nobody() -> None:
    html = as_html(nasty_page(), scope=NASTY, fresh=NASTY, palette=LIGHT).decode()
    parser = Tags()
    parser.feed(html)
    assert {tag for tag, _ in parser.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer"),
        *("h1", "h2", "p", "div", "strong", "br", "small", "figure", "details", "summary", "script"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    policy = next(attributes["content"] for tag, attributes in parser.tags if "content" in attributes)
    assert policy is not None
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy
    assert policy.count("sha256-") == 2
    for tag, attributes in parser.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert "src" not in attributes
        assert "href" not in attributes
        assert tag != "script" or attributes in ({}, {"type": "application/json"})


def test_a_page_without_figures_needs_no_script() -> None:
    html = as_html(Page("a", "b", [Sentences("c")]), scope="", fresh="", palette=LIGHT).decode()
    assert "<script" not in html
    assert "script-src 'none'" in html


def test_the_same_page_gives_the_same_bytes() -> None:
    first, second = (as_html(nasty_page(), scope="", fresh="", palette=LIGHT) for _ in range(2))
    assert first == second


def test_a_report_says_its_numbers_as_the_page_does() -> None:
    html = as_html(nasty_page(), scope="All data", fresh="1 Oct 2026", palette=LIGHT).decode()
    for said in ("3.4%", "1,234", "Satisfaction (CSAT)", "50%", "data up to 1 Oct 2026"):
        assert said in html


@pytest.mark.browser
def test_a_report_opens_offline_with_live_figures(chromium: Browser, tmp_path: Path) -> None:
    page = Page("Overview", "How are we doing?", [DRAWN["trend"], DRAWN["marked steps"]])
    file = tmp_path / "report.html"
    file.write_bytes(as_html(page, scope="All data", fresh="1 Oct 2026", palette=LIGHT))
    opened = chromium.new_page()
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(f"{error}"))
    opened.on(
        "request", lambda request: problems.append(request.url) if request.url != file.as_uri() else None
    )
    opened.goto(file.as_uri())
    expect(opened.locator(".js-plotly-plot svg.main-svg").first).to_be_visible()
    expect(opened.locator(".js-plotly-plot")).to_have_count(2)
    assert problems == []
    opened.close()
