"""Versions: the verdict in sentences, before and after step by step, what was rewritten."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboard.kit.charts.palette import LIGHT
from dashboard.views.versions import text
from dashboard.views.versions.charts import version_steps
from dashboard.views.versions.tables import changes_table, verdict_table
from metrics.releases.definition_changes import definition_changes, is_defined
from metrics.releases.versions import _EMPTY
from tests.dashboard.test_pages import open_page
from tests.metrics.histories import definition, warehouse


def row(**other: Any) -> dict[str, Any]:
    one = {
        "workflow": "refund",
        "from_version": "1",
        "version": "2",
        "released_on": date(2026, 3, 2),
        "step": "decide",
        "title": "Decide",
        "measure": "confusion",
        "verdict": "improved",
        "before": 0.2,
        "after": 0.05,
        "n_before": 400,
        "n_after": 380,
        "change": -0.75,
        "usual_change": 0.02,
        "effect": -0.74,
        "low": -0.85,
        "high": -0.5,
        "p": 0.0001,
        "q": 0.001,
        "smallest_detectable": 0.4,
        "earlier_effect": 0.05,
        "earlier_p": 0.7,
        "weeks_before": 6,
        "weeks_after": 7,
        "untouched": 3,
        "is_rewritten": True,
    }
    return one | other


def found(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=_EMPTY.schema)


RUNS = row(step=None, title=None, measure="run confused", verdict="usual range", effect=-0.1, q=0.5)


@pytest.mark.parametrize(
    ("measure", "before", "after", "levels"),
    [
        ("step time", 300.0, 60.0, ("5 min", "60 s")),
        ("step time", 318.4, 282.0, ("5 min 18.4 s", "4 min 42.0 s")),
        ("step time", 20.4, 19.6, ("20.4 s", "19.6 s")),
        ("step time", 318.4, 299.97, ("5 min 18.4 s", "5 min 0.0 s")),
        ("confusion", 0.204, 0.196, ("20.40%", "19.60%")),
        ("confusion", 0.2, 0.2, ("20%", "20%")),
    ],
)
def test_before_and_after_that_differ_read_differently(measure, before, after, levels) -> None:
    assert text.levels(row(measure=measure, before=before, after=after)) == levels


def summary(verdict: str, *rows: dict[str, Any]) -> str:
    release = {"workflow": "refund", "from_version": "1", "version": "2", "verdict": verdict}
    return text.summary(release, found(*rows))


def test_an_improvement_is_said_with_its_numbers() -> None:
    said = summary("improved", row(), RUNS)
    assert "Version 2 of refund improved things" in said
    basis = text.basis(found(row(), RUNS))
    assert "6 weeks before with 7 weeks after it, and with 3 unchanged workflows" in basis
    assert "Confusion at “Decide” went from 20% to 5.0%: −74% compared with unchanged workflows" in said
    assert "−85% to −50%" in said


def test_the_usual_range_is_the_headline_only_where_every_step_is_in_it() -> None:
    usual, unknown = row(verdict="usual range"), row(verdict="not enough data yet")

    def headline(*rows: dict[str, Any]) -> str:
        return version_steps(found(*rows), measure="confusion", palette=LIGHT).headline

    assert headline(usual, usual).endswith("all 2 steps are in the usual range")
    assert headline(unknown, unknown).endswith("not enough data yet at 2 of 2 steps")
    assert headline(usual, unknown).endswith("not enough data yet at 1 of 2 steps")


def test_a_manifold_rise_is_said_in_times() -> None:
    said = text.change(row(measure="confusion", effect=3.07, low=2.0, high=4.5))
    assert "4.1 times what unchanged workflows would suggest" in said
    assert "(95% interval 3.0 to 5.5)" in said


def test_where_nothing_is_told_it_says_what_would_have_been_seen() -> None:
    said = summary("usual range", row(verdict="usual range"), RUNS)
    assert "shows no change in confusion" in said
    assert "A rise by 40% is the smallest" in said
    alone = summary("not enough data yet", RUNS | {"verdict": "not enough data yet", "untouched": 0})
    assert "no unchanged workflow" in alone
    few = summary(
        "not enough data yet", RUNS | {"verdict": "not enough data yet", "smallest_detectable": None}
    )
    assert "too few weeks or runs" in few


@pytest.mark.parametrize("measure", text.MEASURES)
def test_every_measure_has_its_sentence(measure) -> None:
    said = text.change(row(measure=measure, before=30.0, after=20.0))
    assert "−74%" in said


@pytest.mark.parametrize("verdict", text.VERDICTS)
def test_every_verdict_has_its_sentence(verdict) -> None:
    assert "refund" in summary(verdict, RUNS)


def test_what_went_its_own_way_before_is_told() -> None:
    rows = (row(), row(step="b", earlier_p=0.01, verdict="not enough data yet"), RUNS)
    assert "1 of 3 comparisons already differed" in text.pre_trend(found(*rows))
    assert "too few weeks" in text.pre_trend(found(row(earlier_p=None)))


def test_the_picture_tells_the_verdict_without_colour() -> None:
    rows = (
        row(),
        row(step="b", title=None, verdict="worse"),
        row(step="c", title=None, verdict="not enough data yet"),
    )
    chart = version_steps(found(*rows), measure="confusion", palette=LIGHT)
    assert chart.headline == "Confusion of each step: 1 of 3 improved, 1 worse"
    assert chart.figure is not None
    names = [each.text for each in chart.figure.layout.annotations]
    assert [name[0] for name in names] == ["▲", "▼", "?"]
    assert "20% → 5.0% (400 → 380 visits)" in names[0]
    before, after = chart.figure.data
    assert (before.name, after.name) == ("Before", "After")
    assert before.marker.symbol != after.marker.symbol
    assert before.x[0] == 20
    assert min(before.error_x.array[0], before.error_x.arrayminus[0]) > 0
    assert chart.data is not None
    assert chart.data["series"].to_list() == ["Before", "After"] * 3
    assert "Decide" in chart.alt


def test_times_have_no_interval_of_a_side() -> None:
    chart = version_steps(
        found(row(measure="step time", before=60.0, after=30.0)), measure="step time", palette=LIGHT
    )
    assert chart.figure is not None
    assert chart.data is not None
    assert chart.data["low"].to_list() == [None, None]
    assert chart.figure.data[0].error_x.array[0] == 0
    assert "60 s → 30 s" in chart.figure.layout.annotations[0].text


def test_without_visits_on_both_sides_it_says_why() -> None:
    chart = version_steps(found(row(before=None)), measure="confusion", palette=LIGHT)
    assert chart.figure is None
    assert "both sides" in chart.why_empty


def test_the_table_has_the_told_first() -> None:
    rows = found(
        RUNS,
        row(verdict="not enough data yet", step="z", title=None, effect=None, low=None, high=None),
        row(),
    )
    table = verdict_table(rows)
    assert table.frame["place"].to_list() == ["Decide", "the whole run", "z"]
    assert table.frame["limits"].to_list()[2] == "–"
    assert set(table.columns) <= set(table.frame.columns)


OLD = definition("ask > pay", "pay > done", "extra > done", "done is end", version="1")
NEW = definition("ask > pay done", "pay > done required", "more > done", "done is end", version="2")


def test_what_a_version_rewrites_is_found() -> None:
    connection = warehouse(definitions=[*OLD, *NEW])
    changes = definition_changes(connection, "w", "1", "2")
    assert changes.rows() == [
        ("ask", "leads on otherwise", "pay", "pay, done"),
        ("pay", "required or not", "no", "yes"),
        ("more", "added", None, "More"),
        ("extra", "removed", "Extra", None),
    ]
    assert is_defined(connection, "w", "1")
    assert not is_defined(connection, "w", "3")
    assert definition_changes(connection, "w", "1", "3").is_empty()
    assert definition_changes(connection, "w", "1", "1").is_empty()
    assert changes_table(changes).frame["change"].to_list()[2] == "added"


def test_what_is_not_defined_is_not_known() -> None:
    assert "not known" in text.changed(None)
    assert "the same" in text.changed(definition_changes(warehouse(definitions=OLD), "w", "1", "1"))


def test_a_release_of_the_link_is_shown_and_leads_to_the_visits_of_both_versions(
    monkeypatch, warehouses
) -> None:
    app = open_page(
        monkeypatch, warehouses["full"], "versions", release="reset v1 → v2", measure="Time at each step"
    )
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="release").value == "reset v1 → v2"
    labels = [link.label for link in app.get("page_link")]
    assert any("in version v1" in label for label in labels)
    assert any("in version v2" in label for label in labels)


def test_a_release_that_is_none_falls_back_and_says_so(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "versions", release="**nothing** 1 → 2")
    assert not app.exception
    assert "nothing" in app.warning[0].value
    assert "**nothing**" not in app.warning[0].value


def test_without_releases_the_page_says_what_is_missing(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["tickets only"], "versions", period="All data")
    assert "load events whose version column" in app.info[0].value
