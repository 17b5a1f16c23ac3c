"""One source of time-zone rules: reading, opening hours, days and hours agree at every transition."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl
import pytest

from etl.contract.time_zones import in_utc, stretches, zones
from tests.lengths import LONG

ROOT = Path(__file__).parents[2]
SECOND = timedelta(seconds=1)
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def distinct_zones() -> list[str]:
    """One name of each set of rules: many are aliases."""
    by_rules = {files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes(): name for name in zones()}
    return sorted(by_rules.values())


def probes() -> Iterator[tuple[str, datetime, timedelta]]:
    """Zone, instant and lead on either side of each transition, and on the first of each month."""
    months = [datetime(year, month, 1, tzinfo=UTC) for year in range(1990, 2031) for month in range(1, 13)]
    for name in list(distinct_zones())[:: 1 if LONG else 5]:
        for start, end, lead in stretches(name, FIRST, LAST):
            yield name, start, lead
            yield name, end - SECOND, lead
            yield from ((name, month, lead) for month in months if start <= month < end)


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    schema = {"zone": pl.String, "instant": pl.Datetime("us", "UTC"), "lead": pl.Duration("us")}
    return pl.DataFrame(list(probes()), schema=schema, orient="row")


def test_days_and_hours_go_by_the_rules_of_opening_hours(table: pl.DataFrame) -> None:
    """DuckDB has rules of its own; where they leave the package behind, its pin has to move."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("probes", table)
        differing = connection.sql(
            "SELECT zone, strftime(instant, '%c') FROM probes "
            "WHERE timezone(zone, instant) <> timezone('UTC', instant) + lead"
        ).fetchall()
    assert table.height > (100_000 if LONG else 20_000)
    assert differing == []


def test_a_local_time_is_read_by_the_rules_of_opening_hours(table: pl.DataFrame) -> None:
    for (name,), rows in table.group_by("zone"):
        local = (rows["instant"] + rows["lead"]).dt.replace_time_zone(None)
        read = in_utc(local, str(name))
        # Of an hour shown twice the first is meant, so that what is read is never later.
        assert (read <= rows["instant"]).all(), name
        assert ((rows["instant"] - read) <= timedelta(hours=24)).all(), name
        assert read.null_count() == 0, name


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("name", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("Europe/Berlin", "2026-03-29T02:30", None),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("America/Edmonton", "2026-11-23T09:00", "2026-11-23T15:00"),
        ("Asia/Kathmandu", "2026-03-02T05:45", "2026-03-02T00:00"),
        ("Africa/Casablanca", "2026-07-01T09:00", "2026-07-01T08:00"),
    ],
)
def test_a_wall_clock_shows_one_instant_or_none(name: str, wall: str, instant: str | None) -> None:
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC) if instant else None
    far = [datetime(1, 1, 1), None, datetime(9999, 12, 31)]  # noqa: DTZ001 - local times
    read = in_utc(pl.Series([datetime.fromisoformat(wall), *far], dtype=pl.Datetime("us")), name)
    assert read[0] == expected
    assert in_utc(pl.Series([None], dtype=pl.Datetime("us")), name).to_list() == [None]


def test_no_module_has_rules_of_its_own() -> None:
    for package in ("etl", "metrics", "dashboard", "commands"):
        for path in (ROOT / package).rglob("*.py"):
            if path.name == "time_zones.py":
                continue
            imported = {
                name
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for name in (getattr(node, "module", None), *(alias.name for alias in node.names))
            }
            assert "zoneinfo" not in imported, path
