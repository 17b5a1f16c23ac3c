"""Training needs: what heat map, curve, tables and page say, and what they keep to themselves."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from typer.testing import CliRunner

from commands import main
from dashboard.kit.charts.heat_map import Cell, heat
from dashboard.kit.charts.palette import DARK, LIGHT, Palette
from dashboard.kit.charts.shades import contrast, readable_on, shade
from dashboard.kit.steps.practice_words import bands, learning_meaning, learning_title
from dashboard.views.training_needs import text as text
from dashboard.views.training_needs.learning_curve import learning_curve
from dashboard.views.training_needs.practice_heat_map import practice_heat
from dashboard.views.training_needs.tables import curve_table, needs_table
from metrics.training.learning import Learning
from tests.dashboard import histories
from tests.dashboard.histories import MONDAY, NASTY, Row
from tests.dashboard.test_pages import open_page
from tests.lengths import examples
from tests.warehouses import Templates


def steps(*learning: Learning) -> pl.DataFrame:
    rows = [
        {
            "workflow": "refund", "version": "1", "step": f"s{place}", "title": f"Step {place}",
            "visits": 500,
            "confused": 50,
            "confusion_rate": 0.1, "baseline": 0.05, "hotspot": False, "verdict": None,
            "newcomer_ratio": 4.0, "newcomer_ratio_low": 2.0, "newcomer_ratio_high": 8.0,
            "newcomers_below": 20,
            "saves_hours_per_week": 1.5, "saves_low": 0.5, "saves_high": 2.5, "learning": kind.value,
        }
        for place, kind in enumerate(learning)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"verdict": pl.String})


def by_band(*rates: float | None, step: str = "s0") -> pl.DataFrame:
    rows = [
        {
            "workflow": "refund", "version": "1", "step": step, "practice": band,
            "is_shown": rate is not None,
            "agents": None if rate is None else 6, "visits": None if rate is None else 60,
            "confused": None if rate is None else round(60 * rate), "confusion_rate": rate,
            "low": None if rate is None else rate / 2, "high": None if rate is None else min(rate * 2, 1.0),
        }
        for band, rate in zip((0, 5, None), rates, strict=False)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"confusion_rate": pl.Float64, "practice": pl.Int64})


def test_the_value_stands_in_the_cell_and_few_agents_show_none() -> None:
    chart = practice_heat(steps(Learning.FADES), by_band(0.4, None, 0.05), palette=LIGHT)
    assert chart.figure is not None
    (cells,) = chart.figure.data
    assert list(cells.text) == ["40%", "few", "5.0%"]
    assert list(chart.figure.layout.xaxis.ticktext) == ["1–5", "6–10", "not<br>known"]
    assert "too few agents" in cells.hovertext[1]
    assert "20% to 80%" in cells.hovertext[0]
    assert list(map(tuple, cells.customdata)) == [("refund", "1", "s0", "0"), (), ("refund", "1", "s0", "")]
    assert chart.data is not None
    assert chart.data["practice"].to_list() == [0, None]


def test_the_heat_map_says_what_it_found() -> None:
    found = practice_heat(steps(Learning.FADES, Learning.STAYS), by_band(0.4), palette=LIGHT)
    assert (
        found.headline == "1 step confuses newcomers more than others; 1 step stays hard for practised agents"
    )
    assert found.headline in found.alt
    nothing = practice_heat(steps(Learning.NONE), by_band(0.04), palette=LIGHT)
    assert "No step clearly confuses" in nothing.headline


def test_where_nobody_is_new_the_map_says_why() -> None:
    chart = practice_heat(steps(Learning.UNKNOWN), by_band(None), palette=LIGHT)
    assert chart.figure is None
    assert "longer period" in chart.why_empty


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@given(some.floats(0, 1))
@examples(60)
def test_every_number_reads_on_its_cell(palette: Palette, part: float) -> None:
    colour = shade(part, palette)
    assert contrast(readable_on(colour), colour) >= 4.5


def test_an_empty_cell_has_no_number() -> None:
    drawn = heat(["a"], [""], ["x"], [[Cell(None, "", "no visit")]], axis="", highest=0, palette=LIGHT)
    assert list(drawn.data[0].text) == [""]
    assert list(map(list, drawn.data[0].customdata)) == [[]]


def points(*values: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "band": [0, 5, 10, 20, 50][: len(values)],
            "visits": [None if value is None else 40 for value in values],
            "agents": [None if value is None else 6 for value in values],
            "value": values,
            "low": [None if value is None else value * 0.8 for value in values],
            "high": [None if value is None else value * 1.2 for value in values],
        },
        schema_overrides=dict.fromkeys(("value", "low", "high"), pl.Float64),
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0.4, 0.2, 0.1), "down from 40% (1–5) to 10% (11–20)"),
        ((0.1, 0.4), "up from 10% (1–5) to 40% (6–10)"),
        ((0.2, 0.21), "no clear change from"),
        ((None, 0.21), "no other band can be shown"),
    ],
)
def test_the_curve_says_where_it_goes(values: tuple[float | None, ...], said: str) -> None:
    chart = learning_curve(points(*values), step="Pay", by="practice", of="confusion", palette=LIGHT)
    assert said in chart.headline
    assert chart.headline in chart.alt


def test_a_curve_of_nobody_says_why() -> None:
    chart = learning_curve(points(None, None), step="Pay", by="practice", of="minutes", palette=LIGHT)
    assert chart.figure is None
    assert "five agents" in chart.why_empty


def test_the_tables_hold_what_they_name() -> None:
    for table in (
        needs_table(steps(Learning.FADES, Learning.UNKNOWN)),
        curve_table(points(0.4, None), by="practice", of="confusion"),
        curve_table(points(1.5), by="experience_weeks", of="minutes"),
    ):
        assert set(table.columns) <= set(table.frame.columns)
    row = needs_table(steps(Learning.FADES)).frame.row(0, named=True)
    assert (row["ratio"], row["saves"], row["saves_interval"]) == (
        "× 4.0 (2.0 to 8.0)",
        "1 h 30 min",
        "30 min to 2 h 30 min",
    )


def test_what_training_saves_is_said_with_its_interval_where_it_is_above_nothing() -> None:
    two = steps(Learning.FADES, Learning.BOTH, Learning.NONE)
    saves = ("saves_hours_per_week", "saves_low", "saves_high")
    is_shown = pl.col("learning") != Learning.NONE
    two = two.with_columns(pl.when(is_shown).then(pl.col(name)).alias(name) for name in saves)
    assert "about 3 h 00 min a week longer at these steps (1 h 00 min to 5 h 00 min)." in text.training_needs(
        two
    )
    assert "a week longer" not in text.training_needs(two.with_columns(saves_low=pl.lit(-0.1)))


def test_bands_count_visits_from_the_first() -> None:
    assert list(bands("practice").values()) == ["1–5", "6–10", "11–20", "21–50", "51+"]
    assert list(bands("experience_weeks").values()) == ["1", "2", "3", "4", "5–6", "7–8", "9–12", "13+"]


@pytest.mark.parametrize("learning", list(Learning))
def test_every_outcome_has_a_name_and_what_to_do(learning: Learning) -> None:
    assert learning_title(learning.value)
    assert learning_meaning(learning.value).endswith(".")


def test_the_opening_names_the_first_need_and_the_time() -> None:
    said = text.training_needs(steps(Learning.FADES, Learning.STAYS, Learning.UNKNOWN))
    assert "“Step 0” (refund, version 1): newcomers are confused 4.0 times as often (2.0 to 8.0)" in said
    assert "take about 1 h 30 min a week longer" in said
    assert "1 step stays hard" in said
    assert "too early to say" in text.training_needs(steps(Learning.UNKNOWN))


def newcomers() -> list[Row]:
    """Eight agents from the first day and six who come after two weeks and stumble over one step at first."""
    rows: list[Row] = []
    number = 0
    for day in range(70):
        for agent in range(14):
            is_new = agent >= 8
            if is_new and day < 14:
                continue
            practised = day - 14 if is_new else 99
            rows += _run(number, day, f"a{agent}", helped=practised < 10 and number % 3 > 0)
            number += 1
    return rows


def _run(number: int, day: int, agent: str, *, helped: bool) -> list[Row]:
    begin = MONDAY + timedelta(days=day, minutes=10 * (number % 40))
    about: dict[str, Any] = {"ticket_id": f"t{number}", "reason": NASTY}
    steps_of = about | {
        "run_id": "r", "agent_id": agent, "team": "Care", "workflow": "reset", "version": "1",
    }  # fmt: skip
    rows = [
        about | {"occurred_at": begin, "kind": "opened", "actor": "customer"},
        steps_of | {"occurred_at": begin, "kind": "run_started", "step": "find"},
    ]
    for place, step in enumerate(("find", NASTY)):
        entered = begin + timedelta(minutes=2 + 3 * place)
        rows.append(steps_of | {"occurred_at": entered, "kind": "entered", "step": step})
        if helped and place:
            rows.append(
                steps_of
                | {"occurred_at": entered + timedelta(seconds=30), "kind": "asked_help", "step": step}
            )
    rows.append(
        steps_of | {"occurred_at": begin + timedelta(minutes=9), "kind": "run_finished", "step": NASTY}
    )
    return rows


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Path:
    return histories.copied(templates, tmp_path_factory.mktemp("desk") / "desk", newcomers())


def test_the_page_finds_what_newcomers_stumble_over_and_lists_their_visits(monkeypatch, desk) -> None:
    app = open_page(monkeypatch, desk, "training_needs", period="All data")
    assert not app.exception
    texts = [each.value for each in [*app.markdown, *app.header, *app.caption]]
    assert any("1 step confuses newcomers" in text for text in texts)
    assert not any("](javascript" in text or ":red[" in text for text in texts)
    assert app.selectbox(key="band").options[0] == "1–5"
    listed = next(table.value for table in app.dataframe if "ticket_id" in table.value.columns)
    assert set(listed["confused"]) == {"yes"}


def test_no_agent_is_named_anywhere(monkeypatch, desk) -> None:
    app = open_page(monkeypatch, desk, "training_needs", period="All data", which="All")
    for table in app.dataframe:
        assert "agent_id" not in table.value.columns
        assert not any(str(value).startswith("a-") for column in table.value for value in table.value[column])


def test_a_link_reproduces_the_view(monkeypatch, desk) -> None:
    link = {
        "by": "Week since the agent's first visit to the step",
        "of": "Time taken",
        "band": "6–10",
        "which": "All",
    }
    app = open_page(monkeypatch, desk, "training_needs", period="All data", **link)
    assert not app.warning
    assert any("Time taken at" in heading.value for heading in app.header)
    assert app.selectbox(key="band").value == "6–10"


def test_a_bad_value_falls_back(monkeypatch, desk) -> None:
    app = open_page(
        monkeypatch, desk, "training_needs", period="All data", band="nobody", step="none", by="x"
    )
    assert not app.exception
    assert len(app.warning) >= 3


@pytest.fixture(autouse=True)
def _fresh() -> None:
    st.cache_data.clear()


def test_the_command_line_says_what_the_page_says(desk) -> None:
    st.cache_resource.clear()
    command = ["training", "--warehouse", f"{desk}", "--format", "json"]
    done = CliRunner().invoke(main.app, command)
    assert done.exit_code == 0, done.output
    first = json.loads(done.output)[0]
    assert (first["step"], first["learning"]) == (NASTY, Learning.FADES.value)
    assert first["newcomer_ratio_low"] > 1
