"""Two public logs load by their committed mappings, and their published facts come out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.mapping.mapping_file import read_mapping
from tests.etl.desk import Desk

ROOT = Path(__file__).parents[2]
LOGS = ROOT.parent / "shared" / "data"
MAPPINGS = ROOT / "data" / "mappings"

pytestmark = pytest.mark.skipif(not LOGS.exists(), reason="the public logs are not on this machine")


def test_helpdesk_loads_without_its_exact_duplicates(desk: Desk) -> None:
    report = desk.load(LOGS / "helpdesk" / "helpdesk.csv", read_mapping(MAPPINGS / "helpdesk.toml"))
    assert (report.read, report.loaded, report.duplicates, report.rejected) == (21_348, 21_221, 127, 0)
    events = desk.events()
    assert events["ticket_id"].n_unique() == 4_580
    assert events.filter(kind="entered")["step"].n_unique() == 14
    first = events.filter(pl.col("ticket_id") == "Case 1").sort("occurred_at")["occurred_at"][0]
    assert first == datetime(2012, 10, 9, 14, 50, 17, tzinfo=UTC)


@pytest.mark.long
def test_incidents_load_with_day_first_dates_and_their_junk_state_rejected(desk: Desk) -> None:
    path = LOGS / "incidents" / "incident_event_log.csv.gz"
    mapping = read_mapping(MAPPINGS / "incidents.toml")
    report = desk.load(path, mapping)
    assert (report.read, report.loaded, report.duplicates, report.rejected) == (141_712, 141_707, 0, 5)
    assert report.reasons == {"activity_unknown": 5}
    assert desk.table("rejected")["content"].str.contains('"incident_state":"-100"').all()
    events = desk.events()
    assert events["ticket_id"].n_unique() == 24_918
    assert events.filter(kind="opened").height == 24_918
    assert events.filter(kind="reopened")["ticket_id"].n_unique() == 275
    text = [name for name, dtype in events.schema.items() if dtype == pl.String]
    assert not events.select(pl.any_horizontal(pl.col(text) == "?").any()).item()
    # 29/2/2016 01:16 exists day first only; month first would silently swap the days up to the twelfth.
    opening = events.filter((pl.col("ticket_id") == "INC0000045") & (pl.col("kind") == "opened"))
    assert opening["occurred_at"].to_list() == [datetime(2016, 2, 29, 1, 16, tzinfo=UTC)]
    assert desk.load(path, mapping).loaded == 0
