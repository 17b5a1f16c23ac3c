"""Where in a TOML file a value stands, which the standard's reader does not say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

Place = tuple[str | int, ...]


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """The line of the statement that says what stands at a place; of its table where none does.

    The text is whole TOML. Of a value that goes over several lines it is the first.
    """
    best: tuple[int, int] | None = None
    wanted = tuple(place)
    for line, path in _statements(text):
        shared = min(len(path), len(wanted))
        if shared and path[:shared] == wanted[:shared] and (best is None or shared > best[0]):
            best = (shared, line)
    return best[1] if best else None


def _statements(text: str) -> Iterator[tuple[int, Place]]:
    """Line and path of each table and each key, in the order of the file."""
    table: Place = ()
    counts: dict[Place, int] = {}
    statement, begin = "", 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if not statement:
            begin = number
        statement += line
        try:
            parsed = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # a value that goes on in the next line
        if parsed:
            path = _path(parsed)
            if statement.lstrip().startswith("[["):
                counts[path] = counts.get(path, -1) + 1
                table = (*path, counts[path])
                yield begin, table
            elif statement.lstrip().startswith("["):
                table = path
                yield begin, table
            else:
                yield begin, (*table, *path)
        statement = ""


def _path(parsed: dict[str, Any]) -> Place:
    """The keys that lead down as long as there is one alone; an inline table's own keys are no part of it."""
    path: list[str | int] = []
    value: Any = parsed
    while isinstance(value, dict) and len(value) == 1:
        ((key, value),) = value.items()
        path.append(key)
    return tuple(path)
