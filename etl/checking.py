"""The gate: candidate rows in, accepted events and refused rows out.

Every rule is derived from the fields of `etl.events.Event` and checked over whole columns at once; a test
holds it against the row-by-row validation of the same model. Past this gate nobody checks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

from etl.events import ALWAYS, BLANK, COLUMNS, DEFAULT_ACTOR, INSTANT, NUMBER, SCHEMA, WHOLE, Column

FIRST_INSTANT = datetime(1, 1, 1, tzinfo=UTC)
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


@dataclass(frozen=True)
class LocalTime:
    """How a source writes instants that carry no offset: in which IANA zone, in which form."""

    zone: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class Rule:
    """One thing every accepted row keeps to. `holds` is true where it does."""

    name: str
    explanation: str
    holds: pl.Expr


@dataclass(frozen=True)
class Checked:
    """Both exits of the gate.

    `accepted`: the contract's columns and `position`, one row per event. `rejected`: one row per refused
    candidate, with `position`, the first `rule` it broke and an `explanation`.
    """

    accepted: pl.DataFrame
    rejected: pl.DataFrame


def check(candidates: pl.DataFrame, local_time: LocalTime | None = None) -> Checked:
    """Read the contract's columns out of `candidates` (texts or typed values) and part good rows from bad.

    `candidates` has a `position` and any of the contract's columns; missing ones are null.
    """
    parsed = candidates.select("position", *_parsed(candidates.schema, local_time or LocalTime()))
    accepted, failures = _gate().filter(parsed, cast=True)
    return Checked(accepted.select("position", *COLUMNS), _first_broken_rules(failures))


def _first_broken_rules(failures: dy.FailureInfo) -> pl.DataFrame:
    broken = failures.details()
    first = pl.coalesce(
        *(pl.when(pl.col(rule.name) == "invalid").then(pl.lit(rule.name)) for rule in rules())
    )
    explanations = {rule.name: rule.explanation for rule in rules()}
    return broken.select("position", rule=first).with_columns(
        explanation=pl.col("rule").replace_strict(explanations, return_dtype=pl.String)
    )


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the contract, in the order in which a row is held against them."""
    return (*_readable(), *_required(), *_bounded())


def _readable() -> Iterator[Rule]:
    for name, column in COLUMNS.items():
        value, problem = pl.col(name), pl.col(_problem(name))
        if column.type == "instant":
            yield Rule(
                f"{name}_without_zone",
                f"{name} is a local time without a time zone or offset; "
                "name its IANA zone in a mapping ([time] zone)",
                problem.ne_missing("without_zone"),
            )
            yield Rule(
                f"{name}_skipped_by_clock",
                f"{name} does not exist in the declared time zone: the clocks were put forward over it",
                problem.ne_missing("skipped_by_clock"),
            )
        if column.choices:
            yield Rule(
                f"{name}_unknown",
                f"{name} is none of: {', '.join(column.choices)}",
                value.is_null() | value.is_in(column.choices),
            )
        elif column.type != "text":
            yield Rule(
                f"{name}_unreadable",
                f"{name} cannot be read as {_FORMS[column.type]}",
                problem.ne_missing("unreadable"),
            )


_FORMS = {"instant": "a date and time", "whole": "a whole number", "number": "a number"}


def _required() -> Iterator[Rule]:
    for name, column in COLUMNS.items():
        if column.required_for == ALWAYS.kinds:
            yield Rule(f"{name}_missing", f"{name} has no value", pl.col(name).is_not_null())
        elif column.required_for:
            kinds = pl.col("kind").is_in(sorted(column.required_for)).fill_null(value=False)
            yield Rule(
                f"{name}_missing",
                f"{name} has no value, and this kind of event needs one",
                ~kinds | pl.col(name).is_not_null(),
            )


def _bounded() -> Iterator[Rule]:
    for name, column in COLUMNS.items():
        if not (bounds := column.within):
            continue
        value = pl.col(name)
        yield Rule(
            f"{name}_too_low",
            f"{name} must be {'more than' if bounds.exclusive else 'at least'} {bounds.low:g}",
            value > bounds.low if bounds.exclusive else value >= bounds.low,
        )
        if bounds.at_most:
            yield Rule(
                f"{name}_above_{bounds.at_most}",
                f"{name} is above {bounds.at_most}, the top of its scale",
                value <= pl.col(bounds.at_most),
            )


def _problem(name: str) -> str:
    return f"{name}:problem"


@cache
def _gate() -> type[dy.Schema]:
    """The contract as a dataframely schema: every rule by its name."""

    def as_rule(rule: Rule) -> Any:
        def holds(cls: type[dy.Schema]) -> pl.Expr:  # noqa: ARG001 - dataframely passes the class
            return rule.holds

        return dy.rule()(holds)

    columns: dict[str, Any] = {"position": dy.Int64()}
    for name, column in COLUMNS.items():
        columns[name] = _frame_column(column)
        if column.type in {"instant", "whole", "number"}:
            columns[_problem(name)] = dy.String(nullable=True)
    return type("Gate", (dy.Schema,), columns | {rule.name: as_rule(rule) for rule in rules()})


def _frame_column(column: Column) -> dy.Column:
    match column.type:
        case "instant":
            return dy.Datetime(nullable=True, time_zone="UTC", time_unit="us")
        case "whole":
            return dy.Int64(nullable=True)
        case "number":
            return dy.Float64(nullable=True)
        case _:
            return dy.String(nullable=True)


def _parsed(schema: pl.Schema, local_time: LocalTime) -> Iterator[pl.Expr]:
    for name, column in COLUMNS.items():
        if name not in schema or schema[name] == pl.Null:
            value, problem = pl.lit(None, SCHEMA[name]), pl.lit(None, pl.String)
        elif column.type == "instant":
            value, problem = _instant(name, schema[name], local_time)
        elif column.type == "whole":
            value, problem = _whole(name, schema[name])
        elif column.type == "number":
            value, problem = _number(name, schema[name])
        else:
            value, problem = _text(pl.col(name).cast(pl.String)), pl.lit(None, pl.String)
        if name == "actor":
            kind = _text(pl.col("kind").cast(pl.String)) if "kind" in schema else pl.lit(None, pl.String)
            default = kind.replace_strict({k.value: a.value for k, a in DEFAULT_ACTOR.items()}, default=None)
            value = pl.coalesce(value, default.cast(pl.String))
        yield value.alias(name)
        if column.type in {"instant", "whole", "number"}:
            yield problem.alias(_problem(name))


def _text(column: pl.Expr) -> pl.Expr:
    stripped = column.str.strip_chars(BLANK)
    return pl.when(stripped != "").then(stripped)


def _instant(name: str, dtype: pl.DataType, local_time: LocalTime) -> tuple[pl.Expr, pl.Expr]:
    raw = pl.col(name)
    utc = pl.Datetime("us", "UTC")
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        given, zoned, local = raw.is_not_null(), raw.cast(utc), pl.lit(None, pl.Datetime("us"))
    elif isinstance(dtype, pl.Datetime) or dtype == pl.Date:
        given, zoned, local = raw.is_not_null(), pl.lit(None, utc), raw.cast(pl.Datetime("us"))
    else:
        text = _text(raw.cast(pl.String))
        given = text.is_not_null()
        zoned, local = _instant_texts(text, local_time.format)
    if local_time.zone:
        placed = local.dt.replace_time_zone(local_time.zone, ambiguous="earliest", non_existent="null")
        skipped = local.is_not_null() & placed.is_null()
        value, without_zone = pl.coalesce(zoned, placed.cast(utc)), pl.lit(value=False)
    else:
        value, skipped, without_zone = zoned, pl.lit(value=False), local.is_not_null()
    value = pl.when(value.is_between(FIRST_INSTANT, LAST_INSTANT)).then(value)
    problem = (
        pl.when(without_zone & zoned.is_null())
        .then(pl.lit("without_zone"))
        .when(skipped)
        .then(pl.lit("skipped_by_clock"))
        .when(given & value.is_null())
        .then(pl.lit("unreadable"))
    )
    return value, problem


def _instant_texts(text: pl.Expr, form: str | None) -> tuple[pl.Expr, pl.Expr]:
    """Texts with an offset as instants in UTC, and texts without one as local times; null otherwise."""
    if form is not None and "%z" in form:
        return text.str.to_datetime(form, time_unit="us", strict=False).cast(
            pl.Datetime("us", "UTC")
        ), pl.lit(None, pl.Datetime("us"))
    if form is not None:
        return pl.lit(None, pl.Datetime("us", "UTC")), text.str.to_datetime(
            form, time_unit="us", strict=False
        )
    part = text.str.extract_groups(INSTANT)
    field = [part.struct.field(str(number)) for number in range(1, 6)]
    wall = pl.concat_str(
        field[0],
        pl.lit("T"),
        field[1],
        field[2].fill_null(":00"),
        field[3].fill_null(".0").str.slice(0, 7),
    ).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    offset = field[4].str.replace("Z", "+00:00").str.replace(":", "")
    minutes = offset.str.slice(1, 2).cast(pl.Int64) * 60 + offset.str.slice(3, 2).cast(pl.Int64)
    ahead = pl.when(offset.str.starts_with("-")).then(-minutes).otherwise(minutes)
    zoned = (wall - pl.duration(minutes=ahead, time_unit="us")).dt.replace_time_zone("UTC")
    return zoned, pl.when(field[4].is_null()).then(wall)


def _whole(name: str, dtype: pl.DataType) -> tuple[pl.Expr, pl.Expr]:
    if dtype == pl.String:
        text = _text(pl.col(name))
        value = (
            pl.when(text.str.contains(WHOLE)).then(text.str.strip_prefix("+")).cast(pl.Int64, strict=False)
        )
        given = text.is_not_null()
    else:
        number = pl.col(name)
        value = (
            pl.when(number == number.cast(pl.Int64, strict=False)).then(number).cast(pl.Int64, strict=False)
        )
        given = number.is_not_null()
    return value, pl.when(given & value.is_null()).then(pl.lit("unreadable"))


def _number(name: str, dtype: pl.DataType) -> tuple[pl.Expr, pl.Expr]:
    if dtype == pl.String:
        text = _text(pl.col(name))
        value = (
            pl.when(text.str.contains(NUMBER)).then(text.str.strip_prefix("+")).cast(pl.Float64, strict=False)
        )
        given = text.is_not_null()
    else:
        value, given = pl.col(name).cast(pl.Float64, strict=False), pl.col(name).is_not_null()
    value = pl.when(value.is_finite()).then(value)
    return value, pl.when(given & value.is_null()).then(pl.lit("unreadable"))
