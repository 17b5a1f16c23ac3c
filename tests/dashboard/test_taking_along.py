"""Charts and pages leave as files that say what they show, open offline, and run nothing."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from dashboard.charts.chart import Chart, empty
from dashboard.charts.tile import tile
from dashboard.exporting import pictures
from dashboard.exporting.chart_data import data_of
from dashboard.exporting.drawn import Explained, Page, Sentences, Tiles
from dashboard.exporting.report import as_html
from dashboard.palette import DARK, LIGHT
from dashboard.tables.table import Column, Table
from metrics.catalog import CATALOG
from tests.dashboard.browsing import VIEWS
from tests.dashboard.test_charts import DRAWN, EMPTY
from tests.dashboard.test_pages import open_page

NASTY = "</svg><script>alert(1)</script><img src=x onerror=alert(1)> & \"'"
SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: bytes) -> str:
    return " ".join("".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)
def test_a_picture_is_drawn_without_a_browser_under_its_finding(chart: Chart, palette) -> None:
    svg = pictures.as_svg(chart, palette=palette, below=["All data"])
    assert len(ET.fromstring(svg).findall(f".//{SVG}path")) > 2  # noqa: S314
    assert chart.headline.split()[0] in texts(svg)
    assert "All data" in texts(svg)
    assert palette.background.encode() in svg


@pytest.mark.parametrize("chart", EMPTY.values(), ids=EMPTY)
def test_a_chart_without_data_leaves_as_its_reason(chart: Chart) -> None:
    assert chart.why_empty.split()[0] in texts(pictures.as_svg(chart, palette=LIGHT))


def test_the_same_chart_gives_the_same_bytes() -> None:
    first, second = (pictures.as_svg(DRAWN["steps"], palette=LIGHT) for _ in range(2))
    assert first == second


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


def test_a_chart_of_nodes_and_edges_gives_both() -> None:
    option = {
        "series": [
            {
                "type": "graph",
                "name": "moves",
                "data": [{"name": "a", "value": 3}, {"name": "b", "value": 2}],
                "links": [{"source": "a", "target": "b", "value": 2}],
            }
        ]
    }
    numbers = data_of(Chart("moves", option=option))
    assert numbers is not None
    assert numbers.frame.select("name", "source", "target", "value").rows() == [
        ("a", None, None, 3),
        ("b", None, None, 2),
        (None, "a", "b", 2),
    ]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def nasty_page() -> Page:
    frame = pl.DataFrame({"name": [NASTY], "rate": [0.034], "visits": [1234]})
    columns = {"name": Column(NASTY), "rate": Column("Rate", "share"), "visits": Column("Visits", "count")}
    option = {"xAxis": {"data": [NASTY]}, "yAxis": {}, "series": [{"type": "bar", "data": [1]}]}
    row = {"value": 0.5, "n": 100, "low": 0.4, "high": 0.6}
    return Page(
        NASTY,
        NASTY,
        [
            Sentences(NASTY),
            Tiles((tile(CATALOG["csat"], now=row, before=None, weeks=[]),)),
            Chart(NASTY, alt=NASTY, option=option, note=NASTY),
            Table(NASTY, frame, columns, NASTY, definition=NASTY),
            Explained(NASTY, NASTY),
        ],
    )


def test_a_report_runs_nothing_and_asks_nobody() -> None:
    html = as_html(nasty_page(), scope=NASTY, fresh=NASTY, palette=LIGHT).decode()
    parser = Tags()
    parser.feed(html)
    assert {tag for tag, _ in parser.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer"),
        *("h1", "h2", "p", "div", "strong", "br", "small", "figure", "img", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert "default-src 'none'" in html
    for _tag, attributes in parser.tags:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith("data:")
    picture = re.search(r"base64,([^\"]+)", html)
    assert picture
    drawn = base64.b64decode(picture[1])
    assert b"<script" not in drawn
    assert NASTY.split()[0] in texts(drawn) or "script" in texts(drawn)


def test_a_report_says_its_numbers_as_the_page_does() -> None:
    html = as_html(nasty_page(), scope="All data", fresh="1 Oct 2026", palette=LIGHT).decode()
    for said in ("3.4%", "1,234", "Satisfaction (CSAT)", "50%", "data up to 1 Oct 2026"):
        assert said in html


@pytest.mark.parametrize("page", VIEWS)
def test_every_page_becomes_a_report(monkeypatch, warehouses, page) -> None:
    link = {"ticket": "t3"} if page == "ticket" else {}
    app = open_page(monkeypatch, warehouses["full"], page, lang="fr", **link)
    drawn = app.session_state["drawn"]
    html = as_html(drawn, scope="", fresh="", palette=LIGHT).decode()
    assert drawn.title == app.title[0].value
    assert drawn.parts or page == "your_data"  # which holds no numbers
    assert html.count("<img") == sum(isinstance(part, Chart) for part in drawn.parts)
