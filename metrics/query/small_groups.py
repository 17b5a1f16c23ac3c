"""The gate for small groups: numbers of fewer agents than `smallest_group` are about people.

Rows of a scope come through `run_in_scope` alone, and that asks here first. A scope is refused that is about
too few agents, or that leaves too few out of a wider one. Groups that would be refused as a scope are hidden.
Agents are counted over all data (`metrics.query.agents`). A scope with `small_groups` passes as it is; only
commands can ask for that, and it is logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import duckdb
import polars as pl

from etl.errors import InvalidRequest
from etl.messages import Message
from metrics.catalog.dimensions import RUNS, TICKET_AGENTS, VISITS
from metrics.query.agents import FACTS, agents, desk_size, is_guarded, once, period_of, smallest_group
from metrics.query.choice import Choice, is_part_of_a_day, short_period
from metrics.query.complements import protected
from metrics.query.cut_spans import hidden_spans, without_cut_spans
from metrics.query.scope import Scope
from metrics.statistics.evidence import LEAST_GROUP

STEP = ("workflow", "version", "step")


class SmallGroup(InvalidRequest):
    """What is asked would tell of fewer agents than may be shown."""


def refuse_small_group(connection: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """Let a scope pass that is about agents enough.

    Raises:
        SmallGroup: what it chooses, or what it leaves out, is the work of too few agents.
    """
    if is_small_group(connection, scope):
        raise small_group(connection)


def small_group(connection: duckdb.DuckDBPyConnection) -> SmallGroup:
    """The refusal, with the limit that holds."""
    least = smallest_group(connection)
    if 0 < desk_size(connection) < least:
        return SmallGroup("group.small_desk", least=least)
    return SmallGroup("group.too_small") if least == LEAST_GROUP else SmallGroup("group.too_few", least=least)


def is_small_group(connection: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    """Whether numbers of the scope, or those of a wider scope less them, would be about too few agents.

    Wider are the scopes without some of the filters, of all days, or of seven days. What was known at an
    instant has the days until then. Where no agents are recorded, nothing can be told of any. A scope without
    filters is about the desk.
    """
    if _is_open(connection, scope):
        return False
    bare = Scope(
        start=scope.start,
        end=scope.end,
        time_zone=scope.time_zone,
        as_of=scope.as_of,
        dimensions=scope.dimensions,
        where=scope.where,
    )
    return once(connection, "is small", bare, lambda: _is_small(connection, bare))


def _is_open(connection: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    return scope.small_groups or smallest_group(connection) <= 1


def _is_small(connection: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    period = short_period(connection, scope)
    least = smallest_group(connection)
    if is_part_of_a_day(connection, scope) and desk_size(connection):
        return True
    for fact in FACTS:
        choice = Choice(scope, fact, period)
        if not choice.masks:
            continue
        table = agents(connection, fact, tuple(choice.masks), scope)
        # Each by itself first: that few agents have nothing in common with another choice tells of them, too.
        if period and 0 < table.filter(choice.masks["day"])["agent_id"].n_unique() < least:
            return True
        if any(
            {value or None for value in values} & hidden_values(connection, fact, name, scope)
            for name, values in choice.values
        ):
            return True
        rows = table.filter(choice.own)
        if rows.is_empty():
            continue
        if rows.group_by(list(choice.masks)).agg(pl.col("agent_id").n_unique())["agent_id"].min() < least:  # type: ignore[operator]
            return True
        if any(0 < each < least for each in choice.agents_beyond(table).row(0)):
            return True
    return False


def hidden_values(
    connection: duckdb.DuckDBPyConnection, fact: str, name: str, scope: Scope
) -> frozenset[str | None]:
    """The values of one dimension that too few agents of a fact have, over all data."""
    desk = Scope(time_zone=scope.time_zone, dimensions=scope.dimensions)
    cells = _hidden_in(connection, fact, (name,), desk)
    return frozenset(None if value is None else str(value) for value in cells[name])


class _Groups(NamedTuple):
    """The combinations of values of some dimensions, and who stands behind each."""

    cells: pl.DataFrame  # the dimensions, `total`, agents, is_shown
    pairs: pl.DataFrame  # the dimensions, `total`, agent_id


def _groups(connection: duckdb.DuckDBPyConnection, fact: str, by: tuple[str, ...], scope: Scope) -> _Groups:
    """The combinations of values in a scope; not shown are those that would be refused as a choice of it."""
    least = smallest_group(connection)
    choice = Choice(scope, fact, short_period(connection, scope))
    table = agents(connection, fact, (*by, *choice.masks), scope)
    others = [name for name in choice.masks if name not in by]
    rows = table.filter(choice.own)
    single = rows.group_by(*by, *others).agg(agents=pl.col("agent_id").n_unique())
    fewest = single.group_by(by).agg(is_shown=pl.col("agents").min() >= least)
    rest = choice.agents_beyond(table, by)
    is_revealed = pl.any_horizontal(pl.col("^wider .*$").is_between(1, least - 1))
    revealing = rest.select(*by, is_revealed=is_revealed)
    pairs = rows.select(*by, "agent_id").unique().with_columns(total=pl.lit(0))
    groups = pairs.group_by(*by, "total").agg(agents=pl.col("agent_id").n_unique())
    groups = (
        groups.join(fewest, on=by, nulls_equal=True)
        .join(revealing, on=by, how="left", nulls_equal=True)
        .with_columns(is_shown=pl.col("is_shown") & ~pl.col("is_revealed").fill_null(value=False))
        .drop("is_revealed")
    )
    return _Groups(groups, pairs)


def _hidden_in(
    connection: duckdb.DuckDBPyConnection,
    fact: str,
    by: tuple[str, ...],
    scope: Scope,
    among: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The combinations of values that are not to be shown in a scope, `among` those that an answer has.

    With those that would be refused goes the next smallest of the answer, as long as the hidden ones of a
    row, a column or all together are of fewer agents than `smallest_group`.
    """
    scope = scope.model_copy(update={"cohort": False})
    if short_period(connection, scope) is None:  # then the period changes nothing
        scope = scope.model_copy(update={"start": None, "end": None, "as_of": None})
    least = smallest_group(connection)
    groups, pairs = once(
        connection, f"groups {fact} {by}", scope, lambda: _groups(connection, fact, by, scope)
    )
    if among is None:
        return once(connection, f"hidden {fact} {by}", scope, lambda: _hidden(groups, pairs, by, least))
    among = among.select(by).unique().cast({name: groups.schema[name] for name in by})
    return _hidden(groups.join(among, on=by, how="semi", nulls_equal=True), pairs, by, least)


def _hidden(groups: pl.DataFrame, pairs: pl.DataFrame, by: tuple[str, ...], least: int) -> pl.DataFrame:
    hidden = -1
    while hidden != (hidden := groups.filter(~pl.col("is_shown")).height):
        for name in by:
            groups = protected(groups, pairs, ["total", *(other for other in by if other != name)], by, least)
        groups = protected(groups, pairs, ["total"], by, least)
    return groups.filter(~pl.col("is_shown")).select(by).sort(by, nulls_last=True)


def why_left_out(connection: duckdb.DuckDBPyConnection, by: Sequence[str], scope: Scope) -> Message | None:
    """Why an answer `by` some dimensions lacks groups; None where it has them all."""
    least = smallest_group(connection)
    if _is_open(connection, scope):
        return None
    for fact in FACTS:
        names = tuple(sorted({name for name in by if is_guarded(name, fact, scope)}))
        cells = _hidden_in(connection, fact, names, scope) if names else pl.DataFrame()
        if "day" in names and (days := period_of(connection, scope)):
            cells = cells.filter(pl.col("day").is_between(*days))
        if not cells.is_empty() or hidden_spans(connection, fact, by, scope):
            is_small = desk_size(connection) < least
            return Message("group.small_desk" if is_small else "group.left_out", {"least": least})
    return None


def hidden_groups(
    connection: duckdb.DuckDBPyConnection, by: str, *, scope: Scope | None = None
) -> frozenset[str | None]:
    """The groups of a dimension that are not to be shown; none where they are no groups of agents."""
    scope = scope or Scope()
    if _is_open(connection, scope):
        return frozenset()
    facts = [fact for fact in FACTS if is_guarded(by, fact, scope)]
    cells = [_hidden_in(connection, fact, (by,), scope)[by] for fact in facts]
    return frozenset(value for values in cells for value in values)


def without_small_groups(
    connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, by: Sequence[str], scope: Scope, fact: str
) -> pl.DataFrame:
    """Rows grouped `by` some dimensions, less the groups that too few agents have.

    A group is a combination of all its dimensions, but for whole weeks and months: where few agents of a team
    have the steps of a workflow, it is hidden at those alone.
    """
    if not by or rows.is_empty() or _is_open(connection, scope):
        return rows
    own = VISITS if fact in (VISITS, RUNS) else TICKET_AGENTS
    names = tuple(sorted({name for name in by if is_guarded(name, own, scope)}))
    if names:
        counted = rows.filter(pl.col("n") > 0) if "n" in rows.columns else rows
        for cells in (
            _hidden_in(connection, own, names, scope),
            _hidden_in(connection, own, names, scope, counted),
        ):
            cells = cells.cast({name: rows.schema[name] for name in names})
            rows = rows.join(cells, on=names, how="anti", nulls_equal=True, maintain_order="left")
    return without_cut_spans(connection, rows, by, scope, own)


def without_small_steps(
    connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, scope: Scope
) -> pl.DataFrame:
    """Rows of workflows, versions, steps and moves between steps, less those that too few agents do."""
    keys = tuple(name for name in STEP if name in rows.columns)
    if "workflow" not in keys or rows.is_empty() or _is_open(connection, scope):
        return rows
    ends = [{}, {"step": "next_step"}] if {"step", "next_step"} <= {*rows.columns} else [{}]
    for hidden in (hidden_steps(connection, scope, keys), hidden_steps(connection, scope, keys, rows)):
        for names in ends:
            on = [names.get(name, name) for name in keys]
            rows = rows.join(hidden.rename(names), on=on, how="anti", nulls_equal=True, maintain_order="left")
    return rows


def hidden_steps(
    connection: duckdb.DuckDBPyConnection,
    scope: Scope,
    keys: tuple[str, ...],
    among: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The workflows, versions or steps that too few agents do, over all data; `among` those of an answer."""
    desk = Scope(time_zone=scope.time_zone, dimensions=scope.dimensions)
    return _hidden_in(connection, VISITS, keys, desk, among)
