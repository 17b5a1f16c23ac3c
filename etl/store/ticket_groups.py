"""Tickets that belong together: one run goes over them, or one was merged into another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb
import polars as pl

from etl.contract.kinds import STEP_KINDS
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.warehouse import open_with_lock

RunIds = Literal["source", "ticket"] | None
"""Within what a run id is unique, as `[runs] unique` of the settings states it."""
_MOST_TICKETS = 3


class _Turn(NamedTuple):
    """A run's turn in a ticket, and the customers that the ticket names: the least and the greatest."""

    ticket: str
    first_customer: str | None
    last_customer: str | None
    started_at: int
    last_event_at: int


@dataclass(frozen=True)
class Retention:
    """From when on tickets are kept. `run_ids`: within what run ids are unique, as the settings state it."""

    first: datetime
    run_ids: RunIds = None

    @classmethod
    def of_months(cls, months: int, now: datetime, run_ids: RunIds) -> Retention:
        """Tickets with an event in the last months are kept."""
        return cls(pl.Series([now]).dt.offset_by(f"-{months}mo").item(), run_ids)


def old_tickets(
    retention: Retention,
    archive: Archive,
    warehouse: duckdb.DuckDBPyConnection,
    staged: Sequence[Path] = (),
) -> set[str]:
    """Tickets whose last event is too old, among what is archived and what is staged.

    Whole tickets go or stay, and those that a run or a merge links together: half would give wrong numbers.
    The warehouse must be up to the archive. Where files are `staged` and none of their tickets is old, there
    are none: what is archived is not grouped for that.
    """
    files = [*_segments(archive), *map(str, staged)]
    if not files:
        return set()
    values = {"files": files, "first": retention.first}
    if staged and not _rows(warehouse, _STAGED_OLDER_THAN, values | {"staged": [*map(str, staged)]}):
        return set()
    older = {ticket for (ticket,) in _rows(warehouse, _OLDER_THAN, values)}
    groups = _groups(_pairs(archive, warehouse, retention.run_ids, staged)) if older else []
    return older - {ticket for group in groups if not group <= older for ticket in group}


def linked_groups(archive: Archive, directory: Path, unique: RunIds) -> list[frozenset[str]]:
    """The tickets that belong together, those alone left out: by runs as facts take them, and by merges.

    Facts look at the events that stand, the archive has the rows that lost against them, too. A run that is
    one by either links its tickets. The warehouse in `directory`, which nobody else may be writing to, is
    brought up to the archive.
    """
    with open_with_lock(directory) as warehouse:
        catch_up(warehouse, archive)
        return _groups(_pairs(archive, warehouse, unique))


def _groups(pairs: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    neighbours: dict[str, set[str]] = {}
    for one, other in pairs:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    groups: list[frozenset[str]] = []
    in_groups: set[str] = set()
    for ticket in neighbours:
        if ticket not in in_groups:
            groups.append(_reached(ticket, neighbours))
            in_groups |= groups[-1]
    return groups


def linked_to(tickets: Collection[str], archive: Archive, directory: Path, unique: RunIds) -> set[str]:
    """Tickets and all that belong together with them."""
    groups = [group for group in linked_groups(archive, directory, unique) if not group.isdisjoint(tickets)]
    return {*tickets, *(ticket for group in groups for ticket in group)}


def _reached(ticket: str, neighbours: dict[str, set[str]]) -> frozenset[str]:
    group, ahead = {ticket}, [ticket]
    while ahead:
        new = neighbours[ahead.pop()] - group
        group |= new
        ahead += new
    return frozenset(group)


def _segments(archive: Archive) -> list[str]:
    return [str(archive.segment(name)) for record in archive.loads() for name in record.segments]


def _pairs(
    archive: Archive, warehouse: duckdb.DuckDBPyConnection, unique: RunIds, staged: Sequence[Path] = ()
) -> Iterator[tuple[str, str]]:
    files = [*_segments(archive), *map(str, staged)]
    if not files:
        return
    yield from _rows(warehouse, _MERGES, {"files": files})
    if unique == "ticket":
        return
    kinds = sorted(STEP_KINDS)
    for query, values in (
        (_TURNS_ARCHIVED, {"kinds": kinds, "files": files}),
        (_TURNS, {"kinds": kinds}),
    ):
        by_run: dict[str, list[_Turn]] = {}
        for run_id, *turn in _rows(warehouse, query, values):
            by_run.setdefault(run_id, []).append(_Turn(*turn))
        for turns in by_run.values():
            if unique == "source" or _is_one_run(turns):
                yield from pairwise(turn.ticket for turn in turns)


def _is_one_run(turns: list[_Turn]) -> bool:
    if len(turns) > _MOST_TICKETS:
        return False
    in_order = sorted(turns, key=lambda turn: (turn.started_at, turn.last_event_at))
    both = ((turn.first_customer, turn.last_customer) for turn in turns)
    customers = {customer for pair in both for customer in pair} - {None}
    in_turn = all(one.last_event_at <= other.started_at for one, other in pairwise(in_order))
    return len(customers) <= 1 and in_turn


def _rows(warehouse: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    return pl.DataFrame(warehouse.sql(query, params=values).to_arrow_table()).rows()


_OLDER_THAN = """
SELECT ticket_id FROM read_parquet($files) GROUP BY ticket_id HAVING max(occurred_at) < $first
"""
_STAGED_OLDER_THAN = """
SELECT ticket_id FROM read_parquet($files)
WHERE ticket_id IN (SELECT ticket_id FROM read_parquet($staged))
GROUP BY ticket_id
HAVING max(occurred_at) < $first
LIMIT 1
"""
_MERGES = """
SELECT DISTINCT ticket_id, value FROM read_parquet($files)
WHERE kind = 'merged' AND value <> ticket_id AND value IN (SELECT ticket_id FROM read_parquet($files))
ORDER BY ALL
"""
_TURNS = """
WITH turns AS (
    SELECT run_id, ticket_id, epoch_us(min(occurred_at)) AS started_at, epoch_us(max(occurred_at)) AS ended_at
    FROM events
    WHERE run_id IS NOT NULL AND kind IN (SELECT unnest($kinds))
    GROUP BY run_id, ticket_id
    QUALIFY count(*) OVER (PARTITION BY run_id) > 1
),
customers AS (
    SELECT ticket_id, min(customer_id) AS first, max(customer_id) AS last
    FROM events SEMI JOIN turns USING (ticket_id)
    GROUP BY ticket_id
)
SELECT run_id, ticket_id, first, last, started_at, ended_at
FROM turns JOIN customers USING (ticket_id)
ORDER BY ALL
"""
_ARCHIVED = "(SELECT ticket_id, run_id, kind, occurred_at, customer_id FROM read_parquet($files))"
_TURNS_ARCHIVED = _TURNS.replace("FROM events", f"FROM {_ARCHIVED}")
