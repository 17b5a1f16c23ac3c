"""What every page does on every warehouse, in every language and as a report; a new page is among them.

The pages are those that have a `view.py`. What only some of them do stands in a set below.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.palette import LIGHT
from dashboard.kit.export.report import as_html
from dashboard.language import _, in_english
from tests.dashboard.browsing import VIEWS
from tests.dashboard.test_pages import open_page
from tests.in_language import in_language

WAREHOUSES = ["empty", "one ticket", "tickets only", "full"]
ALL_DATA = {"period": "All data"}
LINKS: dict[str, list[dict[str, str]]] = {
    "overview": [{}, ALL_DATA],
    "ticket": [{}, {"ticket": "t0"}],
    "run": [{}, {"ticket": "t3"}],
}
"""Pages with something else to show under another link than that of all data."""
OPENED = [(page, link) for page in VIEWS for link in LINKS.get(page, [ALL_DATA])]
WITHOUT_DATA = {"glossary", "your_data"}
"""Pages that have something to say before anything is loaded."""
ABOUT_STEPS = {"step", "process_map", "compliance", "training_needs", "hotspots"}
"""Pages that need step events."""
SHOWS_SUSPICIONS = {"data_health"}
"""Pages that show what is suspicious in red."""
WITHOUT_NUMBERS = {"your_data"}


def texts(elements: Any) -> str:
    return " ".join(str(element.value) for element in elements).replace("\\", "")


@pytest.mark.sweep(5)
@pytest.mark.parametrize(("page", "link"), OPENED, ids=[f"{page}-{'-'.join(link)}" for page, link in OPENED])
@pytest.mark.parametrize("name", WAREHOUSES)
def test_every_page_renders_on_every_warehouse(monkeypatch, warehouses, name, page, link) -> None:
    app = open_page(monkeypatch, warehouses[name], page, **link)
    assert not app.exception
    assert page in SHOWS_SUSPICIONS or not app.error
    assert len(app.title) == 1
    if (name == "empty" and page not in WITHOUT_DATA) or (name != "full" and page in ABOUT_STEPS):
        assert "stepsight load" in texts(app.info[:1])  # says what is missing, and what to do


@pytest.mark.sweep(4)
@pytest.mark.parametrize("name", ["empty", "full"])
@pytest.mark.parametrize("page", VIEWS)
def test_every_page_speaks_french_and_becomes_a_report(monkeypatch, warehouses, page, name) -> None:
    link = {"ticket": "t3"} if page in {"ticket", "run"} and name == "full" else {}
    app = open_page(monkeypatch, warehouses[name], page, lang="fr", **link)
    assert not app.exception
    title = app.title[0].value
    assert in_language("fr", lambda: _(in_english(title))) == title
    assert app.selectbox(key="language").label == "Langue"
    if name == "full":
        assert_its_report_says_the_same(app, is_empty=page in WITHOUT_NUMBERS)
        for chart in charts_of(app):
            assert_it_says_what_it_shows(chart)


def charts_of(app: AppTest) -> list[Chart]:
    return [part for part in app.session_state["drawn"].parts if isinstance(part, Chart)]


def assert_its_report_says_the_same(app: AppTest, *, is_empty: bool) -> None:
    drawn, charts = app.session_state["drawn"], charts_of(app)
    html = as_html(drawn, scope="", fresh="", palette=LIGHT).decode()
    assert drawn.title == app.title[0].value
    assert drawn.parts or is_empty
    figures = [json.loads(each) for each in re.findall(r'application/json">(.*?)</script>', html, re.DOTALL)]
    assert len(figures) == sum(chart.figure is not None for chart in charts)
    for chart in charts:
        assert escape(chart.headline) in html  # the finding stands there without any script, too


def assert_it_says_what_it_shows(chart: Chart) -> None:
    """Its finding, the same and more aloud, its numbers; or why there are none."""
    assert chart.headline
    if chart.figure is None:
        assert chart.why_empty
        return
    assert chart.headline in chart.alt
    assert len(chart.alt) > len(chart.headline)
    assert chart.data is not None
    assert chart.data.height
    shapes = [shape_of(trace) for trace in chart.figure.data if trace.showlegend is not False and trace.name]
    assert len(set(shapes)) == len(shapes), f"{chart.headline}: told apart by colour alone"


def shape_of(trace: go.Trace) -> tuple[str, ...]:
    """What tells a trace of a legend from the others, but for its colour."""
    marker, line = trace.marker if "marker" in trace else None, trace.line if "line" in trace else None
    pattern = marker.pattern.shape if marker is not None and "pattern" in marker else None
    symbol = marker.symbol if marker is not None and "symbol" in marker else None
    dash = line.dash if line is not None and "dash" in line else None
    return trace.type, f"{symbol}", f"{pattern}", f"{dash}", *re.findall(r"[^\w\s,.:;()%&’'–-]", trace.name)
