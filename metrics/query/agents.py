"""Whose work stands behind the groups of a desk: small tables of agents, read once for a snapshot.

Agents are those who did something in tickets that count, or at steps that were visited. They are counted over
all data: a group does not become small because a week was quiet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import duckdb
import polars as pl
from sqlglot import exp

from etl.contract.time_zones import zone
from etl.health.profile import has_table
from metrics.catalog.dimensions import TICKET_AGENTS, VISITS, column, dimensions
from metrics.query.run import run_query
from metrics.query.scope import Scope, parameters
from metrics.statistics.evidence import LEAST_GROUP

FACTS = {TICKET_AGENTS: "arrived_at", VISITS: "entered_at"}
"""The relations that name agents, each with the instant by which its rows fall into periods."""
CALENDAR = ("day", "hour", "weekday")
"""Groups of a calendar that are groups of agents: seven days and more are none."""
_JUDGED = {"title", "kind"}
"""Dimensions that only visits with all their signs have; the rest is known without, which is cheaper."""
Answer = TypeVar("Answer")


def is_guarded(name: str, fact: str, scope: Scope) -> bool:
    """Whether groups by a dimension are groups of agents, as the rows of `fact` name them."""
    each = dimensions(scope.dimensions)[name]
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
    connection: duckdb.DuckDBPyConnection, fact: str, names: tuple[str, ...], scope: Scope
) -> pl.DataFrame:
    """One row per agent and combination of values of these dimensions, over all data.

    Of the scope only its time zone and its dimensions are used.
    """
    desk = Scope(time_zone=scope.time_zone, dimensions=scope.dimensions)
    names = tuple(sorted(set(names)))

    def read() -> pl.DataFrame:
        relation = "reportable_visits" if fact == VISITS and not _JUDGED.intersection(names) else fact
        groups = [
            exp.alias_(column(name, fact=fact, date=FACTS[fact], custom=desk.dimensions), name)
            for name in names
        ]
        query = exp.select(*groups, "agent_id").distinct().from_(relation)
        query = query.where("NOT agent_id IS NULL")
        return run_query(connection, query, parameters(desk, query))

    return once(connection, f"agents {fact} {names}", desk, read)


def days_of_data(connection: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[date, date] | None:
    """The first and the last local day of the data; None without events."""

    def read() -> tuple[date, date] | None:
        at = exp.column("occurred_at")
        query = exp.select(exp.Min(this=at).as_("first"), exp.Max(this=at.copy()).as_("last"))
        first, last = run_query(connection, query.from_("events")).row(0)
        there = zone(scope.time_zone)
        return None if first is None else (first.astimezone(there).date(), last.astimezone(there).date())

    return once(connection, "days", Scope(time_zone=scope.time_zone), read)


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
