"""A mapping turns any table into events: which column is which, and what each activity means.

It is a TOML file, read into `Mapping`; `told` applies it to rows. Without a mapping a table must
already have the contract's columns.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from etl.checking import LocalTime
from etl.errors import InvalidMapping, MissingColumns
from etl.events import COLUMNS
from etl.kinds import STEP_KINDS, Kind
from etl.sources import FileForm
from etl.sources.table import POSITION

FINGERPRINT = "fingerprint"
"""The text whose hash is the event's id where the source has none."""

RUN_COLUMNS = ("run_id", "workflow", "version", "step")


def _contract_column(name: str) -> str:
    if name not in COLUMNS:
        raise ValueError(f"'{name}' is no column of the contract; it has {', '.join(COLUMNS)}")
    return name


def _known_zone(zone: str) -> str:
    try:
        pl.Series([None], dtype=pl.Datetime("us")).dt.replace_time_zone(zone)
    except pl.exceptions.PolarsError as error:
        raise ValueError(
            f"'{zone}' is no IANA time zone; expected a name such as Europe/Berlin or UTC"
        ) from error
    return zone


ContractColumn = Annotated[str, AfterValidator(_contract_column)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Time(_Strict):
    """How instants are written that carry no offset of their own."""

    zone: Annotated[str, AfterValidator(_known_zone)] | None = Field(
        default=None, description="IANA time zone of naive times."
    )
    format: str | None = Field(default=None, description="Their form, as in %d/%m/%Y %H:%M.")


class File(_Strict):
    """How a text file is written."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    encoding: str = "utf-8"


class RowEvent(_Strict):
    """An event that a row tells beside its activity, on a condition."""

    kind: Kind
    when: dict[str, list[str]] = Field(
        default_factory=dict, description="Source column → the texts it must have."
    )
    unless: dict[str, list[str]] = Field(
        default_factory=dict, description="Source column → the texts it must not have."
    )
    columns: dict[ContractColumn, str] | None = Field(
        default=None,
        description="Take these columns alone; rows that repeat them tell one and the same event.",
    )


class Mapping(_Strict):
    """What the columns and activities of one source mean."""

    columns: dict[ContractColumn, str] = Field(
        default_factory=dict, description="Contract column → source column."
    )
    constants: dict[ContractColumn, str] = Field(
        default_factory=dict, description="Contract column → the value that every row has."
    )
    values: dict[ContractColumn, dict[str, str]] = Field(
        default_factory=dict, description="Contract column → its words in the source → ours."
    )
    null: list[str] = Field(default_factory=list, description="Texts that mean: not known.")
    time: Time = Time()
    file: File = File()
    activity: str | None = Field(default=None, description="The source column that names what was done.")
    activities: dict[str, list[Kind]] = Field(
        default_factory=dict,
        description="Activity → the events it tells, in order; '*' stands for all others. "
        "Without '*', an activity that is not listed is refused.",
    )
    event: list[RowEvent] = Field(default_factory=list, description="Further events told by a row.")

    @property
    def local_time(self) -> LocalTime:
        """How instants without an offset are read."""
        return LocalTime(self.time.zone, self.time.format)

    @property
    def form(self) -> FileForm:
        """How the text of the file is read."""
        return FileForm(self.file.delimiter, self.file.encoding)

    @property
    def source_columns(self) -> set[str]:
        """Every column of the source that the mapping speaks of."""
        conditions = (column for event in self.event for column in (*event.when, *event.unless))
        own = (column for event in self.event for column in (event.columns or {}).values())
        return {*self.columns.values(), *conditions, *own, *([self.activity] if self.activity else [])}


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        InvalidMapping: unreadable, not TOML, or with fields that are unknown or contradict the contract.
    """
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise InvalidMapping(f"The mapping {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMapping(f"The mapping {path} is not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidMapping(
            f"The mapping {path}, at {place}: {first['msg'].removeprefix('Value error, ')}."
        ) from error


@dataclass(frozen=True)
class Told:
    """The events that the rows of a table tell, unchecked.

    `events`: the contract's columns that the source knows, `FINGERPRINT`, and `position`: the row's number
    times `width` plus the event's place among the events of its row. `unknown`: the numbers of rows whose
    activity the mapping does not know.
    """

    events: pl.DataFrame
    width: int
    unknown: pl.Series


def told(rows: pl.DataFrame, mapping: Mapping) -> Told:
    """What rows of a table tell, by the mapping; the table must have all columns the mapping names."""
    columns = [name for name in rows.columns if name != POSITION]
    if not mapping.activity and not mapping.event:
        event_id = mapping.columns.get("event_id", "event_id")
        has_ids = event_id in columns and rows[event_id].null_count() == 0
        others = [] if has_ids else [name for name in columns if name != event_id]
        events = rows.select(
            pl.col(POSITION).alias("position"), _fingerprint(others), *_contract_columns(mapping, columns)
        )
        return Told(events, 1, rows[POSITION].clear())
    emissions = list(_emissions(mapping))
    width = max(emission.place for emission in emissions) + 1
    events = pl.concat(
        [_told_by(emission, rows, mapping, width) for emission in emissions], how="diagonal_relaxed"
    )
    return Told(events, width, _unknown_activities(rows, mapping))


@dataclass(frozen=True)
class _Emission:
    """One way in which a row tells an event."""

    place: int
    kind: Kind
    condition: pl.Expr
    columns: dict[str, str] | None = None


def require_columns(columns: list[str], mapping: Mapping, source: str) -> None:
    """Refuse a table that lacks columns.

    Raises:
        MissingColumns: it lacks columns that the mapping names, or that every event needs.
    """
    named = {name: mapping.columns.get(name, name) for name in ("ticket_id", "occurred_at", "kind")}
    needed = {
        column
        for name, column in named.items()
        if name not in mapping.constants and not (name == "kind" and (mapping.activity or mapping.event))
    }
    missing = sorted((needed | mapping.source_columns) - set(columns))
    if not missing:
        return
    hint = "Name its columns in a mapping and load it with --mapping."
    (only, *others) = columns or [""]
    if not others and (other := next((mark for mark in ";\t|," if mark in only), None)):
        hint = (
            f"Its one column holds '{other}': name the delimiter in a mapping, "
            f"as in [file] delimiter = {json.dumps(other)}."
        )
    found = ", ".join(repr(name) for name in columns[:20]) + (" …" if len(columns) > 20 else "")
    raise MissingColumns(
        f"{source} has no column {', '.join(repr(name) for name in missing)}; it has {found}. {hint}"
    )


def _emissions(mapping: Mapping) -> Iterator[_Emission]:
    places = max((len(kinds) for kinds in mapping.activities.values()), default=0)
    if mapping.activity:
        activity = pl.col(mapping.activity).cast(pl.String)
        others = ~activity.is_in([name for name in mapping.activities if name != "*"])
        for place in range(places):
            by_kind: dict[Kind, pl.Expr] = {}
            for name, kinds in mapping.activities.items():
                if place < len(kinds):
                    kind, is_it = kinds[place], others if name == "*" else activity == name
                    by_kind[kind] = by_kind[kind] | is_it if kind in by_kind else is_it
            for kind, condition in by_kind.items():
                yield _Emission(place, kind, condition)
    for place, event in enumerate(mapping.event, start=places):
        condition = pl.lit(value=True)
        for column, texts in event.when.items():
            condition &= pl.col(column).cast(pl.String).is_in(texts)
        for column, texts in event.unless.items():
            condition &= ~pl.col(column).cast(pl.String).is_in(texts)
        yield _Emission(place, event.kind, condition, event.columns)


def _told_by(emission: _Emission, rows: pl.DataFrame, mapping: Mapping, width: int) -> pl.DataFrame:
    rows = rows.filter(emission.condition.fill_null(value=False))
    available = [name for name in rows.columns if name != POSITION]
    if emission.columns is not None:
        available = []
        mapping = mapping.model_copy(update={"columns": emission.columns, "constants": {}})
    events = rows.select(
        (pl.col(POSITION) * width + emission.place).alias("position"),
        _fingerprint(available or list(mapping.columns.values()), emission.kind),
        *_contract_columns(mapping, available),
    ).with_columns(kind=pl.lit(emission.kind.value))
    if emission.kind in STEP_KINDS:
        return _as_step(events, mapping, rows)
    return events.drop(RUN_COLUMNS, strict=False)


def _as_step(events: pl.DataFrame, mapping: Mapping, rows: pl.DataFrame) -> pl.DataFrame:
    """An activity log without runs of its own is one run per ticket, each activity a step."""
    if "step" not in events.columns and mapping.activity:
        events = events.with_columns(rows[mapping.activity].cast(pl.String).alias("step"))
    if "run_id" not in events.columns:
        events = events.with_columns(run_id="ticket_id")
    return events


def _contract_columns(mapping: Mapping, available: list[str]) -> Iterator[pl.Expr]:
    """A column that already has the contract's name needs no line in the mapping."""
    for name in COLUMNS:
        if name in mapping.constants:
            yield pl.lit(mapping.constants[name]).alias(name)
            continue
        column = mapping.columns.get(name, name if name in available else None)
        if column is None:
            continue
        value = pl.col(column)
        if mapping.null:
            text = value.cast(pl.String)
            value = pl.when(~text.is_in(mapping.null)).then(value)
        if words := mapping.values.get(name):
            text = value.cast(pl.String)
            value = text.replace(list(words), list(words.values()))
        yield value.alias(name)


def _fingerprint(columns: list[str], kind: Kind | None = None) -> pl.Expr:
    """A row's content as one text; columns by name, nulls left out, so that neither changes it.

    Null without columns.
    """
    if not columns:
        return pl.lit(None, pl.String).alias(FINGERPRINT)
    parts = [pl.lit(f"{name}=") + pl.col(name).cast(pl.String) for name in sorted(columns)]
    if kind:
        parts.append(pl.lit(f"kind={kind}"))
    return pl.concat_str(parts, separator="\x1f", ignore_nulls=True).alias(FINGERPRINT)


def _unknown_activities(rows: pl.DataFrame, mapping: Mapping) -> pl.Series:
    if not mapping.activity:
        return rows[POSITION].clear()
    activity = rows[mapping.activity].cast(pl.String)
    known = activity.is_not_null() if "*" in mapping.activities else activity.is_in(list(mapping.activities))
    return rows[POSITION].filter(~known.fill_null(value=False))
