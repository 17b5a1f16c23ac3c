"""Instants as sources write them: which forms are read, and which of them state their own offset.

A form states an offset (`Z`, `+00`, ` UTC`, RFC 2822's zones), counts from 1970 (an epoch), or gives a local
time that needs a declared zone. Nothing is guessed between these. The columns of a table and the single
values of `etl.contract.events.Event` are read by the same patterns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from etl.contract.time_formats import (
    EPOCHS,
    IN_UTC,
    LOCAL,
    ZONE_NAMES,
    by_format,
    minutes_ahead,
    since_1970,
)

EARLIEST = date(1990, 1, 1)
"""Before this day nothing is believed to have happened, unless the settings say otherwise."""

SERIALS = (20_000, 80_000)
"""Excel's day numbers of 1954 to 2119; no epoch of such a size is an instant of a log."""

BARE_NUMBER = r"^[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?$"
INSTANT = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?"
    r"(\.[0-9]{1,9})? ?(Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?$"
)
"""The usual form, cut by position: capturing groups take twenty times as long."""

_CLOCK = (
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9])(?P<fraction>[.,][0-9]+)?)?"
)
_MIDNIGHT = r"(?P<end>24):(?P<minute>00)(?::(?P<second>00)(?:[.,]0+)?)?"
_DIGITS = (
    r"(?P<hour>[01][0-9]|2[0-3])(?P<minute>[0-5][0-9])(?:(?P<second>[0-5][0-9])(?P<fraction>[.,][0-9]+)?)?"
)
_DATE = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_OFFSET = (
    r" ?(?P<zone>[Zz]|UTC|GMT|(?:UTC|GMT)?[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
    r"(?:\[[A-Za-z0-9_+/-]+\]| UTC)?"
)
_MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_MAIL = (
    rf"^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ?)?(?P<day>[0-9]{{1,2}}) (?P<month>{'|'.join(_MONTHS)}) "
    rf"(?P<year>[0-9]{{4}}) {_CLOCK} "
    rf"(?P<zone>{'|'.join(sorted(ZONE_NAMES, reverse=True))}|[+-](?:[01][0-9]|2[0-3])[0-5][0-9])"
    r"(?: \([A-Za-z ]+\))?$"
)
_OTHER_FORMS = (
    rf"^{_DATE}[Tt ]{_CLOCK}(?:{_OFFSET})?$",
    rf"^{_DATE}[Tt ]{_MIDNIGHT}(?:{_OFFSET})?$",
    rf"^(?P<year>[0-9]{{4}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})[Tt]{_DIGITS}(?:{_OFFSET})?$",
    _MAIL,
)


@dataclass(frozen=True)
class LocalTime:
    """How a source writes instants that carry no offset: in which IANA zone, in which form."""

    zone: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class Bounds:
    """Between which instants, both included, things may have happened."""

    earliest: datetime
    latest: datetime

    @classmethod
    def of_load(cls, now: datetime, earliest: date = EARLIEST) -> Bounds:
        """From the beginning of a day in UTC to a day after the load: clocks differ, and so do zones."""
        return cls(datetime.combine(earliest, time(), UTC), now + timedelta(days=1))


def read_instants(frame: pl.DataFrame, form: str | None, zone: str | None = None) -> pl.DataFrame:
    """Adds to `raw` (texts or typed values) `zoned`, instants that state their offset, and `local`, others.

    At most one of the two is filled. `zone`: the declared one, for the names that it has. Numbers are
    instants only where the format is an epoch.
    """
    dtype, raw = frame["raw"].dtype, pl.col("raw")
    nowhere = {"zoned": pl.lit(None, IN_UTC), "local": pl.lit(None, LOCAL)}
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return frame.with_columns(**nowhere | {"zoned": raw.cast(IN_UTC)})
    if isinstance(dtype, pl.Datetime) or dtype == pl.Date:
        return frame.with_columns(**nowhere | {"local": raw.cast(LOCAL)})
    if form in EPOCHS:
        return frame.with_columns(**nowhere | {"zoned": since_1970(frame["raw"], EPOCHS[form])})
    if dtype != pl.String:
        return frame.with_columns(**nowhere)
    return _by_positions(frame) if form is None else by_format(frame, form, zone)


def _by_positions(frame: pl.DataFrame) -> pl.DataFrame:
    """Texts in the usual form by their positions; the others, where there are any, by patterns."""
    raw = pl.col("raw")
    text, width, clock = pl.col("text"), pl.col("width"), pl.col("clock")
    signs = ["+", "-"]
    frame = frame.with_columns(text=pl.when(raw.str.contains(INSTANT)).then(raw)).with_columns(
        width=pl.when(text.str.ends_with("Z"))
        .then(1)
        .when(text.str.slice(-3, 1).is_in(signs))
        .then(3)
        .when(text.str.slice(-5, 1).is_in(signs))
        .then(5)
        .when(text.str.slice(-6, 1).is_in(signs))
        .then(6)
        .otherwise(0)
    )
    frame = frame.with_columns(
        clock=text.str.head(text.str.len_chars() - width).str.slice(11).str.strip_chars_end(" ")
    )
    seconds = pl.when(clock.str.len_chars() == len("09:00")).then(pl.lit(":00")).otherwise(pl.lit(""))
    hours = text.str.slice(1 - width, 2)
    minutes = pl.when(width > len("+00")).then(text.str.slice(-2)).otherwise(pl.lit("00"))
    frame = frame.with_columns(
        wall=pl.concat_str(text.str.head(10), pl.lit("T"), clock, seconds).str.to_datetime(
            "%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False
        ),
        ahead=pl.when(width > 1).then(
            hours.cast(pl.Int64, strict=False) * 60 + minutes.cast(pl.Int64, strict=False)
        ),
        sign=pl.when(text.str.slice(-width, 1) == "-").then(-1).otherwise(1),
    )
    offset = pl.duration(minutes=pl.col("ahead").fill_null(0) * pl.col("sign"), time_unit="us")
    frame = frame.with_columns(utc=(pl.col("wall") - offset).dt.replace_time_zone("UTC"))
    frame = frame.with_columns(zoned=pl.when(width > 0).then("utc"), local=pl.when(width == 0).then("wall"))
    is_other = frame["raw"].is_not_null() & frame["text"].is_null()
    if not is_other.any():
        return frame
    other = _by_patterns(frame["raw"].filter(is_other).unique())
    parts = frame.select("raw").join(other, on="raw", how="left", maintain_order="left")
    return frame.with_columns(
        zoned=pl.coalesce("zoned", parts["zoned"]), local=pl.coalesce("local", parts["local"])
    )


def _by_patterns(texts: pl.Series) -> pl.DataFrame:
    """One row per text of another form: `raw`, `zoned`, `local`."""
    frames = []
    for form in _OTHER_FORMS:
        groups = texts.str.extract_groups(form).struct.unnest()
        parts = {
            name: groups[name] if name in groups.columns else pl.Series(name, [None] * len(texts), pl.String)
            for name in ("year", "month", "day", "hour", "end", "minute", "second", "fraction", "zone")
        }
        frame = pl.DataFrame(parts).with_columns(raw=texts).filter(pl.col("minute").is_not_null())
        column = pl.col
        wall = pl.format(
            "{}-{}-{}T{}:{}:{}{}",
            column("year"),
            column("month").replace(_MONTHS),
            column("day").str.zfill(2),
            column("hour").fill_null("00"),
            column("minute"),
            column("second").fill_null("00"),
            column("fraction").str.replace(",", ".", literal=True).str.head(10).fill_null(""),
        ).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        stated = column("zone").replace(ZONE_NAMES)
        digits = stated.str.replace_all(r"[^0-9]", "")
        ahead = digits.str.head(2).cast(pl.Int64, strict=False) * 60
        ahead += digits.str.slice(2).cast(pl.Int64, strict=False).fill_null(0)
        ahead = pl.when(stated.str.contains("-", literal=True)).then(-ahead).otherwise(ahead).fill_null(0)
        frame = frame.select(
            "raw",
            "zone",
            wall=wall + pl.when(column("end").is_not_null()).then(timedelta(days=1)).otherwise(timedelta(0)),
            ahead=pl.duration(minutes=ahead, time_unit="us"),
        )
        is_zoned = column("zone").is_not_null()
        frames.append(
            frame.select(
                "raw",
                zoned=pl.when(is_zoned).then((column("wall") - column("ahead")).dt.replace_time_zone("UTC")),
                local=pl.when(~is_zoned).then("wall"),
            )
        )
    return pl.concat(frames).unique("raw", keep="first")


def instant_of(text: str) -> datetime | None:
    """One text as an instant, aware if it states its offset; None if no form reads it."""
    parts = re.match(INSTANT, text)
    if parts:
        day, minute, second, fraction, offset = parts.groups()
        return _instant(f"{day}T{minute}{second or ':00'}{(fraction or '')[:7]}", offset)
    for form in _OTHER_FORMS:
        if other := re.match(form, text):
            return _of_parts(other.groupdict())
    return None


def _of_parts(parts: Mapping[str, str | None]) -> datetime | None:
    month, fraction, zone = parts["month"] or "", parts.get("fraction") or "", parts["zone"]
    text = (
        f"{parts['year']}-{_MONTHS.get(month, month)}-{(parts['day'] or '').zfill(2)}"
        f"T{parts.get('hour') or '00'}:{parts['minute']}:{parts['second'] or '00'}"
        f"{fraction.replace(',', '.')[:7]}"
    )
    instant = _instant(text, ZONE_NAMES.get(zone or "", zone))
    try:
        return instant + timedelta(days=1) if instant and parts.get("end") else instant
    except OverflowError:
        return None


def _instant(text: str, offset: str | None) -> datetime | None:
    try:
        wall = datetime.fromisoformat(text)
        if offset is None:
            return wall
        return wall.replace(tzinfo=UTC) - timedelta(minutes=minutes_ahead(offset))
    except (ValueError, OverflowError):
        return None
