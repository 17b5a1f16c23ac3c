"""A chart is made once for the same numbers, texts and colours, and anew for any other."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.kit.charts.annotations import mark
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart, digest_of
from dashboard.kit.charts.palette import DARK, LIGHT
from dashboard.kit.charts.trend import trend
from dashboard.notes.marks import Mark
from metrics.catalog.metrics import CATALOG
from tests.in_language import in_language

ROOT = Path(__file__).parents[3]


def weeks(*values: float) -> pl.DataFrame:
    mondays = [date(2026, 3, 2) + timedelta(weeks=place) for place in range(len(values))]
    rows = {"week": mondays, "value": values, "n": [9] * len(values)}
    return pl.DataFrame(rows).with_columns(low=pl.col("value") - 1, high=pl.col("value") + 1)


def drawn(frame: pl.DataFrame, **other: Any) -> Chart:
    return trend(frame, **{"metric": CATALOG["csat"], "shaded": None, "palette": LIGHT} | other)


def test_the_same_numbers_give_the_same_chart_without_making_it_again() -> None:
    assert drawn(weeks(0.5, 0.6)) is drawn(weeks(0.5, 0.6))


@pytest.mark.parametrize(
    "other",
    [
        lambda: drawn(weeks(0.5, 0.7)),
        lambda: drawn(weeks(0.5, 0.6), palette=DARK),
        lambda: drawn(weeks(0.5, 0.6), metric=CATALOG["reopen_rate"]),
        lambda: drawn(weeks(0.5, 0.6), shaded=(date(2026, 3, 2), date(2026, 3, 8))),
        lambda: in_language("fr", lambda: drawn(weeks(0.5, 0.6))),
    ],
    ids=["a cell", "the palette", "the metric", "the period", "the language"],
)
def test_anything_else_gives_another_chart(other: Callable[[], Chart]) -> None:
    assert other().digest != drawn(weeks(0.5, 0.6)).digest


def test_marks_do_not_change_the_chart_that_others_read() -> None:
    chart = drawn(weeks(0.5, 0.6))
    assert chart.figure is not None
    before = chart.figure.to_json()
    marked = mark(chart, [Mark(date(2026, 3, 4), "incident", "the line was down")], palette=LIGHT)
    assert "the line was down" in marked.note
    assert chart.figure.to_json() == before
    assert mark(chart, [], palette=LIGHT).note == ""


@dataclass(frozen=True)
class Pair:
    one: object
    other: object


LONG = pl.DataFrame({"n": range(1000)})
"""Printed in short, so that two with another cell in the middle look alike."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        ("1", 1),
        (None, "None"),
        (["ab", "c"], ["a", "bc"]),
        ([["a"], "b"], [["a", "b"]]),
        ({"a": 1}, {"a": 2}),
        (Pair(1, 2), Pair(2, 1)),
        (pl.DataFrame({"a": [1]}), pl.DataFrame({"b": [1]})),
        (pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [1.0]})),
        (LONG, LONG.with_columns(n=pl.when(pl.col("n") == 500).then(501).otherwise("n"))),
        (Pair(LONG, 1), Pair(LONG.reverse(), 1)),
        (min, max),
        (partial(round, ndigits=1), partial(round, ndigits=2)),
    ],
)
def test_two_values_that_differ_have_two_digests(one: object, other: object) -> None:
    assert digest_of(one) != digest_of(other)
    assert digest_of(one) == digest_of(one)


def test_a_chart_cannot_be_known_by_what_it_cannot_look_into() -> None:
    local = 1
    for value, kind in ((object(), "object"), (lambda: local, "function")):
        with pytest.raises(TypeError, match=f"cannot be known by a {kind}"):
            cached_chart(lambda _: Chart("headline"))(value)


def test_a_chart_of_unknown_origin_is_marked_without_being_held() -> None:
    loose = replace(drawn(weeks(0.5, 0.6)), digest="")
    assert mark(loose, [], palette=LIGHT).digest == ""


def test_every_chart_of_a_page_is_held() -> None:
    """But for those that ask others, and what needs no figure."""
    loose = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in (ROOT / "dashboard").rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and ast.unparse(function.returns or ast.Constant(None)) == "Chart"
        and "cached_chart" not in [ast.unparse(each) for each in function.decorator_list]
    ]
    assert sorted(loose) == [
        "dashboard/kit/charts/annotations.py:annotated",
        "dashboard/kit/charts/chart.py:empty",
        "dashboard/kit/charts/chart_cache.py:cached",
        "dashboard/views/process_map/controls.py:chart",
    ]
