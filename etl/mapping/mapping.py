"""A mapping turns any table into events: which column is which, and what each activity means.

It is a TOML file, read into `Mapping`; `etl.mapping.apply_mapping` applies it to rows. Without one a table
must already have the contract's columns.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from etl.contract import time_zones
from etl.contract.events import COLUMNS
from etl.contract.instants import LocalTime
from etl.contract.kinds import Kind
from etl.contract.time_formats import is_format
from etl.errors import InvalidMapping, MissingColumns
from etl.mapping.lookups import Join, Lookup, with_joins
from etl.mapping.tables import with_tables
from etl.mapping.toml_lines import line_of
from etl.messages import Message, field_error, field_problem, os_reason, some_names, toml_problem
from etl.sources import FileForm
from etl.sources.json_members import NESTED


def _contract_column(name: str) -> str:
    if name not in COLUMNS:
        raise field_error("mapping.unknown_column", column=name, columns=list(COLUMNS))
    return name


def _known_zone(zone: str) -> str:
    try:
        time_zones.zone(zone)
    except LookupError as error:
        raise field_error("mapping.unknown_zone", zone=zone) from error
    return zone


def _readable_format(form: str) -> str:
    if not is_format(form):
        raise field_error("mapping.wrong_format", format=form)
    return form


def _separating(delimiter: str) -> str:
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        raise field_error("mapping.wrong_delimiter", delimiter=delimiter)
    return delimiter


ContractColumn = Annotated[str, AfterValidator(_contract_column)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Time(_Strict):
    """How instants are written: their form, and the zone of those that carry no offset of their own."""

    zone: Annotated[str, AfterValidator(_known_zone)] | None = Field(
        default=None, description="IANA time zone of naive times."
    )
    format: Annotated[str, AfterValidator(_readable_format)] | None = Field(
        default=None, description="Their form, as in %d/%m/%Y %H:%M; or epoch, epoch_ms, epoch_us."
    )


class File(_Strict):
    """How a file is written."""

    delimiter: Annotated[str, AfterValidator(_separating)] | None = Field(
        default=None, description="What parts the fields of a text file; a comma unless stated."
    )
    encoding: str = Field(default="utf-8", description="The encoding of a text file.")
    decimal: Literal[".", ","] = Field(
        default=".", description="The decimal sign of numbers; with ',' a point parts thousands."
    )
    sheet: str | None = Field(default=None, description="The sheet of a workbook that has several.")
    rows: str | None = Field(default=None, description="The list of a JSON file that has several.")


class Identity(_Strict):
    """What makes an event one and the same, where a source has no id of its events."""

    columns: list[str] = Field(
        default_factory=list,
        description="Source columns; rows that agree in them and in the kind of event tell the same event.",
    )


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
    identity: Identity = Identity()
    lookup: dict[str, Lookup] = Field(
        default_factory=dict, description="Tables in which rows are looked up by a key."
    )
    joins: dict[str, Join] = Field(
        default_factory=dict, description="Columns that are looked up; made of what `columns` state."
    )
    tables: dict[str, TableMapping] = Field(
        default_factory=dict, description="Tables of the source, each with a mapping of its own."
    )

    @model_validator(mode="before")
    @classmethod
    def _in_full(cls, stated: Any) -> Any:
        return with_joins(with_tables(stated)) if isinstance(stated, dict) else stated

    @property
    def fingerprint(self) -> str:
        """Tells one mapping from another by what it says, not by how it is written."""
        stated = self.model_dump(mode="json", exclude_defaults=True)
        return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def local_time(self) -> LocalTime:
        """How instants without an offset are read."""
        return LocalTime(self.time.zone, self.time.format)

    @property
    def form(self) -> FileForm:
        """How the file is read."""
        return FileForm(self.file.delimiter, self.file.encoding, self.file.sheet, self.file.rows)

    @property
    def id_columns(self) -> set[tuple[str, str]]:
        """Every column of the contract that holds ids, with each column of the source it may come from."""
        ids = {name for name in COLUMNS if name.endswith("_id")}
        own = {pair for event in self.event for pair in (event.columns or {}).items()}
        named = {(name, self.columns.get(name, name)) for name in ids - self.constants.keys()}
        return named | {(ours, theirs) for ours, theirs in own if ours in ids}

    @property
    def source_columns(self) -> set[str]:
        """Every column of the source that the mapping speaks of."""
        conditions = (column for event in self.event for column in (*event.when, *event.unless))
        own = (column for event in self.event for column in (event.columns or {}).values())
        activity = [self.activity] if self.activity else []
        return {*self.columns.values(), *self.identity.columns, *conditions, *own, *activity}


class TableMapping(Mapping):
    """What the columns of one table of a source mean."""

    files: str = Field(min_length=1, description="The names of its files, as in *comments*.")

    @field_validator("tables")
    @classmethod
    def _has_no_tables(cls, tables: dict[str, TableMapping]) -> dict[str, TableMapping]:
        if tables:
            raise field_error("mapping.table_in_table")
        return tables


Mapping.model_rebuild()


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        InvalidMapping: unreadable, not TOML, or with fields that are unknown or contradict the contract.
    """
    text = ""
    try:
        text = path.read_text("utf-8")
        return Mapping.model_validate(tomllib.loads(text))
    except OSError as error:
        raise InvalidMapping("mapping.not_readable", path=path, reason=os_reason(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMapping("mapping.not_toml", path=path, reason=toml_problem(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        problem, line = field_problem(first), line_of(text, first["loc"])
        if line is None:
            raise InvalidMapping("mapping.wrong", path=path, place=place, problem=problem) from error
        raise InvalidMapping(
            "mapping.wrong_line", path=path, line=line, place=place, problem=problem
        ) from error


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
    hint = Message("file.name_columns")
    (only, *others) = columns or [""]
    if not others and (other := next((mark for mark in ";\t|," if mark in only), None)):
        hint = Message("file.name_delimiter", {"delimiter": other, "toml": json.dumps(other)})
    raise MissingColumns(
        "file.missing_columns", file=source, missing=missing, columns=some_names(columns), hint=hint
    )


def require_values(of_no_use: dict[str, str], mapping: Mapping, source: str) -> None:
    """Refuse a table of which a column is used that no event can be made of.

    Raises:
        MissingColumns: a column that the mapping names, or that has a name of the contract, holds lists, say.
    """
    implied = COLUMNS.keys() - mapping.columns.keys() - mapping.constants.keys()
    is_implied = mapping.activity or not all(event.columns is not None for event in mapping.event)
    used = mapping.source_columns | (implied if is_implied or not mapping.event else set())
    for column, held in of_no_use.items():
        if column in used:
            code = "file.nested_column" if held in NESTED else "file.column_of_no_use"
            raise MissingColumns(code, file=source, column=column, held=Message(held))


def zone_remarks(mapping: Mapping, source: str, stated: int, local: int) -> list[Message]:
    """That the declared zone changes nothing, where every instant of a source states its offset."""
    if not mapping.time.zone or not stated or local:
        return []
    return [Message("mapping.zone_unused", {"file": source, "zone": mapping.time.zone})]
