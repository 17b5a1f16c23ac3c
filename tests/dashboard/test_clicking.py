"""What the browser reports of a click becomes the thing clicked, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.filters.clicks import things


def report(*points: Any) -> dict[str, Any]:
    return {"selection": {"points": list(points), "point_indices": [], "box": [], "lasso": []}}


def test_a_point_names_its_thing() -> None:
    assert things(report({"curve_number": 1, "customdata": ["refund", "v1", "decide"]})) == {
        ("refund", "v1", "decide")
    }


def test_a_thing_of_one_word_is_one_word() -> None:
    assert things(report({"customdata": "chat"})) == {("chat",)}


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"selection": None},
        {"selection": {}},
        report(),
        report({"curve_number": 0}),
        report({"customdata": None}),
        report({"customdata": []}),
        report("not a point"),
    ],
)
def test_a_report_that_names_nothing_is_no_click(odd: dict[str, Any]) -> None:
    assert things(odd) == frozenset()


def test_numbers_and_nulls_are_named_as_text() -> None:
    assert things(report({"customdata": ["step", None, 5]})) == {("step", "None", "5")}
