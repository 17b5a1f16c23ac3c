"""Annotations: kept beside the warehouse, and on every chart over time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit.charts import annotations
from dashboard.kit.charts.annotations import MOST, mark
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.palette import DARK, LIGHT
from dashboard.kit.charts.trend import trend
from dashboard.notes import notebook
from dashboard.notes.marks import Mark
from dashboard.notes.notebook import Annotation, Notebook
from dashboard.queries import warehouse
from etl.errors import InvalidRequest
from etl.store.warehouse import latest_snapshot, open_snapshot
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope
from metrics.releases.release_days import release_days
from tests.dashboard.histories import MONDAY, NASTY
from tests.dashboard.test_pages import open_page
from tests.lengths import examples

FIRST = date(2026, 3, 2)


def weeks(number: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "week": [FIRST + timedelta(weeks=place) for place in range(number)],
            "value": [10.0 + place for place in range(number)],
            "n": [10] * number,
            "low": [None] * number,
            "high": [None] * number,
        },
        schema_overrides={"low": pl.Float64, "high": pl.Float64},
    )


def drawn(number: int = 6) -> Chart:
    return trend(weeks(number), metric=CATALOG["tickets_opened"], shaded=None, palette=LIGHT)


def lines(chart: Chart) -> list[str]:
    """The days of the dashed lines that are drawn from top to bottom."""
    assert chart.figure is not None
    return [shape.x0 for shape in chart.figure.layout.shapes if shape.type == "line" and shape.x0 == shape.x1]


def test_a_chart_tells_of_what_happened_in_its_time() -> None:
    during = Mark(FIRST + timedelta(days=9), "incident", "telephone down")
    chart = mark(drawn(), [during], palette=LIGHT)
    assert lines(chart) == ["2026-03-11"]
    assert "(1) 11 Mar 2026: Incident: telephone down" in chart.note
    assert "telephone down" in chart.alt


def test_what_happened_before_or_after_is_left_out() -> None:
    outside = [Mark(FIRST - timedelta(days=1), "note", "a"), Mark(FIRST + timedelta(weeks=6), "note", "b")]
    before = drawn()
    assert mark(before, outside, palette=LIGHT) is before


def test_a_week_reaches_to_its_sunday() -> None:
    sunday = Mark(FIRST + timedelta(weeks=6, days=-1), "note", "last day")
    assert lines(mark(drawn(), [sunday], palette=DARK)) == ["2026-04-12"]


def test_two_things_of_one_day_share_a_number() -> None:
    both = [Mark(FIRST, "note", "one"), Mark(FIRST, "holiday", "two")]
    chart = mark(drawn(), both, palette=LIGHT)
    assert len(lines(chart)) == 1
    assert "Note: one, Holiday: two" in chart.note


def test_a_chart_that_is_not_over_time_stays_as_it_is() -> None:
    bars = Chart("bars", figure=go.Figure(go.Bar(y=[1])))
    assert mark(bars, [Mark(FIRST, "note", "a")], palette=LIGHT) is bars
    assert mark(Chart("nothing"), [Mark(FIRST, "note", "a")], palette=LIGHT) == Chart("nothing")


def test_the_chart_that_was_given_stays_without_marks() -> None:
    before = drawn()
    mark(before, [Mark(FIRST, "note", "a")], palette=LIGHT)
    assert lines(before) == []


@given(st.lists(st.integers(-30, 60), max_size=40))
@examples(50)
def test_never_more_lines_than_can_be_read_and_all_inside(days: list[int]) -> None:
    marks = [Mark(FIRST + timedelta(days=day), "note", f"n{day}") for day in days]
    found = lines(mark(drawn(), marks, palette=LIGHT))
    inside = sorted({each.day for each in marks if FIRST <= each.day < FIRST + timedelta(weeks=6)})
    assert found == [f"{day}" for day in inside[-MOST:]]


def test_a_new_version_annotates_itself_and_the_first_does_not(warehouses: dict[str, Path]) -> None:
    connection = open_snapshot(latest_snapshot(warehouses["full"]))
    found = release_days(connection)
    connection.close()
    # Of the history: run 60 and 61 are the first of version v2.
    begun = [(MONDAY + timedelta(days=number * 70 // 120)).date() for number in (60, 61)]
    assert found.rows() == [("reset", "v2", begun[0]), ("refund", "v2", begun[1])] or found.rows() == [
        ("refund", "v2", begun[1]),
        ("reset", "v2", begun[0]),
    ]


def test_without_runs_there_is_no_release(warehouses: dict[str, Path]) -> None:
    connection = open_snapshot(latest_snapshot(warehouses["tickets only"]))
    assert release_days(connection).is_empty()
    connection.close()


def test_the_filter_of_workflows_holds_for_releases(monkeypatch, warehouses) -> None:
    monkeypatch.setenv("STEPSIGHT_WAREHOUSE", str(warehouses["full"]))
    snapshot = warehouse.snapshot()
    of_all = annotations.marks(snapshot, Scope())
    of_one = annotations.marks(snapshot, Scope(where=(("workflow", ("refund",)),)))
    assert [each.text for each in of_one] == ["refund v2"]
    assert len(of_all) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "\u202e\u200f"])
def test_a_text_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="1 to 200"):
        notebook.with_annotation(Notebook(), FIRST, "note", text)


def test_an_annotation_is_added_shown_and_deleted(monkeypatch, tmp_path, warehouses) -> None:
    monkeypatch.setattr("dashboard.notes.notebook.FILE", f"{tmp_path.name}.json")
    app = open_page(monkeypatch, warehouses["full"], "overview", period="All data")
    app.date_input(key="annotation day").set_value(date(2026, 4, 1))
    app.text_input(key="annotation text").set_value(NASTY)
    next(button for button in app.button if button.label == "Add").click()
    app.run()
    assert not app.exception
    (note,) = notebook.read(warehouses["full"]).annotations
    assert (note.day, note.text) == (date(2026, 4, 1), NASTY)
    said = [caption.value for caption in app.caption if "1 Apr 2026" in caption.value]
    assert said
    assert "](javascript" not in said[0]
    app.button(key=f"delete {note.id}").click()
    app.run()
    assert notebook.read(warehouses["full"]).annotations == ()
    assert not app.exception


def test_an_annotation_without_text_is_refused_with_a_sentence(monkeypatch, tmp_path, warehouses) -> None:
    monkeypatch.setattr("dashboard.notes.notebook.FILE", f"{tmp_path.name}.json")
    app = open_page(monkeypatch, warehouses["full"], "overview")
    next(button for button in app.button if button.label == "Add").click()
    app.run()
    assert any("1 to 200 characters" in error.value for error in app.error)


def test_annotations_are_in_the_order_of_their_days(tmp_path: Path) -> None:
    for day in (3, 1, 2):
        notebook.change(
            tmp_path, lambda old, day=day: notebook.with_annotation(old, date(2026, 1, day), "note", "x")
        )
    assert [note.day.day for note in notebook.read(tmp_path).annotations] == [1, 2, 3]
    assert all(isinstance(note, Annotation) for note in notebook.read(tmp_path).annotations)
