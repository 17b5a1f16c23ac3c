"""What a mapping takes each column of a file for, read from its TOML, so that new words need no line here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from etl.contract.events import COLUMNS
from etl.contract.kinds import Kind

Use = tuple[str, str]
"""A column of the file, and a role that it has."""


def column_uses(mapping: dict[str, Any], columns: set[str]) -> dict[str, set[str]]:
    """Column → its roles: names of the contract, kinds it dates, activity, condition, dimension."""
    uses: dict[str, set[str]] = defaultdict(set)
    for part in (_uses_of_rows, _uses_of_events, _uses_by_name):
        for column, role in part(mapping, columns):
            uses[column].add(role)
    return uses


def _uses_of_rows(mapping: dict[str, Any], columns: set[str]) -> Iterator[Use]:
    for ours, theirs in mapping.get("columns", {}).items():
        yield from ((name, ours) for name in _names(theirs, columns))
    for theirs in mapping.get("dimensions", {}).values():
        yield from ((name, "dimension") for name in _names(theirs, columns))
    identity = mapping.get("identity", {}).get("columns", [])
    yield from ((name, "event_id") for name in _names(identity, columns))
    yield from ((name, "activity") for name in _names(mapping.get("activity"), columns))


def _uses_of_events(mapping: dict[str, Any], columns: set[str]) -> Iterator[Use]:
    of_rows = mapping.get("columns", {}).get("occurred_at", "occurred_at")
    for event in mapping.get("event", []):
        conditions = [*event.get("when", {}), *event.get("unless", {})]
        yield from ((name, "condition") for name in _names(conditions, columns))
        for ours, theirs in ({"occurred_at": of_rows} | event.get("columns", {})).items():
            role = event["kind"] if ours == "occurred_at" else ours
            yield from ((name, role) for name in _names(theirs, columns))


def _uses_by_name(mapping: dict[str, Any], columns: set[str]) -> Iterator[Use]:
    """A column with a name of the contract needs no line in a mapping, but for events with own columns."""
    events = mapping.get("event", [])
    if not events or "activity" in mapping or any("columns" not in event for event in events):
        named = mapping.get("columns", {}).keys() | mapping.get("constants", {}).keys()
        yield from ((name, name) for name in (COLUMNS.keys() - named) & columns)


def _names(value: Any, columns: set[str]) -> Iterator[str]:
    """The columns that a mapping names: a text, or every text in a table or list that is a column.

    A part of a nested value, as `contacts.first.id`, is its column, `contacts`.
    """
    match value:
        case str():
            ends = [value, *(value[:end] for end in range(len(value) - 1, 0, -1) if value[end] == ".")]
            yield from [name for name in ends if name in columns][:1]
        case dict():
            yield from _names(list(value.values()), columns)
        case list():
            for part in value:
                yield from _names(part, columns)


def is_right(uses: set[str], roles: list[str]) -> bool:
    """Whether all uses of a column are among its roles; a condition never harms.

    The instant of an event may also stand under `[columns]`, and the instant of all events tell some kinds.
    """
    uses = uses if "condition" in roles else uses - {"condition"}
    if not uses:
        return "nothing" in roles
    kinds = uses & {str(kind) for kind in Kind}
    if "occurred_at" in roles:
        return uses - kinds <= set(roles)
    if kinds:
        uses = uses - {"occurred_at"}
    return uses <= set(roles)
