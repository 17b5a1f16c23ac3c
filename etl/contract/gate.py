"""The gate: candidate rows in, accepted events and rejected rows out.

Every rule is derived from the fields of `etl.contract.events.Event` and checked over whole columns at once; a
test holds it against the row-by-row validation of the same model. Past this gate nobody checks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

from etl.contract.events import ALWAYS, COLUMNS, Column
from etl.contract.instants import Bounds, LocalTime
from etl.contract.values import STATED, Reading, parsed, problem_of


@dataclass(frozen=True)
class Rule:
    """One thing every accepted row keeps to. `holds` is true where it does.

    What it wants is said by the message `rule.<name>`.
    """

    name: str
    holds: pl.Expr


@dataclass(frozen=True)
class Checked:
    """Both exits of the gate.

    `accepted`: the contract's columns and `position`, one row per event. `rejected`: one row per rejected
    candidate, with `position` and the first `rule` it broke. `instants`: `position` and `occurred_at` of all
    candidates, null where it cannot be read. `stated` and `local`: how many instants state their offset, and
    how many are local times.
    """

    accepted: pl.DataFrame
    rejected: pl.DataFrame
    instants: pl.DataFrame
    stated: int = 0
    local: int = 0


def check(
    candidates: pl.DataFrame, local_time: LocalTime | None = None, bounds: Bounds | None = None
) -> Checked:
    """Read the contract's columns out of `candidates` (texts or typed values) and part good rows from bad.

    `candidates` has a `position` and any of the contract's columns; missing ones are null. Without `bounds`
    any instant may be.
    """
    frame = parsed(candidates, Reading(local_time or LocalTime(), bounds))
    accepted, failures = _gate().filter(frame.drop(STATED), cast=True)
    stated = frame[STATED].drop_nulls()
    number = int(stated.sum())
    rejected = _first_broken_rules(failures)
    instants = frame.select("position", "occurred_at")
    return Checked(accepted.select("position", *COLUMNS), rejected, instants, number, len(stated) - number)


def _first_broken_rules(failures: dy.FailureInfo) -> pl.DataFrame:
    broken = failures.details()
    first = pl.coalesce(
        *(pl.when(pl.col(rule.name) == "invalid").then(pl.lit(rule.name)) for rule in rules())
    )
    return broken.select("position", rule=first)


INSTANT_PROBLEMS = (
    *("without_zone", "skipped_by_clock", "excel_serial", "bare_number"),
    *("too_early", "in_future"),
)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the contract, in the order in which a row is held against them."""
    return (*_readable(), *_required(), *_bounded())


def _readable() -> Iterator[Rule]:
    for name, column in COLUMNS.items():
        value, problem = pl.col(name), pl.col(problem_of(name))
        if column.type == "instant":
            for why in INSTANT_PROBLEMS:
                yield Rule(f"{name}_{why}", problem.ne_missing(why))
        if column.choices:
            yield Rule(f"{name}_unknown", value.is_null() | value.is_in(column.choices))
        elif column.type != "text":
            yield Rule(f"{name}_unreadable", problem.ne_missing("unreadable"))


def _required() -> Iterator[Rule]:
    for name, column in COLUMNS.items():
        if column.required_for == ALWAYS.kinds:
            yield Rule(f"{name}_missing", pl.col(name).is_not_null())
        elif column.required_for:
            kinds = pl.col("kind").is_in(sorted(column.required_for)).fill_null(value=False)
            yield Rule(f"{name}_missing", ~kinds | pl.col(name).is_not_null())


def _bounded() -> Iterator[Rule]:
    for name, column in COLUMNS.items():
        if not (bounds := column.within):
            continue
        value = pl.col(name)
        yield Rule(f"{name}_too_low", value > bounds.low if bounds.exclusive else value >= bounds.low)
        if bounds.at_most:
            yield Rule(f"{name}_above_{bounds.at_most}", value <= pl.col(bounds.at_most))


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
            columns[problem_of(name)] = dy.String(nullable=True)
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
