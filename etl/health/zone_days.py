"""The days of the data in the time zones whose clock changes the hours of work are compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import duckdb
import polars as pl

from etl.contract.time_zones import zone

RULES = {"europe": "Europe/Berlin", "north_america": "America/New_York", "australia": "Australia/Sydney"}
"""Where nobody declares a zone: those whose clocks change on different days."""
NEAR = timedelta(weeks=8)
_NOON = time(12, tzinfo=UTC)


def put_zones_beside(connection: duckdb.DuckDBPyConnection, time_zone: str | None) -> None:
    """Two tables that this connection alone has.

    `load_zones`: one row per load with the zone it declares, else `time_zone`, that of the settings where
    they name one. `zone_days`: one row per zone and day with events: the clock's lead over UTC in minutes,
    whether it is summer time, and whether a change is near.
    """
    connection.execute(_LOAD_ZONES, [time_zone])
    declared = [name for (name,) in connection.execute(_DECLARED).fetchall()]
    days = [day for (day,) in connection.execute("SELECT DISTINCT day FROM health_hours").fetchall()]
    rows = [row for name in sorted({*declared, *RULES.values()}) for row in _days_in(name, days)]
    schema = {"zone": pl.String, "day": pl.Date, "lead": pl.Int64, "is_summer": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema | {"is_near_change": pl.Boolean}, orient="row")
    connection.register("zone_days_frame", frame)
    connection.execute("CREATE OR REPLACE TEMP TABLE zone_days AS FROM zone_days_frame")
    connection.unregister("zone_days_frame")


def _days_in(name: str, days: list[date]) -> list[tuple[str, date, int, bool, bool]]:
    leads = {each: _lead(name, each) for day in days for each in (day - NEAR, day, day + NEAR)}
    winter = min(leads.values(), default=0)
    return [
        (name, day, leads[day], leads[day] != winter, leads[day - NEAR] != leads[day + NEAR]) for day in days
    ]


def _lead(name: str, day: date) -> int:
    """By how many minutes the clock is ahead of UTC at noon."""
    lead = datetime.combine(day, _NOON).astimezone(zone(name)).utcoffset() or timedelta(0)
    return lead // timedelta(minutes=1)


_LOAD_ZONES = """
CREATE OR REPLACE TEMP TABLE load_zones AS
SELECT load_id, coalesce(time_zone, CAST(? AS VARCHAR)) AS zone FROM loads
"""
_DECLARED = "SELECT DISTINCT zone FROM load_zones WHERE zone IS NOT NULL"
