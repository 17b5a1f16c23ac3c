"""A file as the table that a mapping says it is, with all columns that the mapping speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Members
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from etl.contract.events import COLUMNS
from etl.errors import UnreadableFile
from etl.mapping.changes import with_changes
from etl.mapping.effect import Effect, remarks_of_all, without_effect
from etl.mapping.fit import ignored_columns
from etl.mapping.join import JoinResult, Lookups, join_lookups, keys_of
from etl.mapping.mapping import Mapping
from etl.mapping.places import with_places
from etl.mapping.statements import toml_key
from etl.mapping.tables import fits, table_of
from etl.mapping.value_from import ValueFrom, columns_of
from etl.messages import Message, some_names
from etl.sources import Table, read
from etl.sources.json_lists import with_elements
from etl.sources.json_members import column_of, with_members
from etl.sources.table import spelt_as


@dataclass(frozen=True)
class MappedTable:
    """The rows of a file and what they mean.

    `name`: which table of the mapping it is, if that has any. `table`: with the columns that are looked up,
    those that are parts of others, and where rows stand among those of their ticket. `mapping`: that of the
    table alone. `used`: the file's own columns that these were made of.
    """

    table: Table
    mapping: Mapping
    join_result: JoinResult
    used: frozenset[str]
    name: str | None = None

    def fingerprint(self, salt: str) -> str:
        """What decided what the rows mean: the mapping, and what lookups had for the rows read so far.

        `salt`: what the latter is keyed with, since it is of people.
        """
        return self.join_result.fingerprint(self.mapping.fingerprint, salt)

    @property
    def ignored_columns(self) -> list[str]:
        """The columns of the file that decide nothing, not even what is looked up."""
        return [name for name in ignored_columns(self.table, self.mapping) if name not in self.used]


def open_table(path: Path, mapping: Mapping, lookups: Lookups | None = None) -> MappedTable:
    """Read a file as the mapping says, with what its rows look up.

    Raises:
        UnreadableFile: the file or a lookup cannot be read, or it fits no table or several of them.
        MissingColumns: the file lacks a column that is looked up, or a lookup its key or a column.
    """
    lookups = lookups or Lookups()
    name, mapping = _own_mapping(path, mapping)
    keys = {join.key for join in mapping.joins.values()}
    names = {*mapping.source_columns, *keys} - mapping.joins.keys()
    table = spelt_as(read(path, mapping.form), [*COLUMNS, *names, *mapping.file.each])
    wanted = (*names, *mapping.file.each)
    used = {column for each in wanted if (column := column_of(each, table.columns))}
    used |= {*keys, *mapping.file.each}
    table = with_elements(table, mapping.file.each)
    table, join_result = join_lookups(
        with_members(table, sorted(names)),
        path.name,
        mapping,
        lambda lookup, columns: lookups.entries(path, lookup, columns, mapping),
    )
    if name:
        table, mapping, ids = _with_own_ids(table, mapping, name, path.name)
        used |= ids
    table = with_changes(with_places(table, mapping), mapping)
    return MappedTable(table, mapping, join_result, frozenset(used), name)


def lookup_of(path: Path, mapping: Mapping, paths: Sequence[Path]) -> Message | None:
    """That a file holds a lookup and no events; None for every other file.

    Raises:
        UnreadableFile: there is nothing but lookups among `paths`, the files of the command.
    """
    if not (lookup := _lookup_name(path, mapping)):
        return None
    name, files = lookup
    if all(_lookup_name(each, mapping) for each in paths):
        raise UnreadableFile("lookup.alone", file=path.name, lookup=name, files=files)
    return Message("lookup.only", {"file": path.name, "lookup": name, "files": files})


def _lookup_name(path: Path, mapping: Mapping) -> tuple[str, str] | None:
    """The lookup that a file is of and its `files`, where it is no table of events."""
    if any(fits(path, table.files) for table in mapping.tables.values()):
        return None
    lookups = mapping.lookup | {k: v for each in mapping.tables.values() for k, v in each.lookup.items()}
    return next(((name, each.files) for name, each in lookups.items() if fits(path, each.files)), None)


def remarks_of_load(keys_of: dict[str, list[str]], mapping: Mapping) -> list[Message]:
    """What of a mapping had no effect on any file, from what had none on each, by its path.

    What all tables share is held against all files, what one states itself against its own.
    """
    shared = shared_keys(mapping)
    if shared is None:
        return remarks_of_all(keys_of)
    patterns = {name: table.files for name, table in mapping.tables.items()}
    groups: dict[str | None, dict[str, list[str]]] = {
        None: {path: [key for key in keys if key in shared] for path, keys in keys_of.items()}
    }
    for path, keys in keys_of.items():
        if table := table_of(Path(path), patterns):
            groups.setdefault(table, {})[path] = [key for key in keys if key not in shared]
    return [remark for group in groups.values() for remark in remarks_of_all(group)]


def shared_among(keys: list[str], mapping: Mapping) -> list[str]:
    """Those of the keys that hold for all files that are read by a mapping."""
    shared = shared_keys(mapping)
    return keys if shared is None else [key for key in keys if key in shared]


def shared_keys(mapping: Mapping) -> set[str] | None:
    """The keys that may lack effect and hold for all tables of a mapping; None where it has no tables."""
    if not mapping.tables:
        return None
    return set(without_effect(mapping, Effect())) | {
        f"{part}.{toml_key(name)}" for part in ("columns", "constants") for name in getattr(mapping, part)
    }


def _own_mapping(path: Path, mapping: Mapping) -> tuple[str | None, Mapping]:
    """The table that a file is, if the mapping has any, and the mapping for its rows."""
    if not mapping.tables:
        return None, mapping
    patterns = {name: table.files for name, table in mapping.tables.items()}
    name = table_of(path, patterns)
    if name is None:
        raise UnreadableFile(
            "file.no_table", file=path.name, tables=some_names(list(patterns)), files=list(patterns.values())
        )
    return name, mapping.tables[name]


def _with_own_ids(table: Table, mapping: Mapping, name: str, file: str) -> tuple[Table, Mapping, set[str]]:
    """A table's event ids with its name: comment 7 of a system is not its rating 7."""
    stated = dict(mapping.columns)
    if "event_id" in table.columns and "event_id" not in mapping.constants:
        stated.setdefault("event_id", "event_id")
    sets = [stated, *(event.columns for event in mapping.event if event.columns)]
    ids = {column for columns in sets if "event_id" in columns for column in columns_of(columns["event_id"])}
    own = {column: f"{name}: {column}" for column in sorted(ids & set(table.columns))}
    if not own:
        return table, mapping, set()
    events = [
        event
        if event.columns is None
        else event.model_copy(update={"columns": _rename_ids(event.columns, own)})
        for event in mapping.event
    ]
    mapping = mapping.model_copy(update={"columns": _rename_ids(stated, own), "event": events})

    def batches() -> Iterator[pl.DataFrame]:
        for rows in table.batches():
            yield rows.with_columns(
                (f"{name}:" + keys_of(rows[column], file, column)).alias(new) for column, new in own.items()
            )

    return replace(table, columns=[*table.columns, *own.values()], batches=batches), mapping, ids


def _rename_ids(columns: Members[str, str | ValueFrom], own: dict[str, str]) -> dict[str, str | ValueFrom]:
    return {
        ours: own.get(columns_of(value)[0], value) if ours == "event_id" else value
        for ours, value in columns.items()
    }
