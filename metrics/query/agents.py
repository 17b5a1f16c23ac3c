"""Whose work stands behind the groups of a desk: small tables of agents, read once for a snapshot.

Agents are those who did something in tickets that count, or at steps that were visited. They are counted over
all data: a group does not become small because a week was quiet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import duckdb
import polars as pl
from sqlglot import exp

from etl.contract.time_zones import zone
from etl.health.profile import has_table
from metrics.catalog.dimensions import RATED, TICKET_AGENTS, TICKETS, TIMED, VISITS, column, dimensions
from metrics.query.run import run_query
from metrics.query.scope import Over, Scope, conditions, parameters
from metrics.statistics.evidence import LEAST_GROUP

FACTS = {TICKET_AGENTS: "arrived_at", VISITS: "entered_at"}
"""The relations that name agents, each with the instant by which its rows fall into periods."""
CALENDAR = ("day", "hour", "weekday")
"""Groups of a calendar that are groups of agents; seven days and more are none (see `cut_spans`)."""
_JUDGED = {"title", "kind"}
"""Dimensions that only visits with all their signs have; the rest is known without, which is cheaper."""
_SECOND = timedelta(seconds=1)
Answer = TypeVar("Answer")


def is_guarded(name: str, fact: str, scope: Scope) -> bool:
    """Whether groups by a dimension are groups of agents, as the rows of `fact` name them."""
    each = dimensions(scope.dimensions)[name]
    if each.is_outcome:
        return fact == TICKET_AGENTS
    return fact in each.facts and (each.is_listed or name in CALENDAR)


def smallest_group(connection: duckdb.DuckDBPyConnection) -> int:
    """The fewest agents that numbers may be about, as the settings said when the facts were made."""

    def read() -> int:
        if not has_table(connection, "small_group_rules"):
            return LEAST_GROUP
        return int(connection.execute("SELECT smallest_group FROM small_group_rules").fetchall()[0][0])

    return once(connection, "smallest group", Scope(), read)


def least_agents(connection: duckdb.DuckDBPyConnection) -> int:
    """The fewest agents of a group at a step, which is never below five: the statistics need as many."""
    return max(smallest_group(connection), LEAST_GROUP)


def desk_size(connection: duckdb.DuckDBPyConnection) -> int:
    """How many agents are recorded in all; where none are, nothing can be told of any."""
    everybody = [agents(connection, fact, (), Scope()) for fact in FACTS]
    return pl.concat(everybody)["agent_id"].n_unique()


def agents(
    connection: duckdb.DuckDBPyConnection,
    fact: str,
    names: tuple[str, ...],
    scope: Scope,
    days: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """One row per agent and combination of values of these dimensions, over all data or these `days` of it.

    Of the scope only its time zone and its dimensions are used.
    """
    first, last = days or (None, None)
    desk = Scope(time_zone=scope.time_zone, dimensions=scope.dimensions, start=first, end=last)
    names = tuple(sorted(set(names)))

    def read() -> pl.DataFrame:
        own, relation = _relation(fact, names, desk)
        groups = [
            exp.alias_(column(name, fact=own, date=FACTS[fact], custom=desk.dimensions), name)
            for name in names
        ]
        query = exp.select(*groups, "agent_id").distinct().from_(relation)
        query = query.where("NOT agent_id IS NULL", *conditions(desk, Over(own, FACTS[fact])))
        return run_query(connection, query, parameters(desk, query))

    return once(connection, f"agents {fact} {names}", desk, read)


def _relation(fact: str, names: tuple[str, ...], scope: Scope) -> tuple[str, exp.Expr]:
    """The fact that has these dimensions, and where to read its rows with the agents of each."""
    by_name = dimensions(scope.dimensions)
    if not any(by_name[name].is_outcome for name in names):
        is_bare = fact == VISITS and not _JUDGED.intersection(names)
        return fact, exp.to_table("reportable_visits" if is_bare else fact)
    fitting = (each for each in (TICKETS, TIMED, RATED) if all(each in by_name[name].facts for name in names))
    own = next(fitting, RATED)
    of_agents = exp.select("ticket_id", "agent_id").distinct().from_(TICKET_AGENTS).subquery("of_agents")
    rows = (
        exp.select(exp.column(exp.Star(), table=own), "agent_id")
        .from_(own)
        .join(of_agents, using=["ticket_id"])
    )
    return own, rows.subquery(own)


def days_of_data(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[date, date] | None:
    """The first and the last local day of the data; None without events."""
    there = zone(scope.time_zone)
    ends = _ends_of_data(connection)
    return (ends[0].astimezone(there).date(), ends[1].astimezone(there).date()) if ends else None


def period_of(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[date, date] | None:
    """The first and the last day of a scope of which the data tells all day; None without events.

    What is known at an instant ends with the last day that was over. The first is after the last where the
    scope has no such day.
    """
    days, ends = days_of_data(connection, scope), _ends_of_data(connection)
    if not (days and ends):
        return None
    first, last = max(scope.start or days[0], days[0]), min(scope.end or days[1], days[1])
    if scope.as_of and scope.as_of < ends[1]:
        over = (scope.as_of + _SECOND).astimezone(zone(scope.time_zone)).date() - timedelta(days=1)
        last = min(last, over)
    return first, last


def _ends_of_data(connection: duckdb.DuckDBPyConnection) -> tuple[datetime, datetime] | None:
    """The instants of the first and the last event; None without events."""

    def read() -> tuple[datetime, datetime] | None:
        at = exp.column("occurred_at")
        query = exp.select(exp.Min(this=at).as_("first"), exp.Max(this=at.copy()).as_("last"))
        first, last = run_query(connection, query.from_("events")).row(0)
        return None if first is None else (first, last)

    return once(connection, "ends", Scope(), read)


def once(
    connection: duckdb.DuckDBPyConnection, what: str, scope: Scope, read: Callable[[], Answer]
) -> Answer:
    """What `read` gives; once for a snapshot, for its file never changes, nor is its name given again."""
    snapshots = connection.execute(_SNAPSHOT).fetchall()
    if not snapshots:
        return read()
    key = (str(snapshots[0][0]), what, scope)
    if key in _ANSWERS:
        answer: Answer = _ANSWERS[key]
        return answer
    answer = read()
    if len(_ANSWERS) >= _MOST_ANSWERS:
        _ANSWERS.clear()
    _ANSWERS[key] = answer
    return answer


def clear_cache() -> None:
    """Keep nothing of snapshots that were replaced: who was forgotten must stand in no answer."""
    _ANSWERS.clear()


_SNAPSHOT = "SELECT path FROM duckdb_databases() WHERE database_name = current_database() AND readonly"
_ANSWERS: dict[tuple[str, str, Scope], Any] = {}
_MOST_ANSWERS = 1000
