"""Warning signs: five cards in plain words, and the steps and tickets behind each."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dashboard.kit.charts.palette import LIGHT
from dashboard.views.warning_signs import text
from dashboard.views.warning_signs.charts import erring_steps, onboarding_bands, reasons_in_few_hands
from dashboard.views.warning_signs.tables import warning_table
from metrics.query.scope import Scope
from metrics.settings.warning_limits import WarningLimits
from metrics.warnings.counting import solved, visits
from metrics.warnings.errors import erring_steps as measured_steps
from metrics.warnings.knowledge import reasons_in_few_hands as measured_reasons
from metrics.warnings.onboarding import _SCHEMA as BANDS
from metrics.warnings.signs import MEASURES, SIGNS, warning_signs
from tests.dashboard.test_pages import open_page
from tests.metrics.histories import warehouse


def row(**other: Any) -> dict[str, Any]:
    one = {
        "sign": "high error rate",
        "measure": "any error",
        "unit": "share",
        "value": 0.12,
        "low": 0.1,
        "high": 0.14,
        "n": 900,
        "value_before": 0.05,
        "low_before": 0.04,
        "high_before": 0.06,
        "n_before": 800,
        "limit": 0.05,
        "is_warning": True,
        "change": "signal",
    }
    return one | other


def test_every_sign_and_measure_has_its_words() -> None:
    assert set(text.SIGNS) == set(SIGNS)
    assert set(text.MEASURES) == {measure.name for measure in MEASURES}
    for sign in SIGNS:
        assert text.why_unknown(sign, are_hours_set=True)
    assert "stepsight.toml" in text.why_unknown("overload", are_hours_set=False)


def test_a_measure_stands_with_interval_n_and_change() -> None:
    assert text.basis(row()) == "10% to 14% · limit 5.0% · 900 visits · changed, up from 5.0%"
    assert text.basis(row(limit=None)) == "10% to 14% · 900 visits · changed, up from 5.0%"
    assert text.basis(row(change="noise")).endswith("usual range (5.0% before)")
    assert text.basis(row(value=None)) == "not known"
    fell = row(value=0.02, value_before=0.05)
    assert text.basis(fell).endswith("changed, down from 5.0%")


def test_each_unit_has_its_form() -> None:
    assert text.value(0.21, "spread") == "± 21%"
    assert text.value(1.07, "tickets") == "1.1"
    assert text.value(50, "visits") == "50 or more"
    assert text.value(5, "visits") == "5"
    assert text.value(0.0001, "share") == "under 0.1%"
    assert text.value(0.0, "share") == "0%"
    assert text.limits(row(low=5, high=5, unit="visits")) == "5"
    assert text.limits(row(low=None)) == ""


def test_measures_say_what_the_settings_count_as_good_and_as_many() -> None:
    assert "more than 5 tickets" in text.measure("time crowded", WarningLimits(many_tickets=5))
    assert "50% slower" in text.measure("visits until as quick", WarningLimits(as_good_factor=1.5))
    assert text.measure("any error", WarningLimits()) == "Visits with an error"


def test_a_sign_is_a_warning_if_one_of_its_measures_is() -> None:
    unknown = row(is_warning=None, value=None)
    assert text.status([row(is_warning=False), row(is_warning=None), row()]) == "warning"
    assert text.status([row(is_warning=False), unknown]) == "none"
    assert text.status([unknown, row(is_warning=False, limit=None)]) == "unknown"


def test_where_an_interval_holds_the_limit_it_is_too_early_to_say() -> None:
    early = row(is_warning=None)
    assert text.status([row(is_warning=False), early]) == "early"
    assert "Too early to say: High error rate." in text.opening([early])


def test_the_opening_counts_the_signs_and_what_moved() -> None:
    said = text.opening([row(), row(sign="overload", is_warning=None, value=None, change=None)])
    assert said.startswith("1 of five warning signs is there: High error rate.")
    assert "1 measure changed more than usual" in said
    calm = text.opening([row(sign=sign, is_warning=False, change="noise") for sign in SIGNS])
    assert calm == "None of the five warning signs is certain."


def test_the_table_has_every_measure() -> None:
    table = warning_table(warning_signs(warehouse()), WarningLimits())
    assert table.frame.height == len(MEASURES)
    assert set(table.frame["value"]) == {"–"}
    assert set(table.columns) <= set(table.frame.columns)


def test_newcomers_stand_beside_veterans() -> None:
    bands = pl.DataFrame(
        [(0, 90, 8, 2.4, 1.9, 3.1, 1.5, 1.3, 1.8), (5, 70, 8, 1.1, 0.8, 1.4, None, None, None)],
        schema=BANDS,
        orient="row",
    )
    chart = onboarding_bands(bands, measure="confusion", as_good=1.25, palette=LIGHT)
    assert "240% of the veterans' in the first 5 visits" in chart.headline
    assert onboarding_bands(bands.clear(), measure="time", as_good=1.25, palette=LIGHT).figure is None


def test_steps_and_reasons_are_ranked_and_say_why_where_there_are_none() -> None:
    lines = ("a entered @0m step=ask", "a input_rejected @0m", "a run_finished @1m")
    steps = measured_steps(visits(warehouse(*lines), Scope()))
    assert "“ask”: 100% of 1 visit" in erring_steps(steps, palette=LIGHT).headline
    assert erring_steps(steps.clear(), palette=LIGHT).figure is None
    none = measured_reasons(solved(warehouse(), Scope()), most=0.5)
    assert reasons_in_few_hands(none, most=0.5, palette=LIGHT).figure is None


def test_a_reason_of_few_agents_is_counted_and_not_drawn() -> None:
    reasons = pl.DataFrame(
        {
            "reason": ["rare", "secret", "common"],
            "tickets": [60, 90, 800],
            "agents": [12, None, 40],
            "share": [0.8, None, 0.2],
            "low": [0.7, None, 0.18],
            "high": [0.9, None, 0.22],
            "is_few": [True, True, False],
        }
    )
    chart = reasons_in_few_hands(reasons, most=0.5, palette=LIGHT)
    assert chart.headline == "2 reasons depend on five agents or fewer"
    assert "secret" not in str(chart.figure)


@pytest.mark.parametrize("sign", [sign.title for sign in text.SIGNS.values()])
def test_every_sign_leads_on(monkeypatch, warehouses, sign) -> None:
    app = open_page(monkeypatch, warehouses["full"], "warning_signs", period="All data", sign=sign)
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="sign").value == sign
