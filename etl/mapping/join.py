"""Rows with the columns that they look up in other tables."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from etl.contract.names import names_of
from etl.contract.numbers import has_inexact_integers, texts_of
from etl.errors import MissingColumns, UnreadableFile
from etl.mapping.lookups import Join, Lookup
from etl.mapping.tables import fits
from etl.messages import Message, some_names
from etl.sources import FileForm, Table, files_beside, read
from etl.sources.json_members import with_members
from etl.sources.table import POSITION, spelt_as

_KEY, _ROW, _FILE = ":key", ":row", ":file"


@dataclass
class Lookups:
    """The tables in which the rows of loaded files are looked up, each read once.

    `paths`: the files of the command, among which a lookup's are found where none lies beside a loaded one.
    """

    paths: Sequence[Path] = ()
    _entries: dict[tuple[object, ...], pl.DataFrame] = field(default_factory=dict)

    def entries(
        self, path: Path, name: str, lookup: Lookup, columns: Sequence[str], form: FileForm
    ) -> pl.DataFrame:
        """One row per key of a lookup, with these columns as texts, for the rows of a file.

        Raises:
            UnreadableFile: no file of it is there, one cannot be read, or a key has rows that differ.
            MissingColumns: one of its files lacks the key or a column.
        """
        own = FileForm(
            lookup.delimiter or form.delimiter, lookup.encoding or form.encoding, lookup.sheet, lookup.rows
        )
        files = [file for file in files_beside(path) if fits(file, lookup.files)]
        files = files or [file for file in self.paths if fits(file, lookup.files)]
        if not files:
            raise UnreadableFile("lookup.no_file", file=path.name, lookup=name, files=lookup.files)
        stated = (*files, lookup, own, *columns)
        if stated not in self._entries:
            rows = pl.concat([_rows(file, name, lookup.key, columns, own) for file in files])
            self._entries[stated] = _by_key(rows, name, lookup.key, columns)
        return self._entries[stated]


@dataclass
class JoinResult:
    """What became of a table's lookups while its rows were read.

    `missing`: rows whose key its lookup does not have, by the name of the joined column.
    """

    table: Table
    joins: dict[str, Join]
    missing: Counter[str] = field(default_factory=Counter)
    _used: set[tuple[str, str, str | None]] = field(default_factory=set)

    def fingerprint(self, mapping: str) -> str:
        """The fingerprint of a mapping, with what the lookups had for the rows."""
        if not self.joins:
            return mapping
        used = json.dumps(sorted(self._used, key=str)).encode()
        return hashlib.sha256(mapping.encode() + used).hexdigest()[:16]

    def remarks(self, source: str) -> list[Message]:
        """How many rows have a key that a lookup has no entry for."""
        of_both = {(self.joins[name].key, self.joins[name].lookup): n for name, n in self.missing.items()}
        return [
            Message("lookup.missing", {"file": source, "n": n, "column": key, "lookup": lookup})
            for (key, lookup), n in sorted(of_both.items())
        ]

    def note(self, name: str, keys: pl.Series, values: pl.Series, is_entry: pl.Series) -> None:
        """Take notice of what a lookup had for some rows."""
        pairs = pl.DataFrame({"key": keys, "value": values, "is_entry": is_entry}).filter(
            pl.col("key").is_not_null()
        )
        if without := pairs.filter(~pl.col("is_entry")).height:
            self.missing[name] += without
        self._used.update((name, key, value) for key, value, is_in in pairs.unique().iter_rows() if is_in)


def join_lookups(
    table: Table, source: str, joins: dict[str, Join], entries: Callable[[str, list[str]], pl.DataFrame]
) -> JoinResult:
    """The table with a column for each join.

    Args:
        table: the rows that look up.
        source: the file's name.
        joins: each joined column by its name.
        entries: gives the rows of a lookup with some of its columns.

    Raises:
        MissingColumns: the table lacks the column that is looked up, or it holds no single values.
    """
    table = with_members(table, [join.key for join in joins.values()])
    by_lookup: dict[str, list[str]] = {}
    for join in joins.values():
        if join.key not in table.columns:
            raise MissingColumns(
                "file.missing_columns",
                file=source,
                missing=[join.key],
                columns=some_names(table.columns),
                hint=Message("file.name_columns"),
            )
        by_lookup.setdefault(join.lookup, []).append(join.column)
    looked_up = {name: entries(name, sorted(set(columns))) for name, columns in by_lookup.items()}

    def batches() -> Iterator[pl.DataFrame]:
        for batch in table.batches():
            rows = batch
            for name, join in joins.items():
                keys = keys_of(rows[join.key], source, join.key)
                entries_of_rows = keys.to_frame(_KEY).join(
                    looked_up[join.lookup].select(_KEY, join.column, is_entry=True),
                    on=_KEY,
                    how="left",
                    maintain_order="left",
                )
                values = entries_of_rows[join.column]
                result.note(name, keys, values, entries_of_rows["is_entry"].fill_null(value=False))
                if join.values:
                    values = values.replace(list(join.values), list(join.values.values()))
                rows = rows.with_columns(values.alias(name))
            yield rows

    result = JoinResult(replace(table, columns=[*table.columns, *joins], batches=batches), joins)
    return result


def _rows(file: Path, name: str, key: str, columns: Sequence[str], form: FileForm) -> pl.DataFrame:
    """The rows of one file of a lookup, with where they stand."""
    table = with_members(spelt_as(read(file, form), [key, *columns]), [key, *columns])
    missing = sorted({key, *columns} - set(table.columns))
    if missing:
        raise MissingColumns(
            "lookup.missing_columns",
            file=file.name,
            lookup=name,
            missing=some_names(missing),
            columns=some_names(table.columns),
        )
    nested = next((column for column in columns if column in table.of_no_use), None)
    if nested is not None:
        held = Message(table.of_no_use[nested])
        raise MissingColumns("file.nested_column", file=file.name, column=nested, held=held)
    frames = [
        rows.select(
            keys_of(rows[key], file.name, key).alias(_KEY),
            pl.col(POSITION).alias(_ROW),
            pl.lit(file.name).alias(_FILE),
            *(_texts(rows[column]).alias(column) for column in columns),
        )
        for rows in table.batches()
    ]
    schema = {_KEY: pl.String, _ROW: pl.Int64, _FILE: pl.String, **dict.fromkeys(columns, pl.String)}
    return pl.concat([pl.DataFrame(schema=schema), *frames]).filter(pl.col(_KEY).is_not_null())


def _by_key(rows: pl.DataFrame, name: str, key: str, columns: Sequence[str]) -> pl.DataFrame:
    different = rows.unique([_KEY, *columns], keep="first", maintain_order=True)
    twice = different.filter(pl.col(_KEY).is_duplicated())
    if twice.height:
        first, second = twice.filter(pl.col(_KEY) == twice[_KEY][0]).head(2).to_dicts()
        column = next(each for each in columns if first[each] != second[each])
        places = [Message("lookup.place", {"file": row[_FILE], "row": row[_ROW]}) for row in (first, second)]
        raise UnreadableFile("lookup.contradiction", lookup=name, key=key, places=places, column=column)
    return different.select(_KEY, *columns)


def keys_of(values: pl.Series, source: str, column: str) -> pl.Series:
    """The ids in a column as texts.

    Raises:
        UnreadableFile: they are floating-point numbers too large to be told apart.
    """
    if has_inexact_integers(values):
        raise UnreadableFile("file.rounded_ids", file=source, column=column)
    return _texts(values)


def _texts(values: pl.Series) -> pl.Series:
    """Texts without blanks around them, whole numbers as such; null for an empty one."""
    texts = names_of(texts_of(values))
    return texts.set(texts == "", None)
