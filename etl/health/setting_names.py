"""Names that the settings are for, and those of them that no event has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb
import polars as pl

from etl.contract.names import look_alike_keys
from etl.health.profile import has_table, table_of
from etl.messages import Message

MOST_NAMES = 10


@dataclass(frozen=True)
class SettingName:
    """A name in the settings: in which table of them, for which column of the contract."""

    place: str
    column: str
    name: str


def put_beside(connection: duckdb.DuckDBPyConnection, names: Sequence[SettingName]) -> None:
    """The names as the table `setting_names`, which this connection alone sees."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE setting_names (place VARCHAR, of_column VARCHAR, name VARCHAR)"
    )
    for each in names:
        connection.execute("INSERT INTO setting_names VALUES (?, ?, ?)", [each.place, each.column, each.name])


def unmatched_names(connection: duckdb.DuckDBPyConnection, names: Sequence[SettingName]) -> list[Message]:
    """A sentence part for each name that no event of a warehouse has; none before its names are known."""
    if not has_table(connection, table_of("names")):
        return []
    put_beside(connection, names)
    query = (files("etl.health") / "checks" / "unmatched_settings.sql").read_text("utf-8")
    return parts_of(connection.sql(query).fetchall())


def parts_of(rows: Sequence[tuple[Any, ...]]) -> list[Message]:
    """What is said of each name: where it stands, and one of the data that looks alike."""
    return [_part(*row) for _, *row in rows[:MOST_NAMES]]


def _part(place: str, column: str, name: str, names_of_events: Sequence[str]) -> Message:
    key, *keys = look_alike_keys(pl.Series([name, *names_of_events], dtype=pl.String))
    near = next((other for other, its_key in zip(names_of_events, keys, strict=True) if its_key == key), None)
    code = "settings.unmatched_near" if near else "settings.unmatched"
    return Message(code, {"place": place, "column": column, "name": name, "near": near})
