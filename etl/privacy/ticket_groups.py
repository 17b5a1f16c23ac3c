"""Tickets that belong together: one run goes over them, or one was merged into another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import duckdb
import polars as pl

from etl.contract.kinds import STEP_KINDS
from etl.store.archive import Archive

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


def linked_groups(archive: Archive, unique: RunIds) -> list[frozenset[str]]:
    """The tickets that belong together, those alone left out: by runs as facts take them, and by merges."""
    neighbours: dict[str, set[str]] = {}
    for one, other in _pairs(archive, unique):
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    groups: list[frozenset[str]] = []
    in_groups: set[str] = set()
    for ticket in neighbours:
        if ticket not in in_groups:
            groups.append(_reached(ticket, neighbours))
            in_groups |= groups[-1]
    return groups


def linked_to(tickets: Collection[str], archive: Archive, unique: RunIds) -> set[str]:
    """Tickets and all that belong together with them."""
    groups = [group for group in linked_groups(archive, unique) if not group.isdisjoint(tickets)]
    return {*tickets, *(ticket for group in groups for ticket in group)}


def _reached(ticket: str, neighbours: dict[str, set[str]]) -> frozenset[str]:
    group, ahead = {ticket}, [ticket]
    while ahead:
        new = neighbours[ahead.pop()] - group
        group |= new
        ahead += new
    return frozenset(group)


def _pairs(archive: Archive, unique: RunIds) -> Iterator[tuple[str, str]]:
    yield from _rows(archive, _MERGES, {})
    by_run: dict[str, list[_Turn]] = {}
    if unique != "ticket":
        for run_id, *turn in _rows(archive, _TURNS, {"kinds": sorted(STEP_KINDS)}):
            by_run.setdefault(run_id, []).append(_Turn(*turn))
    for turns in by_run.values():
        if unique == "source" or _is_one_run(turns):
            yield from pairwise(turn.ticket for turn in turns)


def _is_one_run(turns: list[_Turn]) -> bool:
    in_order = sorted(turns, key=lambda turn: (turn.started_at, turn.last_event_at))
    both = ((turn.first_customer, turn.last_customer) for turn in turns)
    customers = {customer for pair in both for customer in pair} - {None}
    in_turn = all(one.last_event_at <= other.started_at for one, other in pairwise(in_order))
    return len(turns) <= _MOST_TICKETS and len(customers) <= 1 and in_turn


def _rows(archive: Archive, query: str, values: dict[str, object]) -> list[tuple[Any, ...]]:
    segments = [str(archive.segment(name)) for record in archive.loads() for name in record.segments]
    if not segments:
        return []
    with duckdb.connect() as engine:
        return pl.DataFrame(engine.sql(query, params=values | {"files": segments}).to_arrow_table()).rows()


_MERGES = """
SELECT DISTINCT ticket_id, value FROM read_parquet($files)
WHERE kind = 'merged' AND value <> ticket_id AND value IN (SELECT ticket_id FROM read_parquet($files))
ORDER BY ALL
"""
_TURNS = """
WITH events AS (SELECT ticket_id, run_id, kind, occurred_at, customer_id FROM read_parquet($files)),
turns AS (
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
