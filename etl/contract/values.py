"""Reading values: a source's columns, texts or typed, as the contract's types, and what could not be read.

Each step is a column of its own: nested in one expression they would be computed many times over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl

from etl.contract.events import COLUMNS, DEFAULT_ACTOR, INTEGER, NUMBER, SCHEMA
from etl.contract.instants import BARE_NUMBER, SERIALS, Bounds, LocalTime, read_instants
from etl.contract.names import BLANK, names_of
from etl.contract.time_formats import EPOCHS, IN_UTC
from etl.contract.time_zones import in_utc

STATED_SUFFIX = ":stated"
STATED = f"occurred_at{STATED_SUFFIX}"
"""Whether the instant states its own offset, so that no declared zone matters to it."""

FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    """How a source writes values, and which instants are possible; without `bounds`, all."""

    local_time: LocalTime = field(default_factory=LocalTime)
    bounds: Bounds | None = None


def parsed(candidates: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """`position`, the contract's columns, and beside those that are no text why one could not be read.

    `STATED` is true where `occurred_at` states its offset, false where it is a local time, else null.
    """
    columns: list[pl.Series | pl.Expr] = [pl.col("position")]
    texts: list[pl.Expr] = []
    for name, column in COLUMNS.items():
        raw = candidates[name] if name in candidates.columns else None
        if raw is None or raw.dtype == pl.Null:
            value, problem = pl.lit(None, SCHEMA[name]), pl.lit(None, pl.String)
            columns += [value.alias(name), problem.alias(problem_of(name))]
            if name == "occurred_at":
                columns.append(pl.lit(None, pl.Boolean).alias(STATED))
        elif column.type == "instant":
            instants = _instants(name, candidates, reading)
            columns += [instants["value"].alias(name), instants["problem"].alias(problem_of(name))]
            if name == "occurred_at":
                columns.append(instants["stated"].alias(STATED))
        elif column.type in {"whole", "number"}:
            numbers = (_whole_numbers if column.type == "whole" else _numbers)(pl.DataFrame({"raw": raw}))
            columns += [numbers["value"].alias(name), numbers["problem"].alias(problem_of(name))]
        else:
            columns.append(names_of(raw.cast(pl.String)).alias(name))
            texts.append(pl.when(pl.col(name) != "").then(name).alias(name))
    frame = candidates.select(columns).with_columns(texts)
    defaults = {kind.value: actor.value for kind, actor in DEFAULT_ACTOR.items()}
    default = pl.col("kind").replace_strict(defaults, default=None, return_dtype=pl.String)
    return frame.with_columns(actor=pl.coalesce("actor", default))


def problem_of(name: str) -> str:
    """The column that says why the value of another could not be read."""
    return f"{name}:problem"


def _text(column: pl.Expr) -> pl.Expr:
    stripped = column.cast(pl.String).str.strip_chars(BLANK)
    return pl.when(stripped != "").then(stripped)


def _unreadable() -> pl.Expr:
    return pl.when(pl.col("is_present") & pl.col("value").is_null()).then(pl.lit("unreadable"))


def _whole_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    raw = pl.col("raw")
    if frame["raw"].dtype == pl.String:
        frame = frame.with_columns(_text(raw))
        value = pl.when(raw.str.contains(INTEGER)).then(raw.str.strip_prefix("+"))
    else:
        value = pl.when(raw == raw.cast(pl.Int64, strict=False)).then(raw)
    frame = frame.with_columns(value=value.cast(pl.Int64, strict=False), is_present=raw.is_not_null())
    return frame.with_columns(problem=_unreadable())


def _numbers(frame: pl.DataFrame) -> pl.DataFrame:
    raw = pl.col("raw")
    value = raw
    if frame["raw"].dtype == pl.String:
        frame = frame.with_columns(_text(raw))
        value = pl.when(raw.str.contains(NUMBER)).then(raw.str.strip_prefix("+"))
    frame = frame.with_columns(value=value.cast(pl.Float64, strict=False), is_present=raw.is_not_null())
    frame = frame.with_columns(value=pl.when(pl.col("value").is_finite()).then("value"))
    return frame.with_columns(problem=_unreadable())


def _instants(name: str, candidates: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """The instants of a column, read already (see `read_local_instants`) or not, and between the bounds."""
    if problem_of(name) in candidates.columns:
        frame = candidates.select(value=name, problem=problem_of(name), stated=f"{name}{STATED_SUFFIX}")
    else:
        frame = read_local_instants(candidates[name], reading.local_time)
    if not (bounds := reading.bounds):
        return frame
    too_early = pl.when(pl.col("value") < bounds.earliest).then(pl.lit("too_early"))
    in_future = pl.when(pl.col("value") > bounds.latest).then(pl.lit("in_future"))
    return frame.with_columns(problem=pl.coalesce("problem", too_early, in_future))


def read_local_instants(raw: pl.Series, local_time: LocalTime) -> pl.DataFrame:
    """Texts or typed values as instants: `value` in UTC, `problem`, and `stated`.

    `problem` says why one could not be read; `stated` whether it says its offset, null where there is none.
    """
    column, zone, form = pl.col("raw"), local_time.zone, local_time.format
    frame = pl.DataFrame({"raw": raw})
    is_text = raw.dtype == pl.String
    frame = read_instants(frame.with_columns(_text(column)) if is_text else frame, form, zone)
    local = pl.col("local")
    placed = in_utc(frame["local"], zone) if zone else pl.lit(None, IN_UTC)
    frame = frame.with_columns(placed=placed, is_present=column.is_not_null())
    frame = frame.with_columns(value=pl.coalesce("zoned", "placed"))
    frame = frame.with_columns(
        value=pl.when(pl.col("value").is_between(FIRST_INSTANT, LAST_INSTANT)).then("value")
    )
    unplaced = local.is_not_null() & pl.col("placed").is_null()
    problems = {"skipped_by_clock" if zone else "without_zone": unplaced}
    if form not in EPOCHS:
        numbers = _numbers_for_instants(frame["raw"])
        problems |= {name: pl.col("value").is_null() & is_it for name, is_it in numbers.items()}
    first = (pl.when(holds).then(pl.lit(name)) for name, holds in problems.items())
    states = pl.when(pl.col("zoned").is_not_null()).then(pl.lit(value=True))
    return frame.select(
        "value",
        problem=pl.coalesce(*first, _unreadable()),
        stated=states.when(local.is_not_null()).then(pl.lit(value=False)),
    )


def _numbers_for_instants(raw: pl.Series) -> dict[str, pl.Expr]:
    """Which values are bare numbers, and among them what Excel writes for a day."""
    column = pl.col("raw")
    if raw.dtype.is_numeric():
        number, is_number = column.cast(pl.Float64, strict=False), column.is_not_null()
    elif raw.dtype == pl.String:
        is_number = column.str.contains(BARE_NUMBER)
        number = pl.when(is_number).then(column.str.strip_prefix("+")).cast(pl.Float64, strict=False)
    else:
        return {}
    low, high = SERIALS
    return {"excel_serial": number.is_between(low, high, closed="left"), "bare_number": is_number}
