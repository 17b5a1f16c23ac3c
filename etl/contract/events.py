"""The event contract: one row is one thing that happened in a ticket or in a workflow run.

`Event` is the single source of truth: the frame schema (`SCHEMA`), the set-wise rules (`etl.contract.gate`)
and the documentation of the contract (`etl.documentation`) are derived from its fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, get_args

import polars as pl
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from etl.contract.instants import BARE_NUMBER, SERIALS, Bounds, instant_of
from etl.contract.kinds import ACTOR_BY_NAME
from etl.contract.kinds import DEFAULT_ACTOR as DEFAULT_ACTOR
from etl.contract.kinds import RUN_KINDS as RUN_KINDS
from etl.contract.kinds import STEP_KINDS as STEP_KINDS
from etl.contract.kinds import Actor as Actor
from etl.contract.kinds import Kind as Kind
from etl.contract.names import BLANK, name_of


@dataclass(frozen=True)
class RequiredFor:
    """The column must be filled for these kinds; elsewhere it may be null."""

    kinds: frozenset[Kind]


@dataclass(frozen=True)
class Within:
    """Bounds of a number: at least `low` (or more than it), at most the row's value in another column."""

    low: float
    exclusive: bool = False
    at_most: str | None = None


# The textual forms a value may have. Plain enough that Python's and polars' regular expressions agree.
CUSTOM_COLUMN = r"custom_[a-z0-9_]{1,40}"
INTEGER = r"^[+-]?[0-9]{1,18}$"
NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"


def _text(value: object) -> object:
    """A text as the name it writes; one of nothing but blanks says nothing: unknown is null."""
    return name_of(value if isinstance(value, str) else str(value)) or None if value is not None else None


def _instant(value: object, info: ValidationInfo) -> object:
    """An instant in UTC, to the microsecond, between the bounds of the context if it has any."""
    if isinstance(value, str):
        if not (text := value.strip(BLANK)):
            return None
        value = instant_of(text)
        if value is None and (number := re.match(BARE_NUMBER, text)):
            low, high = SERIALS
            is_serial = low <= float(number[0]) < high
            raise PydanticCustomError("excel_serial" if is_serial else "bare_number", "a bare number")
        if value is None:
            raise PydanticCustomError("unreadable", "not a date and time")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise PydanticCustomError("without_zone", "a local time without a time zone")
        try:
            value = value.astimezone(UTC)
        except OverflowError as error:
            raise PydanticCustomError("unreadable", "not a date and time") from error
        bounds: Bounds | None = (info.context or {}).get("bounds")
        if bounds and value < bounds.earliest:
            raise PydanticCustomError("too_early", "before anything that is recorded")
        if bounds and value > bounds.latest:
            raise PydanticCustomError("in_future", "has not happened yet")
    return value


def _require_form(form: str) -> BeforeValidator:
    """A number as text must have this form; pydantic alone takes more (`1_000`) than a column cast does."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        if not (value := value.strip(BLANK)):
            return None
        if not re.match(form, value):
            raise PydanticCustomError("unreadable", "not a number")
        return value

    return BeforeValidator(check)


Text = Annotated[str | None, BeforeValidator(_text)]
Instant = Annotated[datetime | None, BeforeValidator(_instant)]
Integer = Annotated[int | None, _require_form(INTEGER)]
Number = Annotated[float | None, Field(allow_inf_nan=False), _require_form(NUMBER)]

ALWAYS = RequiredFor(frozenset(Kind))
IN_RUNS = RequiredFor(STEP_KINDS)
AT_STEPS = RequiredFor(STEP_KINDS - RUN_KINDS)
WHEN_RATED = RequiredFor(frozenset({Kind.RATED}))


class Event(BaseModel):
    """One row per thing that happened. Instants are UTC, to the microsecond."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: Annotated[Text, ALWAYS] = Field(
        None,
        description="Unique. Where a source has none, a stable hash of what makes an event one and the same.",
    )
    occurred_at: Annotated[Instant, ALWAYS] = Field(
        None, description="When it happened, with its time zone or offset; kept in UTC."
    )
    seq: Integer = Field(
        None,
        description="Order among events of a ticket at the same instant. "
        "Where a source has none, the row's place among those rows in its file.",
    )
    ticket_id: Annotated[Text, ALWAYS] = Field(None, description="The customer's case.")
    kind: Annotated[Kind | None, BeforeValidator(_text), ALWAYS] = Field(
        None, description="What happened, in the past tense."
    )
    actor: Annotated[Actor | None, BeforeValidator(_text), ALWAYS] = Field(
        None, description="Who did it, in the role they had then. Has a default for every kind but `replied`."
    )
    agent_id: Text = Field(None, description="Which agent.")
    team: Text = Field(None, description="The agent's team at that moment.")
    customer_id: Text = Field(None, description="The person asking.")
    channel: Text = Field(
        None,
        description="phone, email, chat, whatsapp, telegram, messenger, social, sms, web, "
        "or the source's own word.",
    )
    reason: Text = Field(None, description="Contact reason, or issue category.")
    priority: Text = Field(None, description="low, normal, high, urgent, or the source's own word.")
    run_id: Annotated[Text, IN_RUNS] = Field(
        None, description="One execution of one guided workflow; most are inside one ticket."
    )
    workflow: Annotated[Text, IN_RUNS] = Field(None, description="Which workflow.")
    version: Annotated[Text, IN_RUNS] = Field(None, description="Which published version of it.")
    step: Annotated[Text, AT_STEPS] = Field(None, description="Where the run stood when it happened.")
    value: Text = Field(
        None,
        description="The answer given, the step gone back to, the ticket merged into, or the search words.",
    )
    hits: Annotated[Integer, Within(0)] = Field(
        None, description="For `searched`: results found; 0 is a gap in the knowledge base."
    )
    score: Annotated[Number, WHEN_RATED, Within(0, at_most="scale_max")] = Field(
        None, description="For `rated`: the rating on its own scale."
    )
    scale_max: Annotated[Number, WHEN_RATED, Within(0, exclusive=True)] = Field(
        None, description="For `rated`: the top of that scale, 5 for one to five, 1 for good or bad."
    )
    recorded_at: Instant = Field(
        None,
        description="When the source recorded the row or last changed it. Of two rows that tell one event "
        "differently, the later recorded stands.",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in_actor(cls, row: dict[str, Any]) -> dict[str, Any]:
        kind = _text(row.get("kind"))
        if _text(row.get("actor")) is None and kind in ACTOR_BY_NAME:
            return {**row, "actor": ACTOR_BY_NAME[kind]}
        return row

    @model_validator(mode="after")
    def _keep_to_the_rules(self) -> Event:
        for name, column in COLUMNS.items():
            if (
                column.required_for
                and getattr(self, name) is None
                and self.kind in {*column.required_for, None}
            ):
                if self.kind is None and column.required_for != ALWAYS.kinds:
                    continue
                raise PydanticCustomError(f"{name}_missing", "has no value")
        for name, column in COLUMNS.items():
            value, bounds = getattr(self, name), column.within
            if value is None or bounds is None:
                continue
            if value < bounds.low or (bounds.exclusive and value == bounds.low):
                raise PydanticCustomError(f"{name}_too_low", "is too low")
            top = getattr(self, bounds.at_most) if bounds.at_most else None
            if top is not None and value > top:
                raise PydanticCustomError(f"{name}_above_{bounds.at_most}", "is too high")
        return self


@dataclass(frozen=True)
class Column:
    """One column of the contract, as its field in `Event` declares it."""

    name: str
    type: str  # text, instant, whole, number or the name of the enumeration
    choices: tuple[str, ...]
    required_for: frozenset[Kind]
    within: Within | None
    description: str


_TYPES: dict[type, tuple[str, pl.DataType]] = {
    str: ("text", pl.String()),
    datetime: ("instant", pl.Datetime("us", "UTC")),
    int: ("whole", pl.Int64()),
    float: ("number", pl.Float64()),
    Kind: ("kind", pl.String()),
    Actor: ("actor", pl.String()),
}


def _value_type(name: str) -> type:
    parts: tuple[type, ...] = get_args(Event.model_fields[name].annotation)
    return next(part for part in parts if part is not type(None))


def _column(name: str) -> Column:
    field, value_type = Event.model_fields[name], _value_type(name)
    required = next((mark.kinds for mark in field.metadata if isinstance(mark, RequiredFor)), frozenset())
    within = next((mark for mark in field.metadata if isinstance(mark, Within)), None)
    choices = tuple(value_type) if issubclass(value_type, StrEnum) else ()
    return Column(name, _TYPES[value_type][0], choices, required, within, field.description or "")


PEOPLE = ("customer_id", "agent_id")
"""The columns that say who somebody is; nothing but pseudonyms is kept of them."""

COLUMNS: dict[str, Column] = {name: _column(name) for name in Event.model_fields}
SCHEMA = pl.Schema({name: _TYPES[_value_type(name)][1] for name in COLUMNS})
"""The contract as a polars frame."""

STORED = pl.Schema({**SCHEMA, "source": pl.String(), "custom": pl.String()})
"""What is kept of an event: the contract's columns, the system it comes from where one was named, and its
columns `custom_…` that are not empty, as a JSON object in the order of their names."""


def type_of(name: str) -> str:
    """What a column holds, of the contract or of the source's own, which are texts."""
    return COLUMNS[name].type if name in COLUMNS else "text"


def is_custom(name: str) -> bool:
    """Whether a column is one of the source's own that is kept beside the contract's: `custom_plan`."""
    return re.fullmatch(CUSTOM_COLUMN, name) is not None


def broken_rules(row: Mapping[str, object], bounds: Bounds | None = None) -> list[str]:
    """The names of the rules that one row breaks, read as one row: the slow twin of `etl.contract.gate`."""
    try:
        Event.model_validate(dict(row), context={"bounds": bounds})
    except ValidationError as error:
        return [_rule_name(problem["loc"], problem["type"]) for problem in error.errors()]
    return []


def _rule_name(place: tuple[int | str, ...], problem: str) -> str:
    if not place:
        return problem
    return f"{place[0]}_{_FIELD_PROBLEMS.get(problem, 'unreadable')}"


_FIELD_PROBLEMS = {
    "enum": "unknown",
    **{why: why for why in ("without_zone", "excel_serial", "bare_number", "too_early", "in_future")},
}
