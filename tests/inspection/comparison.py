"""What `inspect` wrote for a file, loaded, beside what is right."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from dashboard.language.mapping_text import mapping_text
from etl.contract.instants import Bounds
from etl.errors import StepsightError
from etl.mapping.inspect import inspect, write_mapping
from etl.mapping.mapping_file import read_mapping
from etl.store.archive import Archive
from etl.store.load import load
from etl.store.load_report import FileReport
from etl.store.warehouse import open_writer
from metrics.query.measure import measure
from metrics.refresh.facts import refresh
from tests.inspection.expectation import NOTHING, Expectation, RightEvent
from tests.inspection.mapping_uses import column_uses, is_right

Key = tuple[str, str, datetime]
"""Ticket, kind and instant of an event."""

NOW = datetime(2027, 1, 1, tzinfo=UTC)
OF_EVERY_TICKET = {"customer_id", "channel", "reason", "priority"}
OF_SOME_EVENT = {"agent_id", "team", "score", "actor", "recorded_at"}
SHARE_OF_COLUMNS = 0.9


class Share(NamedTuple):
    """How many of how many are right."""

    right: int
    total: int

    def __add__(self, other: tuple[int, ...]) -> Share:
        return Share(self.right + other[0], self.total + other[1])

    def __str__(self) -> str:
        return f"{self.right} of {self.total}"

    def reaches(self, share: float) -> bool:
        return self.right >= share * self.total


@dataclass
class Outcome:
    """How far the mapping that `inspect` wrote is right for one file.

    `wrong_columns`: column → why. `wrong_instants`: events that are nowhere in the expectation, or at another
    instant. `events`: kind → how many are right of how many there should be; `missed_events`: rules of which
    fewer came out than they need. `problem`: why nothing could be loaded.
    """

    expectation: Expectation
    wrong_columns: dict[str, str] = field(default_factory=dict)
    wrong_instants: list[str] = field(default_factory=list)
    events: dict[str, Share] = field(default_factory=dict)
    missed_events: list[str] = field(default_factory=list)
    wrong_facts: list[str] = field(default_factory=list)
    rows: int = 0
    rejected: int = 0
    problem: str = ""

    @property
    def columns(self) -> Share:
        """All columns of the file."""
        return self._share(list(self.expectation.columns_with_roles))

    @property
    def required_columns(self) -> Share:
        """Those that must be used."""
        roles = self.expectation.columns_with_roles
        return self._share([name for name, names in roles.items() if NOTHING not in names])

    def _share(self, names: list[str]) -> Share:
        return Share(sum(name not in self.wrong_columns for name in names), len(names))

    @property
    def rejects_everything(self) -> bool:
        """Of a file that needs no other table beside it."""
        is_lost = bool(self.problem) or (self.rows > 0 and self.rejected == self.rows)
        return is_lost and self.expectation.loads_alone

    @property
    def is_right(self) -> bool:
        wrong = (self.wrong_columns, self.wrong_instants, self.missed_events, self.wrong_facts)
        return not any(wrong) and not self.rejects_everything


def outcome(expectation: Expectation, folder: Path) -> Outcome:
    """Inspect the file, load it by what was written into a warehouse under `folder`, and compare."""
    file = folder / "mapping.toml"
    try:
        write_mapping(mapping_text(inspect(expectation.source, bounds=Bounds.of_load(NOW))), file)
    except StepsightError as error:
        wrong = dict.fromkeys(expectation.columns_with_roles, "not inspected")
        return Outcome(expectation, wrong_columns=wrong, problem=str(error))
    return outcome_of(file, expectation, folder)


def outcome_of(file: Path, expectation: Expectation, folder: Path) -> Outcome:
    """The same for a mapping that is there already."""
    result = Outcome(expectation)
    roles = expectation.columns_with_roles
    content = tomllib.loads(file.read_text("utf-8"))
    uses = column_uses(content, set(roles))
    for column, names in roles.items():
        if not is_right(uses.get(column, set()), names):
            used = " + ".join(sorted(uses.get(column, set()) - {"condition"})) or NOTHING
            result.wrong_columns[column] = f"{used}, not {' or '.join(names)}"
    for group in expectation.either:
        if not any(group.role in uses.get(column, set()) for column in group.columns):
            result.wrong_columns[group.columns[0]] = f"{NOTHING}, not {group.role}"
    with open_writer(folder / "warehouse") as connection:
        report = _load(expectation, file, connection, folder, result)
        result.rows, result.rejected = report.read, report.rejected
        if report.error or not report.loaded:
            result.problem = str(report.error or report.reasons or "no row tells an event")
            return result
        events = pl.DataFrame(connection.table("events").to_arrow_table())
        if prefix := content.get("source"):
            events = events.with_columns(pl.col("ticket_id").str.strip_prefix(f"{prefix}:"))
        ticket = next((name for name, used in uses.items() if "ticket_id" in used), "ticket_id")
        _compare_reach(result, events, roles, uses)
        if expectation.event and ticket in expectation.rows[0]:
            _compare_events(result, events, ticket)
        _compare_facts(result, events, report, connection)
    return result


def is_good(results: Sequence[Outcome]) -> bool:
    """Nine in ten columns are right, also of those that tell something, and nothing else is wrong."""
    nothing = Share(0, 0)
    columns = sum((result.columns for result in results), nothing)
    required = sum((result.required_columns for result in results), nothing)
    flaws = any(
        result.wrong_instants or result.rejects_everything or result.wrong_facts or result.missed_events
        for result in results
    )
    return columns.reaches(SHARE_OF_COLUMNS) and required.reaches(SHARE_OF_COLUMNS) and not flaws


def _load(
    expectation: Expectation, file: Path, connection: duckdb.DuckDBPyConnection, folder: Path, result: Outcome
) -> FileReport:
    try:
        mapping = read_mapping(file)
        archive = Archive(folder / "warehouse" / "archive")
        return load([expectation.source], connection, archive, now=NOW, mapping=mapping).files[0]
    except StepsightError as error:
        result.problem = str(error)
        return FileReport(path=str(expectation.source))


def _compare_reach(
    result: Outcome, events: pl.DataFrame, roles: dict[str, list[str]], uses: dict[str, set[str]]
) -> None:
    """A column that is mapped, and of which no event has a value, is wrong."""
    tickets = events["ticket_id"].n_unique()
    rows = result.expectation.rows if result.expectation.event else []
    for column, used in uses.items():
        values = sum(bool(row.get(column)) for row in rows)
        for name in used & (OF_EVERY_TICKET | OF_SOME_EVENT) & set(roles.get(column, [])):
            tickets_with_it = events.filter(pl.col(name).is_not_null())["ticket_id"].n_unique()
            of_every_row = name in OF_EVERY_TICKET and values == len(rows)
            if values and (not tickets_with_it or (of_every_row and tickets_with_it < 0.9 * tickets)):
                result.wrong_columns[column] = f"{name} of {tickets_with_it} of {tickets} tickets only"


def _compare_events(result: Outcome, events: pl.DataFrame, ticket: str) -> None:
    there = {
        (name, kind, instant): (actor, None if score is None else score / scale)
        for name, kind, instant, actor, score, scale in events.select(
            "ticket_id", "kind", "occurred_at", "actor", "score", "scale_max"
        ).iter_rows()
    }
    right: dict[Key, list[RightEvent]] = defaultdict(list)
    shares: dict[tuple[str, ...], Share] = {}
    failures: dict[str, str] = {}
    successes: set[str] = set()
    for place, rule in enumerate(result.expectation.event):
        of_rule = set(result.expectation.right_events(rule, ticket))
        for event in of_rule:
            for kind in event.kinds:
                right[event.ticket, kind, event.instant].append(event)
        share = Share(sum(_comes_out(event, there) for event in of_rule), len(of_rule))
        choice = rule.choice or str(place)
        if share.reaches(rule.at_least):
            successes.add(choice)
        else:
            kinds = " or ".join(dict.fromkeys(kind for event in of_rule for kind in event.kinds))
            failures[choice] = f"{kinds} by {rule.at}: {share}"
    result.missed_events = [text for choice, text in failures.items() if choice not in successes]
    for event in {event for events in right.values() for event in events}:
        shares[event.kinds] = shares.get(event.kinds, Share(0, 0)) + Share(_comes_out(event, there), 1)
    result.events = {" or ".join(kinds): share for kinds, share in sorted(shares.items())}
    wrong = [key for key in there if not any(_agrees(event, key[1], there) for event in right.get(key, []))]
    result.wrong_instants = [
        f"{kind} of {name} at {instant:%Y-%m-%d %H:%M:%SZ}" for name, kind, instant in wrong
    ]


def _comes_out(event: RightEvent, there: dict[Key, tuple[str, float | None]]) -> bool:
    return any(_agrees(event, kind, there) for kind in event.kinds)


def _agrees(event: RightEvent, kind: str, there: dict[Key, tuple[str, float | None]]) -> bool:
    key = (event.ticket, kind, event.instant)
    if key not in there:
        return False
    actor, score = there[key]
    is_score_right = event.score is None or (score is not None and abs(score - event.score) < 1e-9)
    return is_score_right and event.actor in (None, actor)


def _compare_facts(
    result: Outcome, events: pl.DataFrame, report: FileReport, connection: duckdb.DuckDBPyConnection
) -> None:
    facts = result.expectation.facts
    checks: list[tuple[str, object, object]] = [("tickets", events["ticket_id"].n_unique(), facts.tickets)]
    if kinds := result.expectation.required_kinds:  # what may but need not be told is no part of the facts
        events = events.filter(pl.col("kind").is_in(kinds))
    if facts.first:
        checks.append(("first", events["occurred_at"].min(), facts.first))
    if facts.last:
        checks.append(("last", events["occurred_at"].max(), facts.last))
    if report.rejected > facts.rejected_at_most:
        checks.append(("rejected rows", report.rejected, facts.rejected_at_most))
    if facts.median_first_response_minutes is not None and "replied" in events["kind"]:
        refresh(connection)
        median = measure(connection, ["first_response_minutes"])["value"].item()
        rounded = None if median is None else round(median, 2)
        checks.append(("median first response", rounded, facts.median_first_response_minutes))
    result.wrong_facts = [f"{name} {got}, not {right}" for name, got, right in checks if got != right]
