"""The page of one run: to the event, with the clocks it touched, and without anybody's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.kit.charts.palette import LIGHT
from dashboard.views.run import text
from dashboard.views.run.charts import run_course
from dashboard.views.run.tables import exit_text, visit_list
from tests.dashboard.test_pages import open_page


@pytest.mark.parametrize("link", [{}, {"ticket": "x' OR 1=1 --", "run": "**r**"}])
def test_no_run_is_a_sentence(monkeypatch, warehouses, link) -> None:
    assert open_page(monkeypatch, warehouses["full"], "run", **link).info


def test_a_run_is_told_to_the_event_with_its_clocks_and_names_nobody(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "run", ticket="t3", run="r3")
    assert not app.warning
    visits, events = (app.dataframe[place].value for place in (0, 1))
    assert list(visits["step"]) == ["identify", "◆ decide", "close"]
    assert list(events["what"])[:2] == ["Workflow started", "Step: identify"]
    assert events["clocks"][1] == "▶ starts “identify”"
    assert "■ stops “close”" in set(events["clocks"])
    cells = {str(cell) for shown in (visits, events) for row in shown.values for cell in row}
    assert not cells & {"a3", "c3-0"}


def test_a_run_that_is_not_of_the_ticket_falls_back_with_a_notice(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "run", ticket="t3", run="**r4**")
    assert "r4" in app.warning[0].value
    assert "**r4**" not in app.warning[0].value
    assert app.selectbox(key="run").value == "r3"


def test_a_ticket_leads_to_its_runs_and_a_visit_to_its_run(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "ticket", ticket="t3")
    links = [link.proto.label for link in app.get("page_link")]
    assert any("Run of refund v1" in label.replace("\\", "") for label in links)
    listed = open_page(monkeypatch, warehouses["full"], "tickets", behind="Confusion rate", period="All data")
    assert listed.dataframe[0].value.columns[0] == "run_id"


NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
VISIT = {
    "visit_number": 1,
    "step": "ask",
    "title": "Ask",
    "next_step": "done",
    "team": "Care",
    "entered_at": NINE,
    "left_at": NINE + timedelta(minutes=2),
    "is_left_by_going_back": False,
    "is_unended": False,
    "paused_minutes": 0.0,
    "minutes": 2.0,
    "fluent_minutes": 1.0,
    "is_guided": True,
    "is_confused": True,
    "signs": ["asked_help"],
    "practice": 5,
    "breach": None,
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "→ “Done”"),
        ({"is_left_by_going_back": True}, "↩ back to “Done”"),
        (
            {"breach": "unlisted next step"},
            "⚠ went to a step that the definition does not list as next: “Done”",
        ),
        ({"next_step": None, "breach": "required step skipped"}, "⚠ skipped this required step"),
        ({"next_step": None}, "end of the run"),
        ({"next_step": None, "is_unended": True}, "still there"),
    ],
)
def test_how_a_visit_was_left_is_said(changed, said) -> None:
    assert exit_text(VISIT | changed, {"done": "Done"}) == said


def test_the_course_of_a_run_marks_confusion_by_shape_and_says_it() -> None:
    drawn = run_course([VISIT, VISIT | {"visit_number": 2, "is_confused": False}], palette=LIGHT)
    assert drawn.figure is not None
    calm, confused, diamonds = drawn.figure.data
    assert (len(calm.x), len(confused.x), len(diamonds.x)) == (1, 1, 1)
    assert diamonds.marker.symbol == "diamond"
    assert "◆" in confused.name
    assert drawn.headline in drawn.alt
    assert run_course([], palette=LIGHT).figure is None


def test_the_course_of_a_run_lies_on_its_clock() -> None:
    later = VISIT | {"entered_at": NINE + timedelta(minutes=2), "left_at": NINE + timedelta(minutes=5)}
    drawn = run_course([VISIT, later], palette=LIGHT)
    assert drawn.figure is not None
    bars = drawn.figure.data[0]
    assert (list(bars.base), list(bars.x)) == ([0, 2], [2, 3])
    assert drawn.data is not None
    assert drawn.data["since_start"].to_list() == [0, 2]


def test_the_time_of_a_visit_is_said_without_its_pauses_and_these_beside_it() -> None:
    paused = VISIT | {"minutes": 0.5, "paused_minutes": 1.5}
    assert visit_list([paused], time_zone="UTC").frame["stayed"].to_list() == ["30 s"]
    assert run_course([paused], palette=LIGHT).headline.endswith("took 30 s plus 2 min paused")
    facts = {"workflow": "w", "version": "1", "started_at": NINE, "ended_by": "run_finished"}
    facts |= {"ended_at": VISIT["left_at"], "last_event_at": VISIT["left_at"]}
    assert "It took 30 s plus 2 min paused over 1 visit" in text.opening(facts, [paused], "UTC")


def test_what_is_not_judged_yet_is_a_dash() -> None:
    visit = VISIT | {"minutes": None, "is_guided": None, "is_confused": None, "signs": None, "practice": None}
    row = visit_list([visit], time_zone="UTC").frame.row(0, named=True)
    assert (row["stayed"], row["experience"], row["step"]) == ("–", "–", "Ask")
