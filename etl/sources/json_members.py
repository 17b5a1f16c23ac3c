"""Parts of what a column holds as JSON: members of objects, the first value of a list, how many it has.

A name such as `via.channel` or `tags.first` is a path from a column down: each part names a member of an
object; of a list `first` is its first value and `count` the number of its values. A column that is called
like that itself goes before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from etl.sources.json_document import decode
from etl.sources.table import OURS, POSITION, Table

NESTED = ("column.lists", "column.records")
"""What a column may hold that has parts."""

_MOST_LEVELS = 4
_MOST_MEMBERS = 200
_PARTED = "."


def with_members(table: Table, names: Iterable[str]) -> Table:
    """The table with a column for each of these names that is a path into one of its columns."""
    parts: dict[str, list[str]] = {}
    for name in names:
        if column := column_of(name, table.columns):
            parts.setdefault(column, []).append(name)
    if not parts:
        return table

    def batches() -> Iterator[pl.DataFrame]:
        for rows in table.batches():
            yield rows.with_columns(
                part for column, paths in parts.items() for part in _parts(rows[column], paths)
            )

    added = [name for paths in parts.values() for name in paths]
    return replace(table, columns=[*table.columns, *added], batches=batches)


def column_of(name: str, columns: list[str]) -> str | None:
    """The column that a path begins with; None for a name that is a column itself, or begins with none."""
    if name in columns:
        return None
    ends = [at for at, sign in enumerate(name) if sign == _PARTED]
    return next((name[:end] for end in reversed(ends) if name[:end] in columns), None)


def member_names(rows: pl.DataFrame) -> list[str]:
    """Every path to a member of an object, as deep as they go, that some of the rows have."""
    names: dict[str, None] = {}
    for column in rows.columns:
        texts = rows[column]
        if column == POSITION or column.startswith(OURS) or texts.dtype != pl.String:
            continue
        for text in texts.filter(texts.str.starts_with("{")).unique(maintain_order=True):
            names |= dict.fromkeys(_paths(_parse(text), column, _MOST_LEVELS))
            if len(names) > _MOST_MEMBERS:
                return []  # a table of names and values, not a record
    return [name for name in names if name not in rows.columns]


def _parts(texts: pl.Series, names: list[str]) -> Iterator[pl.Series]:
    """What each path leads to in each of the texts, null where it leads to nothing; a text is parsed once."""
    texts = texts.cast(pl.String)
    different = texts.unique().drop_nulls()
    paths = [name.removeprefix(texts.name + _PARTED).split(_PARTED) for name in names]
    values = [[_at(value, path) for path in paths] for value in map(_parse, different)]
    for name, column in zip(names, zip(*values, strict=True) if values else [()] * len(names), strict=True):
        ours = pl.Series(column, dtype=pl.String)
        yield texts.replace_strict(different, ours, default=None, return_dtype=pl.String).alias(name)


def _parse(text: str) -> Any:
    try:
        return decode(text) if text.startswith(("{", "[")) else None
    except (ValueError, RecursionError):
        return None


def _at(value: Any, path: list[str]) -> str | None:
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part == "count":
            value = str(len(value))
        else:
            value = value[0] if isinstance(value, list) and value and part == "first" else None
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _paths(value: Any, path: str, levels: int) -> Iterator[str]:
    for name, member in value.items() if isinstance(value, dict) else ():
        if isinstance(member, dict) and levels > 1:
            yield from _paths(member, f"{path}{_PARTED}{name}", levels - 1)
        elif not isinstance(member, list):
            yield f"{path}{_PARTED}{name}"
