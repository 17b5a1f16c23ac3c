"""The same numbers as measured; links that hold, and links that don't."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.language import words
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import latest_snapshot, open_snapshot, open_writer, publish
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.refresh.facts import bring_up_to_date
from metrics.settings.model import Settings
from tests.dashboard.histories import MONDAY

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def open_page(
    monkeypatch: pytest.MonkeyPatch, warehouse: Path, page: str, /, **link: str | list[str]
) -> AppTest:
    monkeypatch.setenv("STEPSIGHT_WAREHOUSE", str(warehouse))
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    if page != "overview":
        app._page_hash = calc_hash(page)  # `switch_page` knows addresses only after a first run
    return app.run()


def measured(warehouse: Path, metric: str, scope: Scope) -> dict[str, Any]:
    """What the command line says; the dashboard lets go of the file first."""
    st.cache_resource.clear()
    with closing(open_snapshot(latest_snapshot(warehouse))) as connection:
        return measure(connection, [metric], scope=scope).row(0, named=True)


def test_without_runs_hotspots_say_what_is_missing(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["tickets only"], "hotspots")
    assert "step events of workflow runs" in app.info[0].value


def test_without_reasons_recurring_issues_say_what_is_missing(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["tickets only"], "recurring_issues")
    assert "mapping" in app.info[0].value


def test_unrated_tickets_have_no_satisfaction_rather_than_none(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["tickets only"], "overview")
    satisfaction = next(tile for tile in app.metric if "CSAT" in tile.label)
    assert satisfaction.value == words.UNKNOWN


def test_the_tiles_show_what_measure_says(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "overview", period="All data", channel="chat")
    scope = Scope(where=(("channel", ("chat",)),))
    shown = {tile.label.replace("\\", ""): tile.value for tile in app.metric}
    csat = measured(warehouses["full"], "csat", scope)
    opened = measured(warehouses["full"], "tickets_opened", scope)
    assert shown["Satisfaction (CSAT)"] == words.share(csat["value"])
    assert shown["Tickets opened"] == words.count(opened["value"])


def test_the_period_before_has_the_same_length(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "overview", period="Last 4 weeks")
    last = app.session_state["asked"][1]
    before = measured(warehouses["full"], "tickets_opened", last.previous())["value"]
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert f"before{words.TIED}{words.count(before)}" in captions


def test_a_link_sets_the_filters(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "overview", channel=["chat", "phone"], kpi="Reopen rate")
    assert app.multiselect(key="channel").value == ["chat", "phone"]
    assert app.session_state["asked"][1].where == (("channel", ("chat", "phone")),)
    assert any("Reopen rate" in heading.value for heading in app.header)
    assert not app.warning


@pytest.mark.parametrize("name", ["channel", "team", "workflow", "period", "kpi"])
def test_a_bad_value_in_a_link_falls_back_and_says_so(monkeypatch, warehouses, name) -> None:
    app = open_page(monkeypatch, warehouses["full"], "overview", **{name: "**carrier** pigeon'; DROP TABLE"})
    assert not app.exception
    assert "carrier" in app.warning[0].value
    assert "**carrier**" not in app.warning[0].value
    assert app.session_state["asked"][1].where == ()


def test_dates_outside_the_data_fall_back_and_say_so(monkeypatch, warehouses) -> None:
    link = {"period": "Choose dates", "dates": ["1999-01-01", "2026-03-20"]}
    app = open_page(monkeypatch, warehouses["full"], "overview", **link)
    assert not app.exception
    assert "1999" in app.warning[0].value


def test_dates_of_a_link_are_both_included(monkeypatch, warehouses) -> None:
    link = {"period": "Choose dates", "dates": ["2026-03-09", "2026-03-20"]}
    app = open_page(monkeypatch, warehouses["full"], "overview", **link)
    scope = app.session_state["asked"][1]
    assert (str(scope.start), str(scope.end)) == ("2026-03-09", "2026-03-20")
    assert not app.warning


def test_a_value_the_browser_made_up_reaches_no_query(monkeypatch, warehouses) -> None:
    monkeypatch.setenv("STEPSIGHT_WAREHOUSE", str(warehouses["full"]))
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["channel"] = ["chat", "made up"]
    app.run()
    assert app.session_state["asked"][1].where in {(), (("channel", ("chat",)),)}


def test_a_nasty_reason_is_shown_and_takes_no_effect(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "recurring_issues", period="All data")
    texts = [element.value for element in [*app.markdown, *app.header, *app.caption]]
    assert not any("](javascript" in text or ":red[" in text for text in texts)


def test_a_damaged_snapshot_is_a_sentence(monkeypatch, tmp_path) -> None:
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "000001.duckdb").write_bytes(b"not a database")
    app = open_page(monkeypatch, tmp_path, "overview")
    assert not app.exception
    assert "is damaged" in app.error[0].value.replace("\\", "")


BAD_ROWS = """event_id,occurred_at,ticket_id,kind
a,2026-03-02T09:00:00Z,t1,opened
b,2026-03-02T08:00:00Z,t1,solved
c,soon,t2,opened
d,2026-03-02T09:00:00Z,t2,opend
e,2026-03-02T09:00:00Z,t3,opened,one field more
"""


@pytest.fixture(scope="module")
def unhealthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which checks find something, and rows were rejected."""
    folder = tmp_path_factory.mktemp("unhealthy")
    (folder / "bad.csv").write_text(BAD_ROWS)
    with open_writer(folder) as connection:
        load([folder / "bad.csv"], connection, Archive(folder / "archive"), now=MONDAY)
        bring_up_to_date(connection, folder, Settings())
    return folder


def health_texts(app: AppTest) -> str:
    """What the page says, and what stands in its tables, without the marks of Markdown."""
    said = [part.value for part in (*app.error, *app.warning, *app.markdown)]
    cells = [str(value) for table in app.dataframe for row in table.value.to_numpy() for value in row]
    return "\n".join([*said, *cells]).replace("\\", "")


def test_findings_and_reasons_of_rejection_are_said_in_the_readers_language(monkeypatch, unhealthy) -> None:
    french = health_texts(open_page(monkeypatch, unhealthy, "data_health", lang="fr"))
    assert "résolu avant d’être ouvert" in french
    assert "occurred_at ne se lit pas comme une date et une heure" in french
    assert "solved before it was opened" not in french


def test_findings_of_an_earlier_version_are_said_not_to_be_there(monkeypatch, unhealthy, tmp_path) -> None:
    old = copytree(unhealthy, tmp_path / "old")
    with open_writer(old) as connection:
        connection.execute("ALTER TABLE health RENAME COLUMN message TO seen")
        publish(connection, old)
    app = open_page(monkeypatch, old, "data_health")
    assert not app.exception
    assert "The data has not been examined yet" in health_texts(app)
