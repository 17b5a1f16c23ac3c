"""Reading values: a source's columns, texts or typed, as the contract's types, and what could not be read.

Each step is a column of its own: nested in one expression they would be computed many times over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from etl.contract.events import BLANK, COLUMNS, DEFAULT_ACTOR, INSTANT, NUMBER, SCHEMA, WHOLE

FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
LOCAL, IN_UTC = pl.Datetime("us"), pl.Datetime("us", "UTC")


@dataclass(frozen=True)
class LocalTime:
    """How a source writes instants that carry no offset: in which IANA zone, in which form."""

    zone: str | None = None
    format: str | None = None


def parsed(candidates: pl.DataFrame, local_time: LocalTime) -> pl.DataFrame:
    """`position`, the contract's columns, and beside those that are no text why one could not be read."""
    columns: list[pl.Series | pl.Expr] = [pl.col("position")]
    texts: list[pl.Expr] = []
    for name, column in COLUMNS.items():
        raw = candidates[name] if name in candidates.columns else None
        if raw is None or raw.dtype == pl.Null:
            value, problem = pl.lit(None, SCHEMA[name]), pl.lit(None, pl.String)
            columns += [value.alias(name), problem.alias(problem_of(name))]
        elif column.type in {"instant", "whole", "number"}:
            read = {"instant": _instants, "whole": _whole_numbers, "number": _numbers}[column.type]
            told = read(pl.DataFrame({"raw": raw}), local_time)
            columns += [told["value"].alias(name), told["problem"].alias(problem_of(name))]
        else:
            columns.append(pl.col(name).cast(pl.String).str.strip_chars(BLANK))
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
    return pl.when(pl.col("given") & pl.col("value").is_null()).then(pl.lit("unreadable"))


def _whole_numbers(frame: pl.DataFrame, _local_time: LocalTime) -> pl.DataFrame:
    raw = pl.col("raw")
    if frame["raw"].dtype == pl.String:
        frame = frame.with_columns(_text(raw))
        value = pl.when(raw.str.contains(WHOLE)).then(raw.str.strip_prefix("+"))
    else:
        value = pl.when(raw == raw.cast(pl.Int64, strict=False)).then(raw)
    frame = frame.with_columns(value=value.cast(pl.Int64, strict=False), given=raw.is_not_null())
    return frame.with_columns(problem=_unreadable())


def _numbers(frame: pl.DataFrame, _local_time: LocalTime) -> pl.DataFrame:
    raw = pl.col("raw")
    value = raw
    if frame["raw"].dtype == pl.String:
        frame = frame.with_columns(_text(raw))
        value = pl.when(raw.str.contains(NUMBER)).then(raw.str.strip_prefix("+"))
    frame = frame.with_columns(value=value.cast(pl.Float64, strict=False), given=raw.is_not_null())
    frame = frame.with_columns(value=pl.when(pl.col("value").is_finite()).then("value"))
    return frame.with_columns(problem=_unreadable())


def _instants(frame: pl.DataFrame, local_time: LocalTime) -> pl.DataFrame:
    """`zoned`: instants that say their offset; `local`: those that do not, read in the declared zone."""
    dtype, raw = frame["raw"].dtype, pl.col("raw")
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        frame = frame.with_columns(zoned=raw.cast(IN_UTC), local=pl.lit(None, LOCAL))
    elif isinstance(dtype, pl.Datetime) or dtype == pl.Date:
        frame = frame.with_columns(zoned=pl.lit(None, IN_UTC), local=raw.cast(LOCAL))
    else:
        frame = _instants_of_texts(frame.with_columns(_text(raw)), local_time.format)
    local, placed = pl.col("local"), pl.lit(None, IN_UTC)
    if local_time.zone:
        placed = local.dt.replace_time_zone(local_time.zone, ambiguous="earliest", non_existent="null")
    frame = frame.with_columns(placed=placed.cast(IN_UTC), given=raw.is_not_null())
    frame = frame.with_columns(value=pl.coalesce("zoned", "placed"))
    frame = frame.with_columns(
        value=pl.when(pl.col("value").is_between(FIRST_INSTANT, LAST_INSTANT)).then("value")
    )
    unplaced = local.is_not_null() & pl.col("placed").is_null()
    why = "skipped_by_clock" if local_time.zone else "without_zone"
    return frame.with_columns(problem=pl.when(unplaced).then(pl.lit(why)).otherwise(_unreadable()))


def _instants_of_texts(frame: pl.DataFrame, form: str | None) -> pl.DataFrame:
    raw = pl.col("raw")
    if form is not None:
        read = raw.str.to_datetime(form, time_unit="us", strict=False)
        has_offset = "%z" in form
        return frame.with_columns(
            zoned=read.cast(IN_UTC) if has_offset else pl.lit(None, IN_UTC),
            local=pl.lit(None, LOCAL) if has_offset else read,
        )
    # Cut by position, since capturing groups take twenty times as long.
    text, width, clock = pl.col("text"), pl.col("width"), pl.col("clock")
    signs = ["+", "-"]
    frame = frame.with_columns(text=pl.when(raw.str.contains(INSTANT)).then(raw)).with_columns(
        width=pl.when(text.str.ends_with("Z"))
        .then(1)
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
    hours, minutes = text.str.slice(1 - width, 2), text.str.slice(-2)
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
    return frame.with_columns(zoned=pl.when(width > 0).then("utc"), local=pl.when(width == 0).then("wall"))
