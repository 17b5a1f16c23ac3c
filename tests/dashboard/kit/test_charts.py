"""Every chart states its finding, can be read aloud, and says why where there is nothing to draw."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from dashboard.filters.step_names import named_steps
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.palette import LIGHT
from dashboard.kit.charts.trend import trend
from dashboard.kit.steps.step_ranking import step_ranking
from dashboard.kit.steps.step_signs import step_signs
from dashboard.kit.steps.steps_table import step_table
from dashboard.kit.tile import tile
from dashboard.queries.weeks import full_weeks
from dashboard.views.recurring_issues.reason_ranking import reason_ranking
from dashboard.views.recurring_issues.reasons_table import reason_table
from metrics.catalog.metrics import CATALOG
from metrics.catalog.signs import SIGNS

MONDAY = date(2026, 3, 2)
REOPEN = CATALOG["reopen_rate"]


def weeks(*values: float | None) -> pl.DataFrame:
    rows = [
        {"week": MONDAY + timedelta(weeks=place), "value": value, "n": 40, "low": None, "high": None}
        for place, value in enumerate(values)
    ]
    schema = {"week": pl.Date, "value": pl.Float64, "n": pl.Int64, "low": pl.Float64, "high": pl.Float64}
    return pl.DataFrame(rows, schema=schema)


def steps(*rates: float, hotspot: bool | None = None) -> pl.DataFrame:
    rows = [
        {
            "workflow": "refund",
            "version": "v1",
            "step": f"step{place}",
            "title": None,
            "visits": 100,
            "confused": round(rate * 100),
            "confusion_rate": rate,
            "low": rate / 2,
            "high": rate * 1.5,
            "hotspot": hotspot if place == 0 else (None if hotspot is None else False),
            "verdict": None,
            "cost_hours_per_week": 1.5,
            "signs": {
                sign.name: {"visits": 5, "n": 100, "rate": 0.3 if sign.name == "asked_help" else 0.05}
                for sign in SIGNS
            },
        }
        for place, rate in enumerate(rates)
    ]
    overrides = {"title": pl.String, "hotspot": pl.Boolean, "verdict": pl.String}
    return pl.DataFrame(rows, schema_overrides=overrides)


def reasons(metric: str, **values: tuple[float, int, float | None]) -> pl.DataFrame:
    rows = [
        {"metric": metric, "reason": reason, "value": value, "n": n, "low": low, "high": 0.9 if low else None}
        for reason, (value, n, low) in values.items()
    ]
    types = {"reason": pl.String, "value": pl.Float64, "n": pl.Int64, "low": pl.Float64, "high": pl.Float64}
    return pl.DataFrame(rows, schema={"metric": pl.String, **types})


DRAWN = {
    "trend": trend(weeks(0.1, 0.2, 0.3), metric=REOPEN, shaded=(MONDAY, MONDAY), palette=LIGHT),
    "steps": step_ranking(steps(0.4, 0.1), palette=LIGHT),
    "marked steps": step_ranking(steps(0.4, 0.1, hotspot=True), palette=LIGHT),
    "signs": step_signs(steps(0.4).row(0, named=True), palette=LIGHT),
    "reasons": reason_ranking(
        reasons("tickets_opened", late=(9, 9, None)), metric=CATALOG["tickets_opened"], palette=LIGHT
    ),
    "reasons by rate": reason_ranking(
        reasons("reopen_rate", late=(0.2, 50, 0.1)), metric=REOPEN, palette=LIGHT
    ),
}
EMPTY = {
    "trend": trend(weeks(0.1), metric=REOPEN, shaded=None, palette=LIGHT),
    "steps": step_ranking(steps(0.4).clear(), palette=LIGHT),
    "signs": step_signs(steps(0.4).row(0, named=True) | {"signs": None}, palette=LIGHT),
    "reasons": reason_ranking(reasons("reopen_rate"), metric=REOPEN, palette=LIGHT),
}


@pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)
def test_a_chart_states_its_finding_and_can_be_read_aloud(chart: Chart) -> None:
    assert chart.figure is not None
    assert chart.data is not None
    assert chart.data.height
    assert chart.headline
    assert chart.headline in chart.alt
    assert len(chart.alt) > len(chart.headline)


@pytest.mark.parametrize("chart", EMPTY.values(), ids=EMPTY)
def test_a_chart_without_data_says_why_and_what_next(chart: Chart) -> None:
    assert chart.figure is None
    assert chart.why_empty.count(".") >= 2


def test_a_week_that_is_not_over_is_not_drawn_as_a_fall() -> None:
    shown = full_weeks(weeks(1, 2, 3), MONDAY, MONDAY + timedelta(days=18))
    assert shown["week"].to_list() == [MONDAY, MONDAY + timedelta(weeks=1)]


def test_the_trend_says_when_its_latest_week_is_the_highest() -> None:
    assert (
        "the highest of 3 weeks"
        in trend(weeks(0.1, 0.2, 0.3), metric=REOPEN, shaded=None, palette=LIGHT).headline
    )


def test_a_full_week_without_a_row_has_no_value_up_to_the_newest() -> None:
    gone = full_weeks(
        weeks(0.1, 0.2, 0.3).filter(pl.col("value") != 0.2), MONDAY, MONDAY + timedelta(days=34)
    )
    assert gone["value"].to_list() == [0.1, None, 0.3, None, None]
    assert gone["n"].to_list() == [40, 0, 40, 0, 0]


def test_the_trend_says_where_the_newest_weeks_have_no_value() -> None:
    chart = trend(weeks(0.1, 0.2, None, None), metric=REOPEN, shaded=None, palette=LIGHT)
    assert chart.headline.endswith("20% in the week of 9 Mar 2026, not known for 2 weeks since")


def test_steps_that_stand_out_differ_in_shape_and_in_name_not_in_colour_alone() -> None:
    figure = DRAWN["marked steps"].figure
    assert figure is not None
    ordinary, marked = figure.data
    assert ordinary.marker.symbol != marked.marker.symbol
    assert (ordinary.name, marked.name) == ("Other step", "Stands out")
    assert figure.layout.showlegend


def test_a_click_on_a_step_names_it() -> None:
    figure = DRAWN["steps"].figure
    assert figure is not None
    named = [tuple(thing) for trace in figure.data for thing in trace.customdata]
    assert named == [("refund", "v1", "step0"), ("refund", "v1", "step1")]


def test_rates_of_few_cases_do_not_lead() -> None:
    rates = reasons("reopen_rate", rare=(1.0, 1, 0.05), common=(0.5, 400, 0.45))
    assert "“common” leads" in reason_ranking(rates, metric=REOPEN, palette=LIGHT).headline


def test_an_unanswered_question_is_a_dash_on_its_tile() -> None:
    shown = tile(
        CATALOG["csat"], now={"value": None, "n": 0, "low": None, "high": None}, before=None, weeks=[None]
    )
    assert (shown.value, shown.change) == ("–", None)


def row(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": value, "n": 100, "low": low, "high": high}


def test_a_change_within_chance_has_no_colour() -> None:
    shown = tile(CATALOG["csat"], now=row(0.5, 0.4, 0.6), before=row(0.45, 0.35, 0.55), weeks=[])
    assert (shown.change, shown.colour) == ("+5.0 points", "off")


def test_a_clear_change_is_coloured_by_its_good_direction() -> None:
    better = tile(CATALOG["csat"], now=row(0.8, 0.7, 0.9), before=row(0.5, 0.4, 0.6), weeks=[])
    worse = tile(REOPEN, now=row(0.8, 0.7, 0.9), before=row(0.5, 0.4, 0.6), weeks=[])
    assert (better.colour, worse.colour) == ("normal", "inverse")


def test_the_step_table_lists_signs_by_frequency_and_hides_nothing_unnamed() -> None:
    table = step_table(steps(0.4, 0.1))
    assert set(table.columns) <= set(table.frame.columns)
    assert "asked help 30%" in table.frame["main_signs"][0][:14]
    assert "stands_out" not in table.columns
    assert step_table(steps(0.4, 0.1, hotspot=True)).frame["stands_out"].to_list() == ["◆ yes", "no"]


def test_the_reason_table_keeps_reasons_that_lack_a_rate() -> None:
    opened = reasons("tickets_opened", late=(30.0, 30, None), lost=(10.0, 10, None))
    table = reason_table(pl.concat([opened, reasons("reopen_rate", lost=(0.5, 8, 0.2))]), None)
    assert table.frame.select("name", "tickets_opened", "reopen_rate", "change").rows() == [
        ("late", 30.0, None, None),
        ("lost", 10.0, 0.5, None),
    ]


def test_two_steps_of_one_name_can_both_be_chosen() -> None:
    twins = steps(0.4, 0.1).with_columns(title=pl.lit("Confirm"))
    assert list(named_steps(twins)) == ["Confirm · refund v1 · step0", "Confirm · refund v1 · step1"]
