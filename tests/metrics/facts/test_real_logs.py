"""Two public logs: our resolutions and reopenings against what the logs themselves say."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from etl.mapping.mapping_file import read_mapping
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.warehouse import open_writer
from metrics.query.measure import measure
from metrics.refresh.facts import refresh
from metrics.tickets.response_times import time
from metrics.tickets.survival import waiting_curve
from tests.metrics.histories import rows

ROOT = Path(__file__).parents[3]
LOGS = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not LOGS.exists(), reason="the public logs are not on this machine")


def loaded(folder: Path, name: str, file: Path) -> duckdb.DuckDBPyConnection:
    with open_writer(folder) as connection:
        mapping = read_mapping(ROOT / "data" / "mappings" / f"{name}.toml")
        load([file], connection, Archive(folder / "archive"), now=datetime.now(UTC), mapping=mapping)
        refresh(connection)
    reader = duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)
    reader.execute("SET TimeZone = 'UTC'")
    return reader


INCIDENTS = LOGS / "incidents" / "incident_event_log.csv.gz"
HELPDESK = LOGS / "helpdesk" / "helpdesk.csv"


def test_incidents_are_reopened_and_resolved_as_the_log_says(tmp_path):
    told = rows(loaded(tmp_path, "incidents", INCIDENTS), "tickets")
    with gzip.open(INCIDENTS) as file:
        log = pl.read_csv(file.read(), null_values="?", infer_schema=False)
    said = log.group_by("number").agg(
        reopenings=pl.col("reopen_count").cast(pl.Int64).max(),
        resolved_at=pl.col("resolved_at")
        .drop_nulls()
        .last()
        .str.to_datetime("%d/%m/%Y %H:%M", time_zone="UTC"),
    )
    both = told.join(said, left_on="ticket_id", right_on="number")
    assert both.height == 24_918
    assert both["is_reopened"].sum() == 275
    assert both.filter(pl.col("is_reopened") != (pl.col("reopenings") > 0)).is_empty()
    # 1,556 incidents were closed without the log saying when they were resolved: there the closing stands in.
    known = both.filter(pl.col("resolved_at").is_not_null())
    assert known.height == 24_918 - 1_556
    assert known.filter(pl.col("last_solved_at") != pl.col("resolved_at")).is_empty()


def test_helpdesk_resolution_is_measured_to_resolve_ticket_and_not_to_the_batch_that_closes(tmp_path):
    connection = loaded(tmp_path, "helpdesk", HELPDESK)
    log = pl.read_csv(HELPDESK, infer_schema=False).with_columns(
        at=pl.col("Complete Timestamp").str.to_datetime("%Y/%m/%d %H:%M:%S%.f", time_zone="UTC")
    )
    said = log.group_by("Case ID").agg(
        begun=pl.col("at").filter(pl.col("Activity").is_in(["Insert ticket", "Assign seriousness"])).min(),
        resolved=pl.col("at").filter(pl.col("Activity") == "Resolve ticket").max(),
        closed=pl.col("at").filter(pl.col("Activity") == "Closed").max(),
    )
    both = rows(connection, "tickets").join(said, left_on="ticket_id", right_on="Case ID")
    resolved = both.filter(pl.col("resolved").is_not_null())
    assert (both.height, resolved.height) == (4_580, 4_569)
    assert resolved.filter(pl.col("last_solved_at") != pl.col("resolved")).is_empty()
    days = (pl.col("resolved") - pl.col("begun")).dt.total_microseconds() / 6e7
    timed = resolved.filter(pl.col("begun") <= pl.col("resolved"))
    assert timed.select((pl.col("resolution_minutes") - days).abs().max()).item() < 1e-6
    to_closing = both.select((pl.col("closed") - pl.col("begun")).dt.total_minutes().median()).item()
    assert measure(connection, ["resolution_minutes"])["value"].item() < to_closing / 4
    curve = waiting_curve(connection, time("resolution", "calendar").waits)
    assert curve["open_share"].is_sorted(descending=True)
