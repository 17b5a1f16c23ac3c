"""What is right for one export: the role of each column, the events that its rows tell, a few facts.

README.md here says what each field of an expectation file means.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from etl.contract.events import COLUMNS
from etl.contract.kinds import Kind
from tests.inspection.source_rows import Row, source_rows

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared"
ENDING = ".expected.toml"

NOTHING = "nothing"
ROLES = {NOTHING, "activity", "condition", "dimension", *COLUMNS, *Kind}
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Form(Strict):
    """How the instants of the export are written: for `strptime`, or `epoch`, `epoch_ms`; else ISO 8601."""

    format: str | None = None
    zone: str = "UTC"

    def instant(self, text: str) -> datetime:
        if self.format in {"epoch", "epoch_ms"}:
            seconds = float(text) / (1000 if self.format == "epoch_ms" else 1)
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        read = datetime.strptime(text, self.format) if self.format else datetime.fromisoformat(text)  # noqa: DTZ007
        return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(self.zone))).astimezone(UTC)


class Plus(Strict):
    """A duration in another column, which is added to the instant."""

    column: str
    unit: Literal["seconds", "minutes", "hours"]


class EventRule(Strict):
    """Which rows tell an event, when it happened, and how many of these events a mapping must give."""

    kind: Kind | list[Kind] = Field(default_factory=list)
    kind_from: str | None = None
    at: str
    date: str = ""
    plus: Plus | None = None
    when: dict[str, list[str]] = Field(default_factory=dict)
    unless: dict[str, list[str]] = Field(default_factory=dict)
    place: Literal["first", "last"] | None = None
    needed: float = 1.0
    choice: str = ""
    actor: str | None = None
    score_from: str | None = None
    scores: dict[str, float] = Field(default_factory=dict)
    scale: float | None = None

    def holds(self, row: Row) -> bool:
        return all(row[name] in texts for name, texts in self.when.items()) and not any(
            row[name] in texts for name, texts in self.unless.items()
        )

    def kinds(self, row: Row) -> list[str]:
        """The kind that a row tells, or those of which any is right."""
        if self.kind_from:
            return [row[self.kind_from]]
        return [str(kind) for kind in (self.kind if isinstance(self.kind, list) else [self.kind])]

    def score(self, row: Row) -> float | None:
        """The rating as a share of its scale; None where the rule states none."""
        if self.score_from is None:
            return None
        cell = row[self.score_from]
        return self.scores[cell] if self.scores else float(cell) / (self.scale or 1)


class Either(Strict):
    """Columns that say the same: one of them must have the role."""

    role: str
    columns: list[str]


class Facts(Strict):
    """What must come out when the mapping that `inspect` wrote is loaded."""

    tickets: int
    first: datetime | None = None
    last: datetime | None = None
    rejected_at_most: int = 0
    median_first_response_minutes: float | None = None


class RightEvent(NamedTuple):
    """An event that a row tells: when, by whom and how well rated, where a rule states these.

    `kinds`: any of them is right.
    """

    ticket: str
    kinds: tuple[str, ...]
    instant: datetime
    actor: str | None
    score: float | None


class Expectation(Strict):
    """What is right for one file."""

    path: Path
    system: str
    file: str
    documented: list[str]
    delimiter: str = ","
    encoding: str = "utf-8"
    skip_lines: int = 0
    records: str = ""
    null: list[str] = Field(default_factory=list)
    time: Form = Form()
    times: dict[str, Form] = Field(default_factory=dict)
    columns: dict[str, str | list[str]] = Field(default_factory=dict)
    either: list[Either] = Field(default_factory=list)
    event: list[EventRule] = Field(default_factory=list)
    loads_alone: bool = True
    large: bool = False
    facts: Facts

    @property
    def name(self) -> str:
        return f"{self.system}/{self.path.name.removesuffix(ENDING).removesuffix('.toml')}"

    @property
    def source(self) -> Path:
        return (SHARED if self.path.parent.name == "shared" else self.path.parent) / self.file

    @cached_property
    def rows(self) -> list[Row]:
        rows = source_rows(
            self.source,
            delimiter=self.delimiter,
            encoding=self.encoding,
            skip_lines=self.skip_lines,
            records=self.records,
        )
        names = {name: "" for row in rows for name in row}
        objects = {name[:end] for name in names for end in range(len(name)) if name[end] == "."}
        if ".json" in self.source.name:  # an object that is null in some rows is no column beside its members
            names = {name: "" for name in names if name not in objects}
            rows = [{name: cell for name, cell in row.items() if name in names} for row in rows]
        return [
            {name: "" if cell in self.null else cell for name, cell in (names | row).items()} for row in rows
        ]

    def roles(self, column: str) -> list[str]:
        """What a column may be; one with a name of the contract is that, unless the file says else."""
        stated = self.columns.get(column, column if column in COLUMNS else [])
        return [stated] if isinstance(stated, str) else stated

    @property
    def columns_with_roles(self) -> dict[str, list[str]]:
        """Every column of the export; where the standard library cannot read it, those of the expectation."""
        names = dict.fromkeys(self.columns)
        if self.event:
            names |= dict.fromkeys(name for row in self.rows[:1] for name in row)
        return {name: self.roles(name) for name in names}

    @property
    def needed_kinds(self) -> list[str]:
        """Kinds that must come out; none where the rows themselves name the kinds."""
        needed = [rule for rule in self.event if rule.needed]
        if any(rule.kind_from for rule in needed):
            return []
        return [kind for rule in needed for kind in rule.kinds({})]

    def right_events(self, rule: EventRule, ticket: str) -> Iterator[RightEvent]:
        """The events of a rule, each once; `ticket` is the column that tells tickets apart."""
        read: dict[str, list[tuple[datetime, Row]]] = defaultdict(list)
        for row in self.rows:
            if (
                row[rule.at]
                and row[ticket]
                and rule.holds(row)
                and not (rule.plus and not row[rule.plus.column])
            ):
                read[row[ticket]].append((self._instant(rule, row), row))
        for name, instants in read.items():
            for instant, row in self._placed(rule, name, ticket, instants):
                yield RightEvent(name, tuple(rule.kinds(row)), instant, rule.actor, rule.score(row))

    def _instant(self, rule: EventRule, row: Row) -> datetime:
        text = f"{row[rule.date]} {row[rule.at]}" if rule.date else row[rule.at]
        instant = self.times.get(rule.at, self.time).instant(text)
        if rule.plus:
            instant += timedelta(seconds=float(row[rule.plus.column]) * UNITS[rule.plus.unit])
        return instant

    def _placed(
        self, rule: EventRule, name: str, ticket: str, instants: list[tuple[datetime, Row]]
    ) -> list[tuple[datetime, Row]]:
        if rule.place is None:
            return instants
        end = min if rule.place == "first" else max
        of_all = end(instant for instant, _ in self._by_ticket(rule.at, ticket)[name])
        return [(instant, row) for instant, row in instants if instant == of_all]

    def _by_ticket(self, at: str, ticket: str) -> dict[str, list[tuple[datetime, Row]]]:
        key = (at, ticket)
        if key not in self._instants:
            read: dict[str, list[tuple[datetime, Row]]] = defaultdict(list)
            for row in self.rows:
                if row[at]:
                    read[row[ticket]].append((self.times.get(at, self.time).instant(row[at]), row))
            self._instants[key] = read
        return self._instants[key]

    @cached_property
    def _instants(self) -> dict[tuple[str, str], dict[str, list[tuple[datetime, Row]]]]:
        return {}


def read_expectation(path: Path) -> Expectation:
    """The expectation in a file; a role that does not exist is an error."""
    expectation = Expectation(path=path, **tomllib.loads(path.read_text("utf-8")))
    for column in expectation.columns:
        unknown = set(expectation.roles(column)) - ROLES
        if unknown:
            raise ValueError(f"{path}: {column} has unknown roles: {sorted(unknown)}")
    return expectation


def expectations() -> list[Expectation]:
    """All expectations; those for files that are not on this machine are among them."""
    paths = [*HERE.glob(f"*/*{ENDING}"), *(HERE / "shared").glob("*.toml")]
    return [read_expectation(path) for path in sorted(set(paths))]
