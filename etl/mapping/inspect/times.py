"""How a column of texts writes its instants, and what that leaves open."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from etl.contract.events import BLANK
from etl.contract.gate import check
from etl.contract.instants import BARE_NUMBER, LocalTime
from etl.contract.time_formats import EPOCHS
from etl.messages import Message

_LEAST_SHARE = 0.5
"""Of a column's texts, so many must be instants for it to be one of times."""

_DATES = (
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y%m%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
)
_CLOCKS = (" %H:%M:%S%.f", " %H:%M:%S", " %H:%M", "T%H:%M:%S", " %I:%M:%S %p", " %I:%M %p", "")
_MONTH_FIRST = {"%m/%d/%Y": "%d/%m/%Y", "%m.%d.%Y": "%d.%m.%Y", "%m-%d-%Y": "%d-%m-%Y"}
FORMATS = tuple(date + clock for date in _DATES for clock in _CLOCKS)


_EPOCH_SECONDS = (631_152_000, 4_102_444_800)
"""From 1990 to 2100."""


@dataclass(frozen=True)
class TimeForm:
    """`fits`: the share of texts that it reads, and enough of them; 0 otherwise."""

    fits: float = 0.0
    format: str | None = None
    needs_zone: bool = False
    assumed: list[Message] = field(default_factory=list)


def guess_time(column: pl.Series) -> TimeForm:
    """The form that reads most of a column's instants; of two that read the same, the day comes first."""
    given = column.drop_nulls()
    if given.dtype == pl.String:
        given = given.str.strip_chars(BLANK)
        given = given.filter(given != "").unique(maintain_order=True)
    if given.is_empty():
        return TimeForm()
    if epoch := _epoch(given):
        counted = Message("guess.epoch", {"column": column.name, "format": epoch})
        return TimeForm(1.0, epoch, needs_zone=False, assumed=[counted])
    if given.dtype != pl.String:
        zoned = isinstance(given.dtype, pl.Datetime) and given.dtype.time_zone is not None
        fits = float(zoned or given.dtype == pl.Date or isinstance(given.dtype, pl.Datetime))
        return TimeForm(
            fits, None, fits > 0 and not zoned, [_zone_assumed(column.name)] if fits and not zoned else []
        )
    contract = _share_read(given, LocalTime("UTC"))
    shares = {} if contract == 1 else {form: _share(given, form) for form in FORMATS}
    best = max(shares, key=lambda form: shares[form], default="")
    if contract >= _LEAST_SHARE and contract >= shares.get(best, 0):
        is_zoned = _share_read(given, LocalTime()) == contract
        return TimeForm(contract, None, not is_zoned, [] if is_zoned else [_zone_assumed(column.name)])
    if shares[best] < _LEAST_SHARE:
        return TimeForm()
    date = next(date for date in sorted(_DATES, key=len, reverse=True) if best.startswith(date))
    clock = best.removeprefix(date)
    assumed = [_zone_assumed(column.name)]
    other = {**_MONTH_FIRST, **{day: month for month, day in _MONTH_FIRST.items()}}.get(date)
    if other:
        assumed.insert(
            0, _order_assumed(given, date, other, clock, is_open=shares[other + clock] == shares[best])
        )
    return TimeForm(shares[best], best, needs_zone=True, assumed=assumed)


def _epoch(given: pl.Series) -> str | None:
    """The unit in which numbers would count from 1970 to instants of these days; None if some would not."""
    if given.dtype == pl.String and given.str.contains(BARE_NUMBER).all():
        given = given.cast(pl.Float64, strict=False)
    if not given.dtype.is_numeric():
        return None
    seconds = given.cast(pl.Float64)
    for name in ("epoch", "epoch_ms", "epoch_us"):
        if (seconds * (EPOCHS[name] / 1_000_000)).is_between(*_EPOCH_SECONDS).all():
            return name
    return None


def _order_assumed(given: pl.Series, date: str, other: str, clock: str, *, is_open: bool) -> Message:
    order = Message("guess.day_first") if date.startswith("%d") else Message("guess.month_first")
    if is_open:
        return Message(
            "guess.order_open",
            {"date": given[0], "order": order, "column": given.name, "other": other + clock},
        )
    by_one, by_other = (given.str.to_datetime(f + clock, time_unit="us", strict=False) for f in (date, other))
    telling = given.filter(by_one.is_not_null() & by_other.is_null())
    return Message("guess.order_certain", {"order": order, "date": telling[0]})


def _zone_assumed(name: str) -> Message:
    return Message("guess.zone", {"column": name})


def _share(given: pl.Series, form: str) -> float:
    read = given.str.to_datetime(form, time_unit="us", strict=False)
    return (len(given) - read.null_count()) / len(given)


def _share_read(given: pl.Series, local_time: LocalTime) -> float:
    """By the gate itself, so that what is said here is what a load does."""
    candidates = pl.DataFrame({"position": range(len(given)), "occurred_at": given}).with_columns(
        ticket_id=pl.lit("t"), kind=pl.lit("opened"), event_id=pl.lit("e")
    )
    return check(candidates, local_time).accepted.height / len(given)
