"""Tickets that belong together: one run goes over them, or one was merged into another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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


def linked_groups(archive: Archive, directory: Path, unique: RunIds) -> list[frozenset[str]]:
    """The tickets that belong together, those alone left out: by runs as facts take them, and by merges.

    Facts look at the events that stand, the archive has the rows that lost against them, too. A run that is
    one by either links its tickets. The warehouse in `directory`, which nobody else may be writing to, is
    brought up to the archive.
    """
    neighbours: dict[str, set[str]] = {}
    for one, other in _pairs(archive, directory, unique):
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


def _pairs(archive: Archive, directory: Path, unique: RunIds) -> Iterator[tuple[str, str]]:
    files = [str(archive.segment(name)) for record in archive.loads() for name in record.segments]
    if not files:
        return
    with open_with_lock(directory) as warehouse:
        catch_up(warehouse, archive)
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
