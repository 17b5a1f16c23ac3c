"""The one source of time-zone rules: the pinned `tzdata`, for reading, opening hours, days and hours alike.

DuckDB brings rules of its own, which group rows by local day; a test holds the two together over all zones
and transitions. The rules of the machine are not used: they change with its updates, and with them old
numbers would.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
from pydantic import AfterValidator

from etl.messages import field_error

zoneinfo.reset_tzpath([])  # from here on only the package is looked at
ZoneInfo.clear_cache()


def zone(name: str) -> ZoneInfo:
    """The rules of an IANA time zone.

    Raises:
        LookupError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise LookupError(name) from error


def zones() -> list[str]:
    """The names of all zones, sorted."""
    return sorted(zoneinfo.available_timezones())


def _existing_zone(name: str) -> str:
    try:
        zone(name)
    except LookupError as error:
        raise field_error("settings.unknown_zone", name=name) from error
    return name


TimeZone = Annotated[str, AfterValidator(_existing_zone)]

_STEP = timedelta(hours=12)  # no zone changes its clock twice within half a day
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)
_YEARS = (1900, 2200)  # outside of them nothing is read; the lead at their ends goes on

Stretch = tuple[datetime, datetime, timedelta]


def stretches(time_zone: str, start: datetime, end: datetime) -> list[Stretch]:
    """From, to (instants in UTC) and the local clock's lead over UTC, without a gap from start to end.

    A lead changes on a whole second.
    """
    rules = zone(time_zone)

    def lead(at: datetime) -> timedelta:
        return at.astimezone(rules).utcoffset() or timedelta(0)

    parts: list[Stretch] = []
    since = before = start.astimezone(UTC)
    lead_before = lead(before)
    while before < end:
        after = min(before + _STEP, end)
        if lead_before != (lead_after := lead(after)):
            low, high = before, after
            while high - low > _SECOND:
                middle = low + (high - low) // _SECOND // 2 * _SECOND
                low, high = (middle, high) if lead(middle) == lead_before else (low, middle)
            parts.append((since, high, lead_before))
            since = high
        before, lead_before = after, lead_after
    return [*parts, (since, end, lead_before)]


def in_utc(local: pl.Series, time_zone: str) -> pl.Series:
    """Local times as instants: in the hour that autumn repeats the first of the two, skipped ones as null."""
    years = local.dt.year()
    first, last = years.min(), years.max()
    if not isinstance(first, int) or not isinstance(last, int):
        return local.dt.replace_time_zone("UTC")
    low, high = _YEARS
    starts, ends, leads = _local_stretches(
        time_zone, min(max(first - 1, low), high), min(max(last + 2, low + 1), high + 1)
    )
    wall = local.cast(pl.Int64).fill_null(0)
    at = pl.Series(starts).search_sorted(wall, side="right").cast(pl.Int64) - 1
    frame = pl.DataFrame({"local": local, "wall": wall, "at": at.clip(0)})
    of = {
        name: pl.Series(values, dtype=pl.Int64)
        for name, values in (("end", ends), ("lead", leads), ("end_before", [starts[0], *ends[:-1]]))
    }
    stretch = pl.DataFrame({name: values.gather(frame["at"]) for name, values in of.items()})
    leads_before = pl.Series([leads[0], *leads[:-1]]).gather(frame["at"])
    frame = pl.concat([frame, stretch], how="horizontal").with_columns(lead_before=leads_before)
    is_repeated, is_last = pl.col("wall") < pl.col("end_before"), pl.col("at") == len(starts) - 1
    lead = pl.when(is_repeated).then("lead_before").otherwise("lead")
    exists = is_repeated | is_last | (pl.col("wall") < pl.col("end"))
    instant = pl.when(pl.col("local").is_not_null() & exists).then(pl.col("wall") - lead)
    return frame.select(instant.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")).to_series()


@lru_cache(maxsize=512)
def _local_stretches(time_zone: str, first: int, last: int) -> tuple[list[int], list[int], list[int]]:
    """What the wall clock shows at begin and end of each stretch, and its lead, in microseconds."""
    since = datetime(1970, 1, 1, tzinfo=UTC)
    parts = stretches(time_zone, datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC))
    return (
        [(start - since + lead) // _MICROSECOND for start, _, lead in parts],
        [(end - since + lead) // _MICROSECOND for _, end, lead in parts],
        [lead // _MICROSECOND for _, _, lead in parts],
    )
