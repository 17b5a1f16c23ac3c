"""Whether single statements of a mapping fit the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from collections.abc import Mapping as Members

from pydantic_core import PydanticCustomError

from etl.contract.events import NUMBER, type_of
from etl.contract.kinds import Actor, Kind
from etl.mapping.value_from import LookupValue, ValueFrom
from etl.messages import field_error, some_names

Place = tuple[str | int, ...]
Mistake = tuple[Place, PydanticCustomError]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_key(name: str) -> str:
    """A key as TOML writes it."""
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def values_that_fit(place: Place, columns: Members[str, str | ValueFrom]) -> Iterator[Mistake]:
    """What is said of a column that only instants have."""
    for name, value in columns.items():
        if isinstance(value, ValueFrom) and value.is_of_instants and type_of(name) != "instant":
            yield (*place, name), field_error("mapping.only_of_instants", column=name)


def lookups_that_exist(
    place: Place, columns: Members[str, str | ValueFrom], lookups: Collection[str]
) -> Iterator[Mistake]:
    """Values that name a lookup which the mapping does not have."""
    for name, value in columns.items():
        if isinstance(value, LookupValue) and value.lookup not in lookups:
            problem = field_error("mapping.no_lookup", lookup=value.lookup, lookups=some_names(list(lookups)))
            yield (*place, name, "lookup"), problem


def constants_that_fit(place: Place, constants: Members[str, str]) -> Iterator[Mistake]:
    """Constants that no row could have."""
    for name, value in constants.items():
        yield from choice((*place, name), name, value)
        if type_of(name) in ("number", "whole") and not re.match(NUMBER, value):
            yield (*place, name), field_error("mapping.no_number", value=value)


def choice(place: Place, name: str, value: str, more: tuple[str, ...] = ()) -> Iterator[Mistake]:
    """A value that is none of those that a column may have."""
    choices = {"kind": [kind.value for kind in Kind], "actor": [actor.value for actor in Actor]}.get(name)
    if choices and value not in (*choices, *more):
        expected = [*choices, *(each for each in more if each)]
        yield place, field_error("mapping.no_choice", value=value, choices=expected)
