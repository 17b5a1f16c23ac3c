"""Formats that a mapping declares: specifiers of a date, or an epoch; and which of them state an offset."""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

LOCAL, IN_UTC = pl.Datetime("us"), pl.Datetime("us", "UTC")
EPOCHS = {"epoch": 1_000_000, "%s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
"""The formats that count from 1970-01-01T00:00Z, and the microseconds in one of their units."""

_SPECIFIERS = re.compile(r"%(?:[-_0]?[A-Za-z+%]|\.[369]?f|[369]f|:{1,3}z|#z)")
_KNOWN_SPECIFIERS = frozenset("YCyqmbBhdeaAwuUWGgVjDxFvHkIlPpMSfRTXrZz+csnt%")
_STATING = frozenset({"%z", "%:z", "%::z", "%:::z", "%#z", "%+", "%s"})
_STATED_LITERALLY = re.compile(r"(?:Z|UTC|GMT|(?P<offset>[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?))$")


def is_format(form: str) -> bool:
    """Whether something can be read by it: an epoch, or specifiers of a date that polars takes."""
    if form in EPOCHS:
        return True
    specifiers = _SPECIFIERS.findall(form)
    left = _SPECIFIERS.sub("", form)
    if not specifiers or "%" in left or any(each[-1] not in _KNOWN_SPECIFIERS for each in specifiers):
        return False
    try:
        pl.Series(["2026-03-02"]).str.to_datetime(form, time_unit="us", strict=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return False
    return True


def states_offset(form: str | None) -> bool:
    """Whether every text of this form says where its clock stands, so that no declared zone matters."""
    if form is None:
        return False
    return (
        form in EPOCHS
        or not _STATING.isdisjoint(_SPECIFIERS.findall(form))
        or _literal_offset(form) is not None
    )


def since_1970(raw: pl.Series, unit: int) -> pl.Series:
    """Exact where whole or text; a float of seconds has the microseconds that it can hold."""
    column = pl.col("raw")
    if raw.dtype.is_integer():
        micros = column.cast(pl.Int128) * unit
    elif raw.dtype.is_numeric():
        micros = (column.cast(pl.Float64) * unit).round()
    else:
        text = column.cast(pl.String, strict=False)
        is_plain = text.str.contains(r"^[+-]?[0-9]{1,18}(\.[0-9]*)?$")
        digits = text.str.extract(r"^([+-]?[0-9]+)").str.strip_prefix("+").cast(pl.Int128, strict=False)
        part = pl.lit("0.") + text.str.extract(r"\.([0-9]{1,15})").fill_null("0")
        beyond = (part.cast(pl.Float64, strict=False) * unit).round().cast(pl.Int128)
        sign = pl.when(text.str.starts_with("-")).then(-1).otherwise(1)
        micros = pl.when(is_plain).then(digits * unit + beyond * sign)
    most = 253_402_300_800_000_000  # the year 10000; what lies beyond is no instant
    frame = raw.to_frame("raw").with_columns(micros=micros)
    inside = pl.when(pl.col("micros").is_between(-most, most)).then("micros")
    return frame.select(
        inside.cast(pl.Int64, strict=False).cast(LOCAL).dt.replace_time_zone("UTC")
    ).to_series()


def by_format(frame: pl.DataFrame, form: str) -> pl.DataFrame:
    """The texts in `raw` by a format that is no epoch, as `zoned` or `local`."""
    raw = pl.col("raw")
    read = raw.str.to_datetime(form, time_unit="us", strict=False)
    frame = frame.with_columns(read=read)
    if isinstance(frame["read"].dtype, pl.Datetime) and frame.schema["read"] != LOCAL:
        return frame.with_columns(zoned=pl.col("read").cast(IN_UTC), local=pl.lit(None, LOCAL))
    in_utc = pl.col("read").dt.replace_time_zone("UTC")
    if states_offset(form):
        ahead = pl.lit(_literal_offset(form) or timedelta(0))
        return frame.with_columns(zoned=in_utc - ahead, local=pl.lit(None, LOCAL))
    if "%Z" in _SPECIFIERS.findall(form):  # a name such as CEST is skipped; these three mean one thing only
        is_utc = raw.str.contains(r"(^|[^A-Za-z])(UTC|GMT|Z)([^A-Za-z]|$)")
        return frame.with_columns(
            zoned=pl.when(is_utc).then(in_utc), local=pl.when(~is_utc).then(pl.col("read"))
        )
    return frame.with_columns(zoned=pl.lit(None, IN_UTC), local=pl.col("read"))


def _literal_offset(form: str) -> timedelta | None:
    """The lead over UTC that stands in the format itself, as in `%H:%MZ` or `%H:%M UTC`."""
    plain = _SPECIFIERS.sub("\0", form).strip()
    stated = _STATED_LITERALLY.search(plain)
    if not stated or (stated.start() and plain[stated.start() - 1].isalpha()):
        return None
    return timedelta(minutes=minutes_ahead(stated["offset"] or ""))


def minutes_ahead(offset: str) -> int:
    """The lead over UTC of `+05:30`, `-0500`, `+00` or `Z`, in minutes."""
    digits = re.sub(r"[^0-9]", "", offset)
    if not digits:
        return 0
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if "-" in offset else minutes
