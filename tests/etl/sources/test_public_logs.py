"""Every public log loads by a committed mapping, and its published facts come out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.mapping.inspect import inspect
from etl.mapping.mapping_file import read_mapping
from etl.store.load import unload
from etl.store.load_report import FileReport
from tests.etl.desk import Desk

ROOT = Path(__file__).parents[3]
LOGS = ROOT.parent / "shared" / "data"
MAPPINGS = ROOT / "data" / "mappings"

pytestmark = pytest.mark.skipif(not LOGS.exists(), reason="the public logs are not on this machine")

LOADED_BY = {
    "helpdesk/helpdesk.csv": "helpdesk.toml",
    "helpdesk/helpdesk.xes.gz": "xes.toml",
    "helpdesk/helpdesk_day_month_swapped.csv": "helpdesk_day_month_swapped.toml",
    "incidents/incident_event_log.csv.gz": "incidents.toml",
    "rabobank/incident_activity_sample4000.csv": "rabobank.toml",
    "rabobank/incident_cases_sample4000.csv": "rabobank_cases.toml",
    "xes/running-example.xes": "xes.toml",
    "xes/running_example_broken.csv": "running_example_broken.toml",
    "xes/receipt.xes.gz": "xes.toml",
    "xes/receipt_wrong_time_zone.csv": "receipt.toml",
}


def load(desk: Desk, log: str) -> FileReport:
    return desk.load(LOGS / log, read_mapping(MAPPINGS / LOADED_BY[log]))


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.read, report.loaded, report.duplicates, report.rejected


def kinds(desk: Desk) -> dict[str, int]:
    return dict(desk.events()["kind"].value_counts().iter_rows())


def tickets(desk: Desk) -> int:
    return desk.events()["ticket_id"].n_unique()


def test_no_public_log_is_left_out() -> None:
    files = {
        str(path.relative_to(LOGS)) for path in LOGS.rglob("*") if path.is_file() and path.suffix != ".md"
    }
    assert files == set(LOADED_BY)


def test_helpdesk_in_xes_is_helpdesk_in_csv(desk: Desk) -> None:
    """But for 127 events that a trace has twice: equal rows of a table are one event, of a trace two."""
    report = load(desk, "helpdesk/helpdesk.xes.gz")
    assert counts(report) == (21_348, 21_348, 0, 0)
    assert kinds(desk) == {"opened": 4_580, "entered": 21_348, "closed": 4_580, "run_finished": 4_580}
    columns = ("ticket_id", "occurred_at", "agent_id", "step")
    from_xes = desk.events().filter(kind="entered").select(columns).unique()
    unload(1, desk.connection, desk.archive)
    load(desk, "helpdesk/helpdesk.csv")
    from_csv = desk.events().filter(kind="entered").select(columns)
    assert from_csv.sort(pl.all()).equals(from_xes.sort(pl.all()))


def test_a_copy_with_day_and_month_swapped_loads_as_it_stands(desk: Desk) -> None:
    assert counts(load(desk, "helpdesk/helpdesk_day_month_swapped.csv")) == (21_348, 21_221, 127, 0)
    spans = (
        desk.events()
        .group_by("ticket_id")
        .agg(
            (pl.col("occurred_at").max() - pl.col("occurred_at").min()).dt.total_seconds(fractional=True)
            / 86_400
        )
    )
    assert spans["occurred_at"].median() == pytest.approx(102, abs=1)


def test_rabobank_activities_load_out_of_order(desk: Desk) -> None:
    assert counts(load(desk, "rabobank/incident_activity_sample4000.csv")) == (39_911, 39_911, 0, 0)
    assert (tickets(desk), kinds(desk)["entered"]) == (4_000, 39_911)
    assert {name: kinds(desk)[name] for name in ("opened", "closed", "reopened", "solved")} == {
        "opened": 4_000,
        "closed": 4_337,
        "reopened": 206,
        "solved": 126,
    }
    first = desk.events().filter(ticket_id="IM0000013", kind="closed")["occurred_at"].to_list()
    assert first == [datetime(2013, 11, 8, 12, 54, 13, tzinfo=UTC)]  # 13:54 in Amsterdam


def test_rabobank_cases_tell_an_event_for_each_time_that_is_filled(desk: Desk) -> None:
    assert counts(load(desk, "rabobank/incident_cases_sample4000.csv")) == (4_000, 4_000, 0, 0)
    assert kinds(desk) == {"opened": 4_000, "reopened": 183, "solved": 3_845, "closed": 4_000}
    opened = desk.events().filter(kind="opened")
    assert set(opened["priority"]) <= {"urgent", "high", "normal", "low"}


def test_the_running_example(desk: Desk) -> None:
    assert counts(load(desk, "xes/running-example.xes")) == (42, 42, 0, 0)
    assert (tickets(desk), kinds(desk)["entered"]) == (6, 42)


def test_the_running_example_that_lacks_activities(desk: Desk) -> None:
    assert counts(load(desk, "xes/running_example_broken.csv")) == (34, 34, 0, 0)
    assert (tickets(desk), kinds(desk)["opened"]) == (6, 5)


def test_the_receipt_log_and_its_copy_with_a_wrong_time_zone(desk: Desk) -> None:
    assert counts(load(desk, "xes/receipt.xes.gz")) == (8_577, 8_577, 0, 0)
    assert tickets(desk) == 1_434
    instant = pl.col("occurred_at").min()
    right = desk.events().select(instant).item()
    assert counts(load(desk, "xes/receipt_wrong_time_zone.csv")) == (8_577, 8_577, 0, 0)
    wrong = desk.events().filter(workflow="receipt").select(instant).item()
    assert (wrong - right).total_seconds() == 2 * 3600


@pytest.mark.sweep(4)
@pytest.mark.parametrize("log", LOADED_BY)
def test_a_look_without_a_mapping_finds_its_tickets_and_rejects_nothing(log: str) -> None:
    found = inspect(LOGS / log)
    assert found.problem is None
    assert found.rejected == []
    expected = {"helpdesk": 4_580, "rabobank": 4_000, "incidents": 24_918}.get(log.split("/")[0])
    assert found.tickets == (expected or (1_434 if "receipt" in log else 6))


def test_a_look_says_that_month_first_would_swap_days() -> None:
    found = inspect(LOGS / "incidents" / "incident_event_log.csv.gz")
    assert found.mapping.time.format == "%d/%m/%Y %H:%M"
    assert found.mapping.null == ["?"]
    assert "Dates are day first: '29/2/2016 01:23' can be nothing else." in map(str, found.assumed)
