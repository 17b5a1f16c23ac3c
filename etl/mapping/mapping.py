"""A mapping turns any table into events: which column is which, and what each activity means.

It is a TOML file, read into `Mapping`; `etl.mapping.apply_mapping` applies it to rows. Without one a table
must already have the contract's columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from collections.abc import Mapping as Members
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails

from etl.contract.events import COLUMNS, is_custom
from etl.contract.instants import LocalTime
from etl.contract.kinds import DEFAULT_ACTOR, Kind
from etl.contract.names import Name
from etl.contract.sources import is_source_name
from etl.mapping.lookups import Lookup
from etl.mapping.sections import File, Identity, Section, Time
from etl.mapping.statements import (
    Mistake,
    Place,
    choice,
    constants_that_fit,
    lookups_that_exist,
    values_that_fit,
)
from etl.mapping.tables import with_tables
from etl.mapping.value_from import ColumnValue, LookupValue, ValueFrom, columns_of
from etl.messages import field_error
from etl.sources import FileForm
from etl.sources.table import CHANGE, CHANGES, PLACE, PLACES

NOTHING = "nothing"
"""What a mapping says of an activity, or a kind, from which no event is taken."""

OTHERS = "*"
"""What stands in a mapping for all that it does not list."""


def _contract_column(name: str) -> str:
    if name not in COLUMNS and not is_custom(name):
        raise field_error("mapping.unknown_column", column=name, columns=list(COLUMNS))
    return name


def _source_name(name: str) -> str:
    if not is_source_name(name):
        raise field_error("source.wrong_name", name=name)
    return name


def _as_kinds(kinds: Any) -> Any:
    if kinds == NOTHING:
        return []
    if isinstance(kinds, str):
        raise field_error("mapping.no_list_of_kinds", text=kinds)
    return kinds


ContractColumn = Annotated[str, AfterValidator(_contract_column)]


class RowEvent(Section):
    """An event that a row gives beside its activity, on a condition."""

    kind: Kind
    when: dict[str, list[Name]] = Field(
        default_factory=dict, description="Source column → the texts it must have; '' is an empty cell."
    )
    unless: dict[str, list[Name]] = Field(
        default_factory=dict, description="Source column → the texts it must not have; '' is an empty cell."
    )
    columns: Members[ContractColumn, ColumnValue] | None = Field(
        default=None,
        description="Take these columns alone; rows that repeat them give one and the same event.",
    )
    constants: dict[ContractColumn, str] = Field(
        default_factory=dict, description="Contract column → the value that this event has."
    )


class Mapping(Section):
    """What the columns and activities of one source mean."""

    source: Annotated[str, AfterValidator(_source_name)] | None = Field(
        default=None, description="The system it comes from, where a warehouse holds several."
    )
    guided: bool | None = Field(
        default=None,
        description="Whether its workflows guide agents step by step, or are logs of states; told from the "
        "rows unless stated.",
    )
    columns: Members[ContractColumn, ColumnValue] = Field(
        default_factory=dict, description="Contract column → source column, or how it is made of columns."
    )
    constants: dict[ContractColumn, str] = Field(
        default_factory=dict, description="Contract column → the value that every row has."
    )
    values: dict[ContractColumn, dict[Name, str]] = Field(
        default_factory=dict,
        description="Contract column → its words in the source → ours; '*' stands for all others.",
    )
    null: list[Name] = Field(default_factory=list, description="Texts that mean: not known.")
    time: Time = Time()
    file: File = File()
    activity: str | None = Field(default=None, description="The source column that names what was done.")
    activities: dict[Name, Annotated[list[Kind], BeforeValidator(_as_kinds)]] = Field(
        default_factory=dict,
        description="Activity → the events it gives, in order, or 'nothing'; '*' stands for all others. "
        "Without '*', an activity that is not listed is rejected.",
    )
    event: list[RowEvent] = Field(default_factory=list, description="Further events given by a row.")
    identity: Identity = Identity()
    lookup: dict[str, Lookup] = Field(
        default_factory=dict, description="Tables in which rows are looked up by a key."
    )
    tables: dict[str, TableMapping] = Field(
        default_factory=dict, description="Tables of the source, each with a mapping of its own."
    )

    @model_validator(mode="before")
    @classmethod
    def _in_full(cls, stated: Any) -> Any:
        return with_tables(stated) if isinstance(stated, dict) else stated

    @model_validator(mode="after")
    def _keeps_to_the_contract(self) -> Mapping:
        mistakes = [
            InitErrorDetails(type=problem, loc=place, input=None) for place, problem in _mistakes_of(self)
        ]
        if mistakes:
            raise ValidationError.from_exception_data("Mapping", mistakes)
        return self

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
    def declared_zone(self) -> str | None:
        """The one zone of instants without an offset; None where none or several are declared."""
        instants = [value for ours, value in self._values if ours == "occurred_at"]
        zones = {
            (value.zone if isinstance(value, ValueFrom) else None) or self.time.zone for value in instants
        } or {self.time.zone}
        return zones.pop() if len(zones) == 1 else None

    @property
    def form(self) -> FileForm:
        """How the file is read."""
        return FileForm(self.file.delimiter, self.file.encoding, self.file.sheet, self.file.rows)

    @property
    def id_columns(self) -> set[tuple[str, str]]:
        """Every column of the contract that holds ids, with each column of the source it may come from."""
        ids = {name for name in COLUMNS if name.endswith("_id")}
        implied = {(name, name) for name in ids - self.constants.keys() - self.columns.keys()}
        pairs = ((ours, value) for ours, value in self._values if ours in ids)
        return implied | {(ours, theirs) for ours, value in pairs for theirs in columns_of(value)}

    @property
    def source_columns(self) -> set[str]:
        """Every column of the source that the mapping speaks of."""
        value_columns = {column for _, value in self._values for column in columns_of(value)}
        conditions = {self.change_columns.get(column, column) for column in self.condition_columns}
        return value_columns | conditions | {*self.identity.columns}

    @property
    def change_columns(self) -> dict[str, str]:
        """The columns of the source whose changes decide anything, by what conditions call the change."""
        return {
            column: column.removeprefix(CHANGE)
            for column in sorted(self.condition_columns)
            if column.startswith(CHANGE)
        }

    @property
    def joins(self) -> dict[str, LookupValue]:
        """The columns that are looked up, by the names that they have beside the rows' own."""
        return {value.joined: value for _, value in self._values if isinstance(value, LookupValue)}

    @property
    def _values(self) -> list[tuple[str, str | ValueFrom]]:
        """Each column of the contract that rows give, or an event with columns of its own, and its value."""
        sets = [self.columns, *(event.columns or {} for event in self.event)]
        return [pair for columns in sets for pair in columns.items()]

    @property
    def condition_columns(self) -> set[str]:
        """The columns of the source that decide which events a row gives."""
        conditions = {column for event in self.event for column in (*event.when, *event.unless)}
        return conditions | ({self.activity} if self.activity else set())

    @property
    def takes_columns(self) -> bool:
        """Whether an event is made of `columns` and of columns with a name of the contract."""
        has_kind = not self.activity and not self.event
        return has_kind or bool(self.activity) or any(event.columns is None for event in self.event)


def constants_of(event: RowEvent, mapping: Mapping) -> dict[str, str]:
    """The constants that an event has: those of the mapping that fit it, and its own in place of them.

    One with columns of its own is another event than the row's, so the row's actor is not its actor: that
    constant counts only where the kind has no usual actor, and those of a rating only for ratings.
    """
    own = event.columns
    if own is None:
        return mapping.constants | event.constants
    fitting = {
        name: value
        for name, value in mapping.constants.items()
        if name not in own
        and not (name == "actor" and event.kind in DEFAULT_ACTOR)
        and not (name in ("score", "scale_max") and event.kind != Kind.RATED)
    }
    return fitting | event.constants


def _mistakes_of(mapping: Mapping) -> Iterator[Mistake]:
    """What the form of a field does not show: keys that contradict the contract or one another."""
    yield from values_that_fit(("columns",), mapping.columns)
    yield from lookups_that_exist(("columns",), mapping.columns, mapping.lookup)
    yield from constants_that_fit(("constants",), mapping.constants)
    for name, words in mapping.values.items():
        for word, ours in words.items():
            yield from choice(
                ("values", name, word), name, ours, more=(NOTHING,) if name == "kind" else ("",)
            )
    for number, event in enumerate(mapping.event):
        place: Place = ("event", number)
        yield from constants_that_fit((*place, "constants"), event.constants)
        yield from _places_that_are_none(place, event)
        if event.columns is None:
            continue
        yield from values_that_fit((*place, "columns"), event.columns)
        yield from lookups_that_exist((*place, "columns"), event.columns, mapping.lookup)
        if "kind" in event.columns:
            yield (*place, "columns", "kind"), field_error("mapping.kind_twice", kind=event.kind.value)
        for name in event.columns.keys() & event.constants.keys():
            yield (*place, "constants", name), field_error("mapping.column_and_constant", column=name)
        constants = constants_of(event, mapping)
        missing = [name for name in ("ticket_id", "occurred_at") if name not in {*event.columns, *constants}]
        if missing:
            yield (*place, "columns"), field_error("mapping.event_needs", columns=missing)


def _places_that_are_none(place: Place, event: RowEvent) -> Iterator[Mistake]:
    """A place or change that no row has is a slip; a text that no cell has may be a rare one."""
    for condition, texts in (("when", event.when), ("unless", event.unless)):
        for column in texts:
            choices = PLACES if column == PLACE else CHANGES if column.startswith(CHANGE) else None
            for text in texts[column] if choices else ():
                if choices and text not in choices:
                    wrong = field_error("mapping.no_choice", value=text, choices=list(choices))
                    yield (*place, condition, column), wrong


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
