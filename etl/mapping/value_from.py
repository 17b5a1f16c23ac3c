"""Where a value comes from: a column as it stands, or a table that says how it is made of columns.

`"Created"` is the column. `{ from = "Created", zone = "Europe/Rome" }` reads it in its own way,
`{ from = ["Date", "Time"] }` joins two with a blank, and `{ from = "Created", plus = "Wait", unit =
"minutes" }` is the instant that comes a duration later. `{ from = "author_id", lookup = "users", column =
"role" }` is what another table has for the key in a column.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_serializer,
    model_validator,
)

from etl.contract import time_zones
from etl.contract.instants import LocalTime
from etl.contract.names import Name
from etl.contract.time_formats import is_format
from etl.messages import field_error

Unit = Literal["milliseconds", "seconds", "minutes", "hours", "days", "h:mm:ss"]
MICROSECONDS: dict[str, int] = {
    "milliseconds": 1_000,
    "seconds": 1_000_000,
    "minutes": 60_000_000,
    "hours": 3_600_000_000,
    "days": 86_400_000_000,
}


def _existing_zone(zone: str) -> str:
    try:
        time_zones.zone(zone)
    except LookupError as error:
        raise field_error("mapping.unknown_zone", zone=zone) from error
    return zone


def _readable_format(form: str) -> str:
    if not is_format(form):
        raise field_error("mapping.wrong_format", format=form)
    return form


Zone = Annotated[str, AfterValidator(_existing_zone)]
TimeFormat = Annotated[str, AfterValidator(_readable_format)]


def as_list(columns: Any) -> Any:
    """One column alone as a list of it; anything else as it is."""
    return [columns] if isinstance(columns, str) else columns


class ValueFrom(BaseModel):
    """How a value is made of columns. All but `sources` is for instants: `occurred_at` and `recorded_at`."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, serialize_by_alias=True)

    sources: Annotated[list[str], BeforeValidator(as_list)] = Field(
        alias="from", min_length=1, max_length=2, description="The column; or two, of a date and its time."
    )
    zone: Zone | None = Field(default=None, description="IANA time zone of naive times in it.")
    format: TimeFormat | None = Field(default=None, description="The form of its times.")
    plus: str | None = Field(default=None, description="A column of durations that are added.")
    minus: str | None = Field(default=None, description="A column of durations that are subtracted.")
    unit: Unit | None = Field(default=None, description="What the durations count.")

    @field_serializer("sources")
    def _as_written(self, sources: list[str]) -> str | list[str]:
        return sources[0] if len(sources) == 1 else sources

    @model_validator(mode="after")
    def _has_one_duration_and_its_unit(self) -> ValueFrom:
        if self.plus and self.minus:
            raise field_error("mapping.plus_and_minus")
        if (self.plus or self.minus) and not self.unit:
            raise field_error("mapping.no_unit", units=[*MICROSECONDS, "h:mm:ss"])
        if self.unit and not (self.plus or self.minus):
            raise field_error("mapping.unit_alone")
        return self

    @property
    def is_of_instants(self) -> bool:
        """Whether it says what only instants have."""
        return len(self.sources) > 1 or bool(self.zone or self.format or self.plus or self.minus)

    @property
    def columns(self) -> list[str]:
        """Every column of the source that it needs."""
        return [*self.sources, *filter(None, (self.plus, self.minus))]

    def local_time(self, default: LocalTime) -> LocalTime:
        """How its times are read: what is not said here is as in the whole file."""
        return LocalTime(self.zone or default.zone, self.format or default.format)


class LookupValue(ValueFrom):
    """A value that another table has: `sources` is the one column whose values are looked up as keys there.

    What is looked up stands in a column of its own beside the rows' columns, before anything else is done.
    """

    sources: Annotated[list[str], BeforeValidator(as_list)] = Field(
        alias="from", min_length=1, max_length=1, description="The column whose value is looked up."
    )
    lookup: str = Field(min_length=1, description="The name of the lookup.")
    column: str = Field(min_length=1, description="The column of its table.")
    values: dict[Name, str] = Field(default_factory=dict, description="Its words → ours.")

    @property
    def key(self) -> str:
        """The column whose values are looked up."""
        return self.sources[0]

    @property
    def joined(self) -> str:
        """The name of the column that is looked up."""
        return f"{self.key} → {self.lookup}.{self.column}"

    @property
    def columns(self) -> list[str]:
        """Every column that it needs, the one that is looked up in place of its key."""
        return [self.joined, *super().columns[1:]]


NAME, TABLE, LOOKUP = ":name", ":table", ":lookup"
"""Which of the forms a place in a mapping has; no part of what a person reads."""


def _form_of(value: Any) -> str:
    if isinstance(value, str):
        return NAME
    is_looked_up = "lookup" in value if isinstance(value, dict) else isinstance(value, LookupValue)
    return LOOKUP if is_looked_up else TABLE


ColumnValue = Annotated[
    Annotated[str, Tag(NAME)] | Annotated[ValueFrom, Tag(TABLE)] | Annotated[LookupValue, Tag(LOOKUP)],
    Discriminator(_form_of),
]


def columns_of(value: str | ValueFrom) -> list[str]:
    """The columns of the source that a value needs."""
    return [value] if isinstance(value, str) else value.columns
