"""What a mapping says of lookups: a column's value as another table has it for a key.

`actor = { from = "author_id", lookup = "users", column = "role" }` becomes a column of its own, which is
joined to the rows before anything else is done to them: `Mapping.joins` has it under its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from etl.messages import field_error, some_names


class Lookup(BaseModel):
    """A table in files of its own, in which rows are looked up by a key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: str = Field(min_length=1, description="Their names beside the loaded file, as in users*.csv.")
    key: str = Field(min_length=1, description="The column that tells its rows apart.")
    delimiter: str | None = Field(default=None, description="Where it is not that of [file].")
    encoding: str | None = Field(default=None, description="Where it is not that of [file].")
    sheet: str | None = Field(default=None, description="The sheet of a workbook that has several.")
    rows: str | None = Field(default=None, description="The list of a JSON file that has several.")


class Join(BaseModel):
    """A column that is looked up: the rows' own column, the lookup and what it has for the key."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    key: str = Field(alias="from", min_length=1)
    lookup: str
    column: str = Field(min_length=1)
    values: dict[str, str] = Field(default_factory=dict)


_OF_A_JOIN = ("from", "lookup", "column", "values")


def with_joins(stated: dict[str, Any]) -> dict[str, Any]:
    """What a mapping states, its columns that are looked up as names of columns that `joins` describes.

    Raises:
        ValidationError: such a column lacks a part, or names a lookup that the mapping does not have.
    """
    joins: dict[str, Join] = {}
    mistakes: list[InitErrorDetails] = []
    lookups = stated.get("lookup")
    names = list(lookups) if isinstance(lookups, dict) else []
    columns = _with_names(stated.get("columns"), ("columns",), names, joins, mistakes)
    events = stated.get("event")
    if isinstance(events, list):
        events = [
            {**event, "columns": _with_names(event["columns"], place, names, joins, mistakes)}
            if isinstance(event, dict) and "columns" in event
            else event
            for event, place in ((each, ("event", n, "columns")) for n, each in enumerate(events))
        ]
    if mistakes:
        raise ValidationError.from_exception_data("Mapping", mistakes)
    if not joins:
        return stated
    changed = {"columns": columns, "event": events}
    return {
        **stated,
        **{name: part for name, part in changed.items() if name in stated},
        "joins": stated.get("joins", {}) | joins,
    }


def _with_names(
    columns: Any,
    place: tuple[str | int, ...],
    names: list[str],
    joins: dict[str, Join],
    mistakes: list[InitErrorDetails],
) -> Any:
    if not isinstance(columns, dict):
        return columns
    with_names = dict(columns)
    for ours, value in columns.items():
        if not isinstance(value, dict) or "lookup" not in value:
            continue
        try:
            join = Join.model_validate({part: value[part] for part in _OF_A_JOIN if part in value})
        except ValidationError as error:
            mistakes += _mistakes(error, (*place, ours))
            continue
        if join.lookup not in names:
            problem = field_error("mapping.no_lookup", lookup=join.lookup, lookups=some_names(names))
            mistakes.append(InitErrorDetails(type=problem, loc=(*place, ours, "lookup"), input=None))
            continue
        name = _name(join, joins)
        joins[name] = join
        others = {part: stated for part, stated in value.items() if part not in _OF_A_JOIN}
        with_names[ours] = {"from": name, **others} if others else name
    return with_names


def _name(join: Join, joins: dict[str, Join]) -> str:
    """What the column of a join is called: two of one name differ in their words."""
    plain = f"{join.key} → {join.lookup}.{join.column}"
    names = (plain if number == 1 else f"{plain} ({number})" for number in count(1))
    return next(name for name in names if joins.get(name, join) == join)


def _mistakes(error: ValidationError, place: tuple[str | int, ...]) -> Iterator[InitErrorDetails]:
    for each in error.errors():
        kind: Any = each["type"]
        custom = PydanticCustomError(kind, each["msg"], each.get("ctx")) if "ctx" in each else kind
        yield InitErrorDetails(type=custom, loc=(*place, *each["loc"]), input=each["input"])
