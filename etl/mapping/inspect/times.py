"""How columns write their instants, and what that leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import polars as pl

from etl.contract.gate import check
from etl.contract.instants import BARE_NUMBER, LocalTime, instant_of
from etl.contract.names import BLANK
from etl.contract.time_formats import EPOCHS, states_offset
from etl.mapping.inspect.names import is_time_name
from etl.mapping.inspect.time_texts import formats_of, is_day_first, other_order
from etl.messages import Message

_LEAST_SHARE = 0.5
"""Of a column's texts, so many must be instants for it to be one of times."""

_MOST_CHECKED = 10_000
_SAMPLE = 60
_CLOSER = 0.5
"""One order of dates is believed where the times then lie at most half as far apart as by the other."""

_EPOCH_SECONDS = (631_152_000, 4_102_444_800)
"""From 1990 to 2100."""


@dataclass(frozen=True)
class TimeForm:
    """`fits`: the share of texts that it reads, and enough of them; 0 otherwise."""

    fits: float = 0.0
    format: str | None = None
    needs_zone: bool = False
    assumed: list[Message] = field(default_factory=list)


def guess_times(rows: pl.DataFrame, names: Iterable[str]) -> dict[str, TimeForm]:
    """The form of each column that holds instants, by name.

    All columns of one file that write dates alike have the order of day and month in common: one that tells
    it tells it for all. Where none does, the times lie closer together by the right order.
    """
    head = rows.head(_MOST_CHECKED)
    forms = {}
    for name in names:
        form = guess_time(head[name])
        # Numbers under any other name are ids.
        if form.fits and (not _is_number(form) or is_time_name(name)):
            forms[name] = form
    orders = {name: form.format for name, form in forms.items() if form.format and other_order(form.format)}
    if len(orders) > 1 or any(_is_open(head[name], form) for name, form in orders.items()):
        day_first = _is_day_first(head, orders)
        for name, written in orders.items():
            date_format = written
            if is_day_first(written) != day_first:
                date_format = other_order(written) or written
                if _share(_texts(head[name]), date_format) < _LEAST_SHARE:
                    continue  # this column is written otherwise
            forms[name] = _by_format(_texts(head[name]), date_format)
    return _without_doubt(forms)


def _without_doubt(forms: dict[str, TimeForm]) -> dict[str, TimeForm]:
    """Where one column is certain of the order of dates, the others leave nothing open."""
    if not any(message.code == "guess.order_certain" for form in forms.values() for message in form.assumed):
        return forms
    return {
        name: replace(form, assumed=[each for each in form.assumed if each.code != "guess.order_open"])
        for name, form in forms.items()
    }


def guess_time(column: pl.Series) -> TimeForm:
    """The form that reads most of a column's instants; of two that read the same, the day comes first."""
    values = _texts(column)
    if values.is_empty():
        return TimeForm()
    if epoch := _epoch(values):
        counted = Message("guess.epoch", {"column": column.name, "format": epoch})
        return TimeForm(1.0, epoch, needs_zone=False, assumed=[counted])
    if values.dtype != pl.String:
        zoned = isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None
        fits = float(zoned or values.dtype == pl.Date or isinstance(values.dtype, pl.Datetime))
        return TimeForm(
            fits, None, fits > 0 and not zoned, [_zone_assumption(column.name)] if fits and not zoned else []
        )
    sample = values.head(_SAMPLE).to_list()
    candidates = dict.fromkeys(form for text in sample for form in formats_of(text))
    is_usual = any(instant_of(text) is not None for text in sample)
    contract = _share_read(values, LocalTime("UTC")) if is_usual else 0
    shares = {} if contract == 1 else {form: _share(values, form) for form in candidates}
    best = max(shares, key=lambda form: shares[form], default="")
    if contract >= _LEAST_SHARE and contract >= shares.get(best, 0):
        is_zoned = _share_read(values, LocalTime()) == contract
        return TimeForm(contract, None, not is_zoned, [] if is_zoned else [_zone_assumption(column.name)])
    return _by_format(values, best) if shares.get(best, 0) >= _LEAST_SHARE else TimeForm()


def _texts(column: pl.Series) -> pl.Series:
    values = column.drop_nulls()
    if values.dtype != pl.String:
        return values
    values = values.str.strip_chars(BLANK)
    return values.filter(values != "").unique(maintain_order=True)


def _by_format(values: pl.Series, form: str) -> TimeForm:
    needs_zone = not states_offset(form)
    assumed = [_zone_assumption(values.name)] if needs_zone else []
    if other := other_order(form):
        assumed.insert(0, _order_assumption(values, form, other))
    return TimeForm(_share(values, form), form, needs_zone=needs_zone, assumed=assumed)


def _is_number(form: TimeForm) -> bool:
    return form.format in EPOCHS or form.format == "%Y%m%d"


def _is_open(column: pl.Series, form: str) -> bool:
    values = _texts(column)
    return _share(values, form) == _share(values, other_order(form) or form)


def _is_day_first(head: pl.DataFrame, orders: dict[str, str]) -> bool:
    """By the texts that can be read in one order alone; else by how far apart the times would lie."""
    only_day = only_month = 0
    frames: dict[bool, list[pl.Series]] = {True: [], False: []}
    for name, form in orders.items():
        column = head[name].cast(pl.String).str.strip_chars(BLANK)
        read = {is_day_first(each): _read(column, each) for each in (form, other_order(form) or form)}
        only_day += int((read[True].is_not_null() & read[False].is_null()).sum())
        only_month += int((read[False].is_not_null() & read[True].is_null()).sum())
        for order, instants in read.items():
            frames[order].append(instants.dt.epoch("s"))
    if only_day != only_month:
        return only_day > only_month
    by_day, by_month = _spread(frames[True]), _spread(frames[False])
    if by_month <= _CLOSER * by_day:
        return False
    return by_day <= _CLOSER * by_month or not any("%p" in form for form in orders.values())


def _spread(columns: list[pl.Series]) -> int:
    """How far times lie apart: each from that of the row before, and from the others of its row."""
    steps = sum(int(column.drop_nulls().diff().abs().sum() or 0) for column in columns)
    pairs = pairwise(columns)
    return steps + sum(int((one - other).abs().sum() or 0) for one, other in pairs)


def _epoch(values: pl.Series) -> str | None:
    """The unit in which numbers would count from 1970 to instants of these days; None if some would not.

    A zero is a placeholder.
    """
    if values.dtype == pl.String and values.str.contains(BARE_NUMBER).all():
        values = values.cast(pl.Float64, strict=False)
    if not values.dtype.is_numeric():
        return None
    seconds = values.cast(pl.Float64)
    seconds = seconds.filter(seconds != 0)
    for name in ("epoch", "epoch_ms", "epoch_us"):
        if len(seconds) and (seconds * (EPOCHS[name] / 1_000_000)).is_between(*_EPOCH_SECONDS).all():
            return name
    return None


def _order_assumption(values: pl.Series, form: str, other: str) -> Message:
    order = Message("guess.day_first") if is_day_first(form) else Message("guess.month_first")
    by_one, by_other = _read(values, form), _read(values, other)
    certain = values.filter(by_one.is_not_null() & by_other.is_null())
    if len(certain):
        return Message("guess.order_certain", {"order": order, "date": certain[0]})
    return Message(
        "guess.order_open", {"date": values[0], "order": order, "column": values.name, "other": other}
    )


def _zone_assumption(name: str) -> Message:
    return Message("guess.zone", {"column": name})


def _read(values: pl.Series, form: str) -> pl.Series:
    return values.str.to_datetime(form, time_unit="us", strict=False)


def _share(values: pl.Series, form: str) -> float:
    return (len(values) - _read(values, form).null_count()) / len(values)


def _share_read(values: pl.Series, local_time: LocalTime) -> float:
    """By the gate itself, so that what is said here is what a load does."""
    candidates = pl.DataFrame({"position": range(len(values)), "occurred_at": values}).with_columns(
        ticket_id=pl.lit("t"), kind=pl.lit("opened"), event_id=pl.lit("e")
    )
    return check(candidates, local_time).accepted.height / len(values)
