"""A warehouse of nothing but a log of states: no page says how often anybody was confused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import stepsight
from dashboard.kit.charts.chart import Chart
from dashboard.kit.export.page_content import Sentences
from dashboard.kit.steps.step_signs import sign_title
from dashboard.kit.tables.table import Table
from metrics.catalog.signs import SIGNS
from tests.dashboard import histories
from tests.dashboard.browsing import VIEWS
from tests.dashboard.histories import MONDAY, Row
from tests.dashboard.test_pages import open_page
from tests.warehouses import Templates

ABOUT_MEANINGS = {"glossary", "your_data", "data_health"}
NOT_KNOWN = "Whether anybody is confused there is not known"
WHY = "A log of states does not tell whether anybody was confused."
SAYS_SO = {"hotspots", "process_map", "step", "run", "training_needs", "recurring_issues", "warning_signs"}


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Path:
    return histories.copied(templates, tmp_path_factory.mktemp("states") / "warehouse", list(_rows()))


def _rows() -> Iterator[Row]:
    """Tickets that are open, wait, are open again, and are closed."""
    for number in range(30):
        opened = MONDAY + timedelta(days=number)
        about = {
            "ticket_id": f"t{number}", "reason": f"reason {number % 2}", "team": "Care",
            "agent_id": f"a{number % 7}", "run_id": f"r{number}", "workflow": "incident", "version": "1",
        }  # fmt: skip
        yield about | {"kind": "opened", "occurred_at": opened, "run_id": None}
        for hours, step in ((0, "open"), (2, "waiting"), (10, "open"), (14, "closed")):
            at = opened + timedelta(hours=hours)
            yield about | {"kind": "entered", "occurred_at": at, "step": step}
        yield about | {"kind": "solved", "occurred_at": at, "run_id": None}
        yield about | {"kind": "rated", "occurred_at": at, "score": 4.0 + number % 2, "scale_max": 5.0}
        yield about | {"kind": "run_finished", "occurred_at": at}


def shown(app: AppTest) -> str:
    """What the page says: its sentences, its tiles, its charts and the columns of its tables."""
    parts: list[Any] = app.session_state["drawn"].parts if "drawn" in app.session_state else []
    texts = [
        *(each.value for kind in (app.markdown, app.caption, app.header, app.info) for each in kind),
        *(f"{metric.label}: {metric.value}" for metric in app.metric),
    ]
    for part in parts:
        if isinstance(part, Chart):
            texts += [part.headline, part.alt, part.note or "", part.why_empty or ""]
            texts += [str(part.figure.to_json())] if part.figure is not None else []
        elif isinstance(part, Table):
            texts += [part.title, *(str(column) for column in part.columns.values())]
        elif isinstance(part, Sentences):
            texts.append(str(part))
    return "\n".join(str(text).replace("\\", "") for text in texts)


@pytest.mark.sweep(6)
@pytest.mark.parametrize("page", [page for page in VIEWS if page not in ABOUT_MEANINGS])
def test_no_page_says_how_often_states_confuse(monkeypatch, states, page) -> None:
    link = {"ticket": "t3"} if page in {"ticket", "run"} else {"period": "All data"}
    said = shown(open_page(monkeypatch, states, page, **link))
    assert not re.search(r"\d[\d.,]*\s?%[^\n]{0,40}confus|◆", said)
    signs = [sign_title(sign.name) for sign in SIGNS]
    assert not [name for name in signs if re.search(rf"\b{name}\b[^\n]{{0,20}}\d", said, re.IGNORECASE)]
    assert (NOT_KNOWN in said) == (page in SAYS_SO)


def test_the_number_says_why_it_is_not_known(monkeypatch, states) -> None:
    app = open_page(monkeypatch, states, "overview", period="All data")
    assert WHY in shown(app)
    assert "Confusion rate" not in next(box for box in app.selectbox if box.label == "Week by week").options
    response = open_page(monkeypatch, states, "response", period="All data")
    assert "The source records no agent's message." in shown(response)
    assert "still wait" not in shown(response)
    tickets = open_page(monkeypatch, states, "tickets", period="All data", behind="Confusion rate")
    assert WHY in shown(tickets)


def test_the_command_for_outcomes_says_why_it_has_none(states, capsys) -> None:
    with pytest.raises(SystemExit):
        stepsight.main(["outcomes", "--warehouse", str(states)])
    assert capsys.readouterr().out.splitlines() == [
        "The workflow incident is a log of states, not a guide for agents.",
        "Whether anybody is confused there is not known: no rate, no verdict, no cost.",
    ]


@pytest.mark.parametrize(
    ("page", "box"),
    [("overview", "What moved it, by"), ("response", "Split by"), ("compare", "Compare")],
)
def test_a_dimension_that_the_data_does_not_have_is_not_offered(monkeypatch, states, page, box) -> None:
    app = open_page(monkeypatch, states, page, period="All data")
    offered = next(each for each in app.selectbox if each.label == box).options
    assert not {"Channel", "Channels", "Priority"} & set(offered)
    assert {"Team", "Teams"} & set(offered)


def test_a_state_has_its_time_and_the_returns_that_the_page_hotspots_has(monkeypatch, states) -> None:
    link = {"period": "All data", "step": "open · incident 1"}
    step = shown(open_page(monkeypatch, states, "step", **link))
    assert "Half of the visits last up to 3.0 h" in step
    assert "“open”: 50% of 60 visits are returns" in step
    assert "50% are returns" in step
    (table,) = [
        part
        for part in open_page(monkeypatch, states, "hotspots", period="All data").session_state["drawn"].parts
        if isinstance(part, Table)
    ]
    assert table.frame.filter(step="open")["return_share"].item() == 0.5
    assert table.frame.filter(step="open")["returned"].item() == "50% (38% to 62%)"
