"""Weeks and months that an end of the period cuts: few days of them are a group of agents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import duckdb
import polars as pl

from etl.contract.time_zones import zone
from metrics.query.agents import agents, days_of_data, desk_size, is_guarded, once, period_of, smallest_group
from metrics.query.choice import WEEK, Choice, short_period
from metrics.query.scope import Scope

_LENGTHS = {"day": "1d", "week": "1w", "month": "1mo"}
_DAY = timedelta(days=1)


class _CutSpan(NamedTuple):
    """A week or month with fewer than seven days in the period, and the one beside it."""

    begin: date
    first: date  # the first and the last day that it has in the period; reversed where no day was over
    last: date
    neighbour: date


def hidden_spans(
    connection: duckdb.DuckDBPyConnection, fact: str, by: Sequence[str], scope: Scope
) -> list[pl.DataFrame]:
    """For each of day, week and month in `by`, its cut groups that too few agents have, by all guarded names.

    A cut span goes with its neighbour: the total less all others then tells of seven days or more. Empty
    frames are left out.
    """
    guarded = {name for name in by if is_guarded(name, fact, scope)}
    scope = scope.model_copy(update={"cohort": False})
    frames = [
        once(
            connection,
            f"hidden {span} {fact} {names}",
            scope,
            partial(_hidden, connection, fact, span, names, scope),
        )
        for span in _LENGTHS
        if span in by and desk_size(connection)
        for names in (tuple(sorted(guarded - {span})),)
    ]
    return [frame for frame in frames if not frame.is_empty()]


def _hidden(
    connection: duckdb.DuckDBPyConnection, fact: str, span: str, names: tuple[str, ...], scope: Scope
) -> pl.DataFrame:
    least = smallest_group(connection)
    choice = Choice(scope, fact, short_period(connection, scope))
    frames = [pl.DataFrame(schema={span: pl.Date})]
    for cut in _cut_spans(connection, span, scope):
        is_part_of_a_day = cut.first > cut.last
        days = None if is_part_of_a_day else (cut.first, cut.last)  # of a part nobody is counted
        table = agents(connection, fact, (*names, *choice.masks), scope, days).filter(choice.own)
        counts = table.group_by(names or pl.lit(0).alias("all")).agg(agents=pl.col("agent_id").n_unique())
        small = counts if is_part_of_a_day else counts.filter(pl.col("agents") < least)
        ends = pl.DataFrame({span: [cut.begin, cut.neighbour]})
        frames.append(small.select(names).join(ends, how="cross") if names else ends.head(2 * small.height))
    return pl.concat(frames, how="diagonal_relaxed").unique()


def without_cut_spans(
    connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, by: Sequence[str], scope: Scope, fact: str
) -> pl.DataFrame:
    """Rows grouped `by` some dimensions, less the cut weeks and months that too few agents have."""
    for cells in hidden_spans(connection, fact, by, scope):
        cells = cells.cast({name: rows.schema[name] for name in cells.columns})
        rows = rows.join(cells, on=cells.columns, how="anti", nulls_equal=True, maintain_order="left")
    return rows


def _cut_spans(connection: duckdb.DuckDBPyConnection, span: str, scope: Scope) -> Iterator[_CutSpan]:
    """The spans of fewer than seven days, where the period has more than one."""
    days, data = period_of(connection, scope), days_of_data(connection, scope)
    if not (days and data):
        return
    first, last = days
    until = min(scope.end or data[1], data[1])
    if scope.as_of:  # a day that was not over has rows, too
        until = min(until, scope.as_of.astimezone(zone(scope.time_zone)).date())
    if first > until:
        return
    begins: list[date] = (
        pl.select(pl.date_range(pl.lit(first).dt.truncate(_LENGTHS[span]), until, _LENGTHS[span]))
        .to_series()
        .to_list()
    )
    if len(begins) < 2:
        return
    ends = [following - _DAY for _, following in pairwise(begins)] + [date.max]
    for place, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        cut = _CutSpan(begin, max(begin, first), min(end, last), begins[place - 1 if place else 1])
        length = cut.last - cut.first + _DAY
        if length < (WEEK if span != "day" else _DAY):  # a day that was over is guarded as any group
            yield cut
