"""Formats that a mapping declares: specifiers of a date, or an epoch; and which of them state an offset."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import polars as pl

from etl.contract.time_zones import zone

LOCAL, IN_UTC = pl.Datetime("us"), pl.Datetime("us", "UTC")
EPOCHS = {"epoch": 1_000_000, "%s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
"""The formats that count from 1970-01-01T00:00Z, and the microseconds in one of their units."""

_SPECIFIERS = re.compile(r"%(?:[-_0]?[A-Za-z+%]|\.[369]?f|[369]f|:{1,3}z|#z)")
_KNOWN_SPECIFIERS = frozenset("YCyqmbBhdeaAwuUWGgVjDxFvHkIlPpMSfRTXrZz+csnt%")
_STATING = frozenset({"%z", "%:z", "%::z", "%:::z", "%#z", "%+", "%s"})
ZONE_NAMES = {
    **dict.fromkeys(("Z", "z", "UT", "UTC", "GMT", "WET"), "+00"),
    **dict.fromkeys(("CET", "MEZ", "WEST"), "+01"),
    **dict.fromkeys(("CEST", "MESZ", "EET"), "+02"),
    "EEST": "+03",
    "EST": "-05",
    "EDT": "-04",
    "CST": "-06",
    "CDT": "-05",
    "MST": "-07",
    "MDT": "-06",
    "PST": "-08",
    "PDT": "-07",
}
"""The names that state an offset wherever they stand: those of RFC 2822, and of Europe."""

_OFFSET = r"[+\-\u2212](?:[01]?[0-9]|2[0-3])(?::?[0-5][0-9])?"
_NAME = rf"(?i:UTC|GMT) ?{_OFFSET}|(?i:UTC|GMT)|{'|'.join(sorted(ZONE_NAMES, reverse=True))}"
_STATED_LITERALLY = re.compile(
    rf"(?<![A-Za-z0-9/_])(?P<named>{_NAME})(?![A-Za-z0-9/_:+\-\0])"
    r"|(?<![A-Za-z/_])(?P<bare>[+\-\u2212](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)(?![0-9:])(?=[^\0]*$)"
)
_STATED = re.compile(rf"{_OFFSET}|{_NAME}")
_HOUR = re.compile(r"%[-_0]?[HIklTRXcr]")
_UNTIL_NAME = {
    **dict.fromkeys("aAbBhpP", "[A-Za-z]+"),
    **dict.fromkeys("DFTRX", r"[0-9:/+-]+"),
    **dict.fromkeys("YCyqmdeuwUWGgVjHkIlMSfs", r" *[0-9.]+"),
    **dict.fromkeys("tn", r"\s+"),
}
"""What the specifiers before a name of a zone take; the others take whatever there is."""


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


def by_format(frame: pl.DataFrame, form: str, time_zone: str | None = None) -> pl.DataFrame:
    """The texts in `raw` by a format that is no epoch, as `zoned` or `local`.

    A name that `%Z` reads states an offset, by itself or in the declared zone. With a zone declared, a text
    with any other name is neither: it may lie hours away.
    """
    raw = pl.col("raw")
    read = raw.str.to_datetime(form, time_unit="us", strict=False)
    frame = frame.with_columns(read=read)
    if isinstance(frame["read"].dtype, pl.Datetime) and frame.schema["read"] != LOCAL:
        return frame.with_columns(zoned=pl.col("read").cast(IN_UTC), local=pl.lit(None, LOCAL))
    in_utc = pl.col("read").dt.replace_time_zone("UTC")
    if states_offset(form):
        ahead = pl.lit(_literal_offset(form) or timedelta(0))
        return frame.with_columns(zoned=in_utc - ahead, local=pl.lit(None, LOCAL))
    if "%Z" in _SPECIFIERS.findall(form):
        frame = frame.with_columns(name=raw.str.extract(_name_pattern(form)))
        leads = _leads(frame["name"].unique().to_list(), time_zone)
        ahead = pl.col("name").replace_strict(leads, default=None, return_dtype=pl.Int64)
        is_local = pl.col("name").is_null() if time_zone else pl.col("ahead").is_null()
        return frame.with_columns(ahead=ahead).with_columns(
            zoned=in_utc - pl.duration(minutes="ahead", time_unit="us"), local=pl.when(is_local).then("read")
        )
    return frame.with_columns(zoned=pl.lit(None, IN_UTC), local=pl.col("read"))


def _literal_offset(form: str) -> timedelta | None:
    """The lead over UTC that stands in the format itself: `%H:%MZ`, `%H:%M UTC-0500`, `%H:%M (EST)`."""
    plain = _SPECIFIERS.sub("\0", form)
    stated = _STATED_LITERALLY.search(plain)
    if not stated or (stated["bare"] and not _HOUR.search(form)):
        return None
    return timedelta(minutes=_lead(stated["named"] or stated["bare"]))


def _name_pattern(form: str) -> str:
    """A pattern whose first group is what `%Z` takes of a text."""
    before = form[: form.index("%Z")]
    parts, end = list[str](), 0
    for specifier in _SPECIFIERS.finditer(before):
        parts += [_literally(before[end : specifier.start()]), _UNTIL_NAME.get(specifier[0][-1], ".*?")]
        end = specifier.end()
    return rf"^{''.join(parts)}{_literally(before[end:])}(\S+)"


def _literally(text: str) -> str:
    return r"\s*".join(re.escape(part) for part in re.split(r"\s+", text))


def _leads(names: list[str | None], time_zone: str | None) -> dict[str, int]:
    """The lead over UTC, in minutes, of each name that has one, by itself or in a declared zone."""
    own = dict[str, int]()
    if time_zone:
        for month in (1, 7):
            noon = datetime(2026, month, 1, 12, tzinfo=zone(time_zone))
            ahead = noon.utcoffset() or timedelta(0)
            own[noon.strftime("%Z")] = ahead // timedelta(minutes=1)
    stated = {name: _lead(name) for name in names if name and _STATED.fullmatch(name)}
    return stated | {name: ahead for name, ahead in own.items() if name in names}


def _lead(stated: str) -> int:
    return minutes_ahead(ZONE_NAMES.get(stated, stated))


def minutes_ahead(offset: str) -> int:
    """The lead over UTC of `+05:30`, `-0500`, `UTC+2` or `Z`, in minutes."""
    digits = re.sub(r"[^0-9]", "", offset)
    if not digits:
        return 0
    width = len(digits) if len(digits) < len("500") else len(digits) - 2
    minutes = int(digits[:width]) * 60 + int(digits[width:] or 0)
    return -minutes if re.search("[-\u2212]", offset) else minutes
