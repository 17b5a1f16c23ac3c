"""Opening hours laid out over the days of the data, as intervals in UTC.

A desk is open whenever its wall clock shows an opening time on a day that is no holiday. So an hour the clock
shows twice in autumn counts twice if it is open, and one that spring skips does not count; every local day is
judged by itself, also where hours run past midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from etl.contract.time_zones import stretches
from metrics.facts.service_tables import SCHEMAS
from metrics.settings.schedules import Schedule

INTERVALS = SCHEMAS["open_intervals"]
_PIECES = pl.Schema({"version": pl.Int64(), "weekday": pl.Int8(), "start": pl.Int64(), "end": pl.Int64()})
_CLOSED = pl.Schema({"version": pl.Int64(), "day": pl.Date()})
_MARGIN = timedelta(days=2)  # local days reach beyond those of UTC


def open_intervals(schedules: Iterable[Schedule], time_zone: str, first: date, last: date) -> pl.DataFrame:
    """One row per time a desk is open without a break, with the columns of `INTERVALS`.

    `open_us` is its length and `open_before_us` how long the desk was open before it since `first`, both in
    microseconds. Over local days from `first` to `last`. `time_zone` is for schedules that have none.
    """
    versions: dict[str, list[Schedule]] = {}
    for schedule in schedules:
        versions.setdefault(schedule.name, []).append(schedule)
    frames = [_of_one(name, same, time_zone, first, last) for name, same in sorted(versions.items())]
    return pl.concat([INTERVALS.to_frame(), *frames])


def _of_one(name: str, versions: list[Schedule], time_zone: str, first: date, last: date) -> pl.DataFrame:
    walls = _wall_times(versions, first, last)
    zones = [version.time_zone or time_zone for version in versions]
    start, end = (datetime.combine(day, time(), UTC) for day in (first - _MARGIN, last + _MARGIN))
    parts = []
    for zone in sorted(set(zones)):
        of_zone = walls.filter(
            pl.col("version").is_in([at for at, other in enumerate(zones) if other == zone])
        )
        for since, until, lead in stretches(zone, start, end):
            in_utc = of_zone.select(
                opens_at=pl.max_horizontal(_utc("opens", lead), pl.lit(since)),
                closes_at=pl.min_horizontal(_utc("closes", lead), pl.lit(until)),
            )
            parts.append(in_utc.filter(pl.col("opens_at") < pl.col("closes_at")))
    return _merged(name, pl.concat(parts).sort("opens_at", "closes_at"))


def _utc(column: str, lead: timedelta) -> pl.Expr:
    return (pl.col(column) - pl.lit(lead)).dt.replace_time_zone("UTC").cast(pl.Datetime("us", "UTC"))


def _wall_times(versions: Sequence[Schedule], first: date, last: date) -> pl.DataFrame:
    """What the wall clock shows when it opens and closes, on every day that is not closed."""
    years = range(first.year, last.year + 1)
    pieces = [(at, *piece) for at, version in enumerate(versions) for piece in version.pieces()]
    closed = [(at, day) for at, version in enumerate(versions) for day in _closed(version, years)]
    starts = pl.DataFrame(
        {
            "version": range(len(versions)),
            "valid_from": [version.valid_from or date.min for version in versions],
        },
        schema={"version": pl.Int64(), "valid_from": pl.Date()},
    ).sort("valid_from")
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)}).set_sorted("day")
    return (
        days.join_asof(starts.set_sorted("valid_from"), left_on="day", right_on="valid_from")
        .join(pl.DataFrame(closed, schema=_CLOSED, orient="row"), on=["version", "day"], how="anti")
        .with_columns(weekday=pl.col("day").dt.weekday() - 1)
        .join(pl.DataFrame(pieces, schema=_PIECES, orient="row"), on=["version", "weekday"])
        .select(
            "version",
            opens=pl.col("day").cast(pl.Datetime("us")) + pl.duration(minutes="start"),
            closes=pl.col("day").cast(pl.Datetime("us")) + pl.duration(minutes="end"),
        )
    )


def _closed(schedule: Schedule, years: range) -> set[date]:
    days = set(schedule.closed_on)
    if schedule.holidays:
        import holidays  # takes longer than most loads do without them

        country, _, part = schedule.holidays.partition("-")
        days |= set(holidays.country_holidays(country, subdiv=part or None, years=years))
    return days


def _merged(name: str, intervals: pl.DataFrame) -> pl.DataFrame:
    """Intervals that touch or overlap made one, with how long was open before each."""
    latest = pl.col("closes_at").cum_max().shift(1)
    return (
        intervals.with_columns(number=(pl.col("opens_at") > latest).fill_null(value=False).cum_sum())
        .group_by("number")
        .agg(pl.col("opens_at").min(), pl.col("closes_at").max())
        .sort("opens_at")
        .with_columns(
            schedule=pl.lit(name), open_us=(pl.col("closes_at") - pl.col("opens_at")).dt.total_microseconds()
        )
        .with_columns(open_before_us=pl.col("open_us").cum_sum() - pl.col("open_us"))
        .select(INTERVALS.names())
    )
