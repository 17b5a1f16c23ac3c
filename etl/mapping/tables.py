"""Several tables of one system in one mapping: what each of them states, and which file is which table.

What a mapping states outside of `[tables]` holds for each table; what a table states itself goes before.
"""

from __future__ import annotations

from collections.abc import Mapping as Members
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from etl.errors import UnreadableFile
from etl.messages import some_names
from etl.sources.compression import PACKED

_EITHER = {"columns": "constants", "constants": "columns"}


def with_tables(stated: dict[str, Any]) -> dict[str, Any]:
    """What a mapping states, with each of its tables stated in full."""
    tables = stated.get("tables")
    if not isinstance(tables, dict):
        return stated
    shared = {name: part for name, part in stated.items() if name != "tables"}
    merged = {
        name: _merge(shared, table) if isinstance(table, dict) else table for name, table in tables.items()
    }
    return {**stated, "tables": merged}


def fits(path: Path, pattern: str) -> bool:
    """Whether a file is called like that; the case of letters and a packing behind the name do not matter."""
    name, pattern = path.name.casefold(), pattern.casefold()
    unpacked = name.removesuffix(path.suffix.casefold()) if path.suffix.casefold() in PACKED else name
    return fnmatchcase(name, pattern) or fnmatchcase(unpacked, pattern)


def table_of(path: Path, patterns: Members[str, str]) -> str | None:
    """The table that a file is by its name, among the patterns of tables; None for none of them.

    Raises:
        UnreadableFile: the name fits several tables.
    """
    names = [name for name, pattern in patterns.items() if fits(path, pattern)]
    if len(names) > 1:
        raise UnreadableFile("file.several_tables", file=path.name, tables=some_names(names))
    return names[0] if names else None


def _merge(shared: Any, own: Any) -> Any:
    """A table's own statement in the place of the shared one; of two TOML tables, entry by entry."""
    if not isinstance(shared, dict) or not isinstance(own, dict):
        return own
    merged = shared | {name: _merge(shared.get(name), part) for name, part in own.items()}
    for name, other in _EITHER.items():  # what the table takes from a column is no constant, and vice versa
        if isinstance(own.get(name), dict) and isinstance(shared.get(other), dict) and other in merged:
            again = own.get(other) or {}
            merged[other] = {
                ours: part for ours, part in merged[other].items() if ours in again or ours not in own[name]
            }
    return merged
