"""Compliance: runs against their definition, by version, by step, by week, and one by one."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import streamlit as st

from dashboard.views.compliance import text
from dashboard.views.compliance.tables import breach_table, run_table, version_table
from etl.contract.workflows import read_definitions, store_definitions
from etl.store.warehouse import open_writer, publish
from metrics.process.conformance import (
    breaches,
    by_step,
    by_version,
    by_week,
    check_runs,
    conformance,
    one_by_one,
    runs_in_breach,
)
from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from tests.dashboard import histories
from tests.dashboard.test_pages import open_page
from tests.metrics.histories import definition, warehouse

SHOP = definition("ask > verify", "verify > pay required", "pay > done", "done is end")


def run(ticket, day, *steps):
    lines = [f"{ticket} entered @{day}d{place}m step={step}" for place, step in enumerate(steps)]
    return [*lines, f"{ticket} run_finished @{day}d{len(steps)}m"]


@pytest.fixture(scope="module")
def shop():
    lines = []
    for n in range(20):
        steps = ("ask", "pay", "done") if n % 5 == 0 else ("ask", "verify", "pay", "done")
        lines += run(f"t{n}", n, *steps)
    return warehouse(*lines, definitions=SHOP)


def test_the_weeks_add_up_to_the_whole(shop) -> None:
    weeks, whole = by_week(check_runs(shop)), conformance(shop).row(0, named=True)
    assert weeks["week"].to_list() == [date(2026, 3, 2) + timedelta(weeks=n) for n in range(3)]
    assert weeks["n"].sum() == whole["runs"] == 20
    assert sum(weeks["value"] * weeks["n"]) == pytest.approx(whole["conforming"]) == 16
    assert (weeks["low"] <= weeks["value"]).all()
    assert by_week(check_runs(warehouse())).is_empty()


def test_some_days_are_told_from_all_as_if_they_had_been_asked_for(shop) -> None:
    whole = check_runs(shop)
    for first, last in ((date(2026, 3, 4), date(2026, 3, 4)), (date(2026, 3, 3), date(2026, 3, 14))):
        some, scope = whole.between(first, last), Scope(start=first, end=last)
        assert by_version(some).equals(conformance(shop, scope=scope))
        assert by_step(some).equals(breaches(shop, scope=scope))
        assert one_by_one(some).equals(runs_in_breach(shop, scope=scope))
        assert by_week(some).equals(by_week(check_runs(shop, scope=scope)))


def test_runs_of_versions_without_a_definition_are_in_no_week() -> None:
    assert by_week(check_runs(warehouse(*run("t", 0, "ask", "done")))).is_empty()


def test_the_opening_says_how_many_and_where(shop) -> None:
    said = text.opening(conformance(shop), breaches(shop))
    assert "16 of 20 runs kept to their definition (80%)" in said
    assert "at “Ask” (w, version 1): 4 runs" in said or "at “Verify” (w, version 1): 4 runs" in said
    unknown = conformance(warehouse(*run("t", 0, "ask", "done")))
    assert "without a definition it is not known" in text.opening(unknown, breaches(shop))


def test_breaches_turn_the_shares_round(shop) -> None:
    weeks = by_week(check_runs(shop))
    turned = text.in_breach(weeks)
    assert turned["value"].to_list() == pytest.approx((1 - weeks["value"]).to_list())
    assert (turned["low"] <= turned["value"]).all()
    assert (turned["value"] <= turned["high"]).all()


def test_the_tables_name_version_step_and_run(shop) -> None:
    table = version_table(conformance(shop))
    assert table.frame["limits"][0] == "58% to 92%"
    where = breach_table(breaches(shop)).frame
    assert set(where["breach"]) == {"a move that is not listed", "a required step never reached"}
    runs = run_table(runs_in_breach(shop), time_zone="UTC")
    assert runs.frame["run_id"].n_unique() == 4  # each ticket has a run of its own
    assert runs.frame.height == 8
    for column in ("step", "next"):
        assert set(runs.frame[column]) == set(where[column]) <= {"Ask", "Verify", "Pay", "–"}
    assert set(runs.columns) <= set(runs.frame.columns)
    assert "agent_id" not in runs.frame.columns


def test_an_empty_table_keeps_its_columns(shop) -> None:
    assert breach_table(breaches(shop).clear()).frame.is_empty()
    assert run_table(runs_in_breach(shop).clear(), time_zone="UTC").frame.is_empty()


def test_without_definitions_the_page_says_how_to_add_them(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "compliance", period="All data")
    assert "stepsight workflows add" in app.info[0].value.replace("\\", "")


@pytest.fixture(scope="module")
def defined(tmp_path_factory, templates) -> Path:
    """The full warehouse with a definition of one workflow: version 1 must not go from identify to decide."""
    folder = histories.copied(templates, tmp_path_factory.mktemp("defined") / "wh", histories.full())
    steps = [
        {"id": "identify", "title": "Identify", "type": "question", "next": ["check"]},
        {"id": "check", "title": "Check", "type": "question", "next": ["decide"], "required": True},
        {"id": "decide", "title": "Decide", "type": "question", "next": ["close"]},
        {"id": "close", "title": "Close", "type": "end", "next": []},
    ]
    file = folder.parent / "workflows.json"
    file.write_text(json.dumps([{"workflow": "refund", "version": "v1", "title": "Refund", "steps": steps}]))
    return _with(folder, file)


def _with(folder: Path, file: Path) -> Path:
    with open_writer(folder) as connection:
        store_definitions(connection, read_definitions(file))
        refresh(connection)
        publish(connection, folder)
    return folder


def test_the_page_lists_the_runs_in_breach(monkeypatch, defined) -> None:
    app = open_page(monkeypatch, defined, "compliance", period="All data")
    assert not app.exception
    texts = " ".join(element.value.replace("\\", "") for element in app.markdown)
    assert "0 of 30 runs kept to their definition" in texts
    listed = app.dataframe[-1].value
    assert len(listed) == 25
    assert set(listed["where"]) == {"refund v1"}
    app.selectbox(key="breach").select("a required step never reached").run()
    assert set(app.dataframe[-1].value["breach"]) == {"a required step never reached"}
    st.cache_resource.clear()


def test_a_breach_that_is_none_falls_back_and_says_so(monkeypatch, defined) -> None:
    app = open_page(monkeypatch, defined, "compliance", period="All data", breach="**none**", page="99")
    assert not app.exception
    assert any("none" in warning.value for warning in app.warning)
    assert not any("**none**" in warning.value for warning in app.warning)


def test_the_year_is_shown_whatever_the_period(shop) -> None:
    one_day = Scope(start=date(2026, 3, 2), end=date(2026, 3, 2))
    with closing(shop.cursor()) as cursor:
        assert by_week(check_runs(cursor, scope=one_day))["n"].to_list() == [1]
    assert text.shaded(one_day) == (date(2026, 3, 2), date(2026, 3, 2))
    assert text.shaded(Scope()) is None
