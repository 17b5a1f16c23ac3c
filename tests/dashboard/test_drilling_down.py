"""From a number to its tickets, from a ticket to its events; glossary, ledger, and files to take along."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import polars as pl
import pytest

from dashboard.kit.export.table_exports import as_csv, as_excel, prepared
from dashboard.kit.tables.table import Column, Table
from dashboard.kit.tables.timeline import timeline_table
from dashboard.kit.tile import tile
from dashboard.views.data_health.text import opening
from etl.health.finding import Finding, Severity
from etl.messages import Message
from metrics.catalog.metrics import CATALOG
from metrics.query.scope import Scope
from tests.dashboard.test_pages import measured, open_page


def texts(app) -> str:
    return " ".join(element.value.replace("\\", "") for element in [*app.markdown, *app.caption])


@pytest.mark.parametrize("metric", ["first_response_minutes", "csat", "tickets_opened", "confusion_rate"])
def test_the_list_behind_a_number_is_as_long_as_its_n(monkeypatch, warehouses, metric) -> None:
    link = {"behind": CATALOG[metric].title, "period": "All data", "channel": "chat"}
    app = open_page(monkeypatch, warehouses["full"], "tickets", **link)
    n = measured(warehouses["full"], metric, Scope(where=(("channel", ("chat",)),)))["n"]
    assert not app.exception
    assert f"is based on {n} {'visits' if metric == 'confusion_rate' else 'tickets'}." in texts(app)
    assert f"1 to {min(n, 25)} of {n}" in texts(app)


def test_a_link_narrows_the_list_to_a_reason_and_a_page(monkeypatch, warehouses) -> None:
    link = {"behind": "Tickets opened", "period": "All data", "reason": "charged twice", "page": "2"}
    app = open_page(monkeypatch, warehouses["full"], "tickets", **link)
    assert not app.warning
    assert set(app.dataframe[0].value["reason"]) == {"charged twice"}
    assert "26 to" in texts(app)


@pytest.mark.parametrize("name", ["behind", "which", "reason", "step", "page"])
def test_a_list_asked_for_what_is_not_there_falls_back_and_says_so(monkeypatch, warehouses, name) -> None:
    link = {"behind": "Confusion rate", name: "**pigeon**"}
    app = open_page(monkeypatch, warehouses["full"], "tickets", **link)
    assert not app.exception
    # Without the number asked for, there is no list of steps to choose from.
    assert "pigeon" in app.warning[0].value
    assert "**pigeon**" not in app.warning[0].value


def test_a_ticket_is_told_to_the_event_without_naming_anybody(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "ticket", ticket="t3")
    assert not app.exception
    shown = app.dataframe[0].value
    assert list(shown["what"])[:2] == ["Ticket opened", "Message"]
    assert "↳ Step: identify" in set(shown["what"])
    assert shown["effect"][0].startswith("▶ starts")
    cells = " ".join(str(cell) for row in shown.values for cell in row)
    assert "a3" not in cells
    assert "c3-" not in cells


@pytest.mark.parametrize("asked", ["nobody", "x' OR 1=1 --", "**t1**"])
def test_an_unknown_ticket_is_a_sentence(monkeypatch, warehouses, asked) -> None:
    app = open_page(monkeypatch, warehouses["full"], "ticket", ticket=asked)
    assert not app.exception
    assert "There is no ticket" in app.error[0].value
    assert "**t1**" not in app.error[0].value


def test_every_term_of_the_glossary_has_its_definition(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "glossary", term="Reopen rate")
    assert CATALOG["reopen_rate"].definition in texts(app)
    assert list(app.selectbox(key="term").options) == [m.title for m in CATALOG.values()]


def test_the_ledger_counts_every_row(monkeypatch, warehouses) -> None:
    app = open_page(monkeypatch, warehouses["full"], "data_health")
    ledger = app.dataframe[-1].value
    assert (ledger["read"] == ledger["loaded"] + ledger["duplicates"] + ledger["rejected"]).all()
    assert "none rejected" in texts(app)


def test_health_says_first_how_much_to_clear_up() -> None:
    of_all = {"source": None, "load_id": None, "message": Message("m"), "is_known": True, "numbers": {}}
    found = [
        Finding(check=check, severity=severity, **of_all)
        for check, severity in (("a", Severity.SUSPICIOUS), ("b", Severity.LOOK), ("c", Severity.OK))
    ]
    expected = "Clear up 1 finding before you trust the numbers, and check 1 finding. 1 check found nothing."
    assert opening(found) == expected
    assert opening(found[2:]) == "Nothing suspicious in 1 check."
    unknown = Finding(check="d", severity=Severity.OK, **{**of_all, "is_known": False})
    assert opening([*found, unknown]) == f"{expected} 1 check had too little to check."


def test_an_event_stands_with_what_it_does_to_the_number() -> None:
    columns = ("kind", "actor", "team", "run_id", "value", "title", "step", "reason", "channel", "minutes")
    event = dict.fromkeys(
        (*columns, "signs", "is_confused", "hits", "score", "scale_max", "workflow", "version")
    )
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    rows = [event | {"occurred_at": at, "kind": "opened", "actor": "customer", "channel": "chat"}]
    moments = [{"effect": "starts", "because": Message("explain.first_contact").as_data()}]
    shown = timeline_table(pl.DataFrame(rows), moments, number="N", time_zone="Europe/Berlin").frame
    assert shown.row(0, named=True) | {"after": ""} == {
        "at": "2 Mar 2026, 10:00",
        "what": "Ticket opened",
        "detail": "chat",
        "by": "customer",
        "effect": "▶ starts: The customer's first contact.",
        "after": "",
    }


EXPORTED = Table(
    title="Reasons",
    frame=pl.DataFrame({"name": ["=1+1", "plain"], "rate": [0.25, None], "hidden": ["x", "y"]}),
    columns={"name": Column("Reason"), "rate": Column("Rate", "share", help="Of all tickets.")},
    alt="",
)


def test_a_csv_says_what_it_is_and_runs_nothing() -> None:
    made = as_csv(prepared(EXPORTED, scope='team a,=1+1 "b', fresh="2 Mar 2026, 10:00 (UTC)"))
    lines = made.decode("utf-8-sig").splitlines()
    assert lines[:3] == [
        "# Table: Reasons",
        "# Scope: team a,'=1+1 ”b",
        "# Definition: Rate: Of all tickets.",
    ]
    table = pl.read_csv(io.BytesIO(made.removeprefix(b"\xef\xbb\xbf")), comment_prefix="#")
    assert table.rows() == [("'=1+1", 0.25), ("plain", None)]
    assert table.columns == ["Reason", "Rate"]


def test_an_excel_file_has_the_table_and_a_sheet_about_it() -> None:
    made = as_excel(prepared(EXPORTED, scope="=all data", fresh="now"))
    sheets = pl.read_excel(io.BytesIO(made), sheet_id=0)
    assert list(sheets) == ["Table", "About"]
    assert sheets["Table"].rows() == [("'=1+1", 0.25), ("plain", None)]
    assert ("Scope", "'=all data") in sheets["About"].rows()


def test_a_count_and_a_value_without_an_interval_get_no_colour() -> None:
    bare = {"value": 90.0, "n": 90, "low": None, "high": None}
    shown = tile(CATALOG["tickets_solved"], now=bare, before=bare | {"value": 10.0}, weeks=[])
    assert (shown.change, shown.colour) == ("+800%", "off")


def test_a_median_is_coloured_where_its_intervals_are_apart() -> None:
    slow = {"value": 60.0, "n": 90, "low": 50.0, "high": 70.0}
    fast = {"value": 20.0, "n": 90, "low": 15.0, "high": 30.0}
    wait = CATALOG["first_response_minutes"]
    assert tile(wait, now=fast, before=slow, weeks=[]).colour == "inverse"
    assert tile(wait, now=fast, before=slow | {"low": 25.0}, weeks=[]).colour == "off"


def test_a_tile_says_in_words_whether_the_latest_week_is_unusual() -> None:
    opened, bare = CATALOG["tickets_opened"], {"value": 1.0, "n": 1, "low": None, "high": None}

    def verdict(*weeks: float) -> str:
        return tile(opened, now=bare, before=None, weeks=weeks).verdict

    assert verdict(10, 11, 10, 11, 10, 11, 10) == "No unusual change"
    assert verdict(10, 11, 10, 11, 10, 11, 30) == "Last week above the usual range"
    assert verdict(10, 11) == "Not enough data yet (6 weeks needed)"
