"""The gate for small groups: numbers of fewer than five agents are about people, and are not shown.

Whatever is asked in a scope passes here (`run_in_scope`): a scope that is about so few is refused.
Whatever is split by team, or by another group of agents, shows the groups that are left here. A scope that
asks for `small_groups`, as those of commands do, passes as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import duckdb
import polars as pl
from sqlglot import exp

from etl.errors import InvalidRequest
from metrics.catalog.dimensions import RUNS, TICKET_AGENTS, VISITS, column, dimensions
from metrics.query.run import run_query
from metrics.query.scope import Over, Scope, conditions, date_column, parameters
from metrics.statistics.evidence import LEAST_GROUP

TEAM = "team"
"""The dimension whose groups are groups of agents."""
_FACTS = ((TICKET_AGENTS, "arrived_at"), (VISITS, "entered_at"))
Answer = TypeVar("Answer")


class SmallGroup(InvalidRequest):
    """What is asked would tell of fewer agents than may be shown."""


def refuse_small_group(connection: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """Let a scope pass that is about agents enough.

    Raises:
        SmallGroup: the teams it chooses, or those it leaves out, have too few agents.
    """
    if is_small_group(connection, scope):
        raise SmallGroup("group.too_small")


def is_small_group(connection: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    """Whether the scope's teams, or those left out, have one to four agents after all other filters.

    Those left out count as well: the total less what is chosen would tell of them. Agents are those who did
    something in tickets that arrived in the scope, or at steps visited in it; where none are recorded,
    nothing can be told of any. Without a choice of teams nothing is about a group of agents.
    """
    teams = frozenset(dict(scope.where).get(TEAM, ()))
    return (
        bool(teams)
        and not scope.small_groups
        and _once(connection, "scope", scope, lambda: _is_small(connection, scope, teams))
    )


def _is_small(connection: duckdb.DuckDBPyConnection, scope: Scope, teams: frozenset[str]) -> bool:
    where = tuple((name, values) for name, values in scope.where if name != TEAM)
    others = scope.model_copy(update={"where": where})
    for fact, date in _FACTS:
        # The empty text stands for a team that is not recorded.
        rows = _agents(connection, others, fact, date, (TEAM,)).with_columns(pl.col(TEAM).fill_null(""))
        is_chosen = pl.col(TEAM).is_in(list(teams))
        for side in (rows.filter(is_chosen), rows.filter(~is_chosen)):
            if 0 < side["agent_id"].n_unique() < LEAST_GROUP:
                return True
    return False


def hidden_groups(
    connection: duckdb.DuckDBPyConnection, by: str, *, scope: Scope | None = None
) -> frozenset[str | None]:
    """The groups of a dimension that are not to be shown; none where they are no groups of agents."""
    scope = scope or Scope()
    if by != TEAM or scope.small_groups:
        return frozenset()
    return _once(connection, by, scope, lambda: _hidden(_agents(connection, scope, *_FACTS[0], (TEAM,))))


def _hidden(agents: pl.DataFrame) -> frozenset[str | None]:
    groups = reportable_groups(agents.with_columns(total=pl.lit(0)), ["total"], [TEAM])
    return frozenset(groups.filter(~pl.col("is_shown"))[TEAM])


def without_small_groups(
    connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, by: Sequence[str], scope: Scope, fact: str
) -> pl.DataFrame:
    """Rows grouped `by` some dimensions, less those of teams that are too small.

    A team is counted in each group of the other dimensions (but for days and bands of time): where few of
    its agents have the steps of a workflow, it is hidden at those alone.
    """
    if TEAM not in by or rows.is_empty() or scope.small_groups:
        return rows
    own, date = _FACTS[1] if fact in (VISITS, RUNS) else _FACTS[0]
    others = [name for name in by if name != TEAM and _is_plain(name, own, scope)]
    agents = _agents(connection, scope, own, date, (*others, TEAM)).with_columns(total=pl.lit(0))
    groups = reportable_groups(agents, ["total", *others], [TEAM]).filter(~pl.col("is_shown"))
    return rows.join(
        groups.select(*others, TEAM), on=[*others, TEAM], how="anti", nulls_equal=True, maintain_order="left"
    )


def _is_plain(name: str, fact: str, scope: Scope) -> bool:
    dimension = dimensions(scope.dimensions)[name]
    return fact in dimension.facts and dimension.is_listed


def reportable_groups(
    entries: pl.DataFrame, total_keys: Sequence[str], group: Sequence[str], *, least: int = LEAST_GROUP
) -> pl.DataFrame:
    """One row per group of each total: its `agents`, and whether it `is_shown`.

    `entries`: rows of agents (`agent_id`) in groups. Their totals, one for each value of `total_keys`, are
    shown. A group of fewer than `least` agents is hidden; so is, as long as the hidden ones together are of
    fewer than that, the smallest of those still shown, for the total less what is shown would tell of them.
    """
    keys = [*total_keys, *group]
    pairs = entries.select(*keys, "agent_id").unique()
    groups = pairs.group_by(keys).agg(agents=pl.col("agent_id").n_unique()).sort(keys, nulls_last=True)
    groups = groups.with_columns(is_shown=pl.col("agents") >= least)
    while True:
        hidden = pairs.join(groups.filter(~pl.col("is_shown")), on=keys, how="semi", nulls_equal=True)
        counted = hidden.group_by(list(total_keys)).agg(together=pl.col("agent_id").n_unique())
        telling = counted.filter(pl.col("together") < least)
        next_ones = (
            groups.filter("is_shown")
            .join(telling, on=list(total_keys), how="semi", nulls_equal=True)
            .sort(*total_keys, "agents", *group, nulls_last=True)
            .unique(list(total_keys), keep="first", maintain_order=True)
        )
        if next_ones.is_empty():
            return groups
        also = next_ones.select(*keys, also_hidden=pl.lit(value=True))
        groups = (
            groups.join(also, on=keys, how="left", nulls_equal=True)
            .with_columns(is_shown=pl.col("is_shown") & pl.col("also_hidden").is_null())
            .drop("also_hidden")
            .sort(keys, nulls_last=True)
        )


def _agents(
    connection: duckdb.DuckDBPyConnection, scope: Scope, fact: str, date: str, by: Sequence[str]
) -> pl.DataFrame:
    """One row per group and agent in the scope."""
    over = Over(fact, date_column(scope, date))
    groups = [
        exp.alias_(column(name, fact=fact, date=over.date, custom=scope.dimensions), name) for name in by
    ]
    query = exp.select(*groups, "agent_id").distinct().from_(fact)
    query = query.where("NOT agent_id IS NULL", *conditions(scope, over))
    return run_query(connection, query, parameters(scope, query), as_of=scope.as_of)


def _once(
    connection: duckdb.DuckDBPyConnection, what: str, scope: Scope, look: Callable[[], Answer]
) -> Answer:
    """What `look` gives; once for a snapshot, for its file never changes, nor is its name given again."""
    snapshots = connection.execute(_SNAPSHOT).fetchall()
    if not snapshots:
        return look()
    key = (str(snapshots[0][0]), what, scope)
    answer: Answer | None = _ANSWERS.get(key)
    if answer is None:
        answer = look()
        if len(_ANSWERS) >= _MOST_ANSWERS:
            _ANSWERS.clear()
        _ANSWERS[key] = answer
    return answer


_SNAPSHOT = "SELECT path FROM duckdb_databases() WHERE database_name = current_database() AND readonly"
_ANSWERS: dict[tuple[str, str, Scope], Any] = {}
_MOST_ANSWERS = 1000
