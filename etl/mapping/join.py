"""Rows with the columns that they look up in other tables."""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from etl.contract.names import names_of
from etl.contract.numbers import has_inexact_integers, texts_of
from etl.errors import MissingColumns, UnreadableFile
from etl.mapping.column_values import without_nulls
from etl.mapping.fit import require_single_values
from etl.mapping.mapping import Mapping
from etl.mapping.tables import fits
from etl.mapping.value_from import LookupValue
from etl.messages import Message, some_names
from etl.sources import FileForm, Table, files_beside, read
from etl.sources.json_members import with_members
from etl.sources.table import POSITION, spelt_as

_KEY, _ROW, _FILE = ":key", ":row", ":file"


@dataclass
class Lookups:
    """The tables in which the rows of loaded files are looked up, each read once for the same columns of it.

    `paths`: the files of the command, among which a lookup's are found where none lies beside a loaded one.
    """

    paths: Sequence[Path] = ()
    _entries: dict[tuple[object, ...], Entries] = field(default_factory=dict)

    def entries(self, path: Path, name: str, columns: Sequence[str], mapping: Mapping) -> Entries:
        """What a lookup of a mapping has in these columns, for the rows of a file.

        Raises:
            UnreadableFile: no file of it is there, one cannot be read, or a key has rows that differ.
            MissingColumns: one of its files lacks the key or a column.
        """
        lookup, form = mapping.lookup[name], mapping.form
        own = FileForm(
            lookup.delimiter or form.delimiter, lookup.encoding or form.encoding, lookup.sheet, lookup.rows
        )
        files = [file for file in files_beside(path) if fits(file, lookup.files)]
        files = files or [file for file in self.paths if fits(file, lookup.files)]
        if not files:
            raise UnreadableFile("lookup.no_file", file=path.name, lookup=name, files=lookup.files)
        stated = (tuple(files), lookup, own, tuple(columns), tuple(mapping.null))
        if stated not in self._entries:
            parts = [_rows(file, name, lookup.key, columns, own, mapping.null) for file in files]
            rows = _by_key(pl.concat([part.rows for part in parts]), name, lookup.key, columns)
            self._entries[stated] = Entries(rows, sum(part.damaged for part in parts))
        return self._entries[stated]


@dataclass(frozen=True)
class Entries:
    """What a lookup has. `rows`: one per key, with columns as texts. `damaged`: rows that cannot be read."""

    rows: pl.DataFrame
    damaged: int


@dataclass
class JoinResult:
    """What became of a table's lookups while its rows were read.

    `damaged`: rows that cannot be read, by lookup. `missing`: rows whose key its lookup does not have, by the
    name of the joined column.
    """

    joins: dict[str, LookupValue]
    damaged: dict[str, int]
    missing: Counter[str] = field(default_factory=Counter)
    _used: set[tuple[str, str, str | None]] = field(default_factory=set)

    def fingerprint(self, mapping: str, salt: str) -> str:
        """The fingerprint of a mapping, with a hash, keyed with `salt`, of what the lookups had."""
        if not self.joins:
            return mapping
        used = json.dumps(sorted(self._used, key=str)).encode()
        return hmac.digest(salt.encode(), mapping.encode() + used, "sha256").hex()[:16]

    def remarks(self, file: str) -> list[Message]:
        """How many rows of a lookup cannot be read, and how many rows have a key that it has no entry for."""
        of_both = {(self.joins[name].key, self.joins[name].lookup): n for name, n in self.missing.items()}
        return [
            *(
                Message("lookup.damaged", {"file": file, "n": n, "lookup": lookup})
                for lookup, n in sorted(self.damaged.items())
                if n
            ),
            *(
                Message("lookup.missing", {"file": file, "n": n, "column": key, "lookup": lookup})
                for (key, lookup), n in sorted(of_both.items())
            ),
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
    table: Table, file: str, mapping: Mapping, entries: Callable[[str, list[str]], Entries]
) -> tuple[Table, JoinResult]:
    """The table with a column for each that is looked up, and what becomes of it when its rows are read.

    Args:
        table: the rows that look up.
        file: the file's name.
        mapping: what it says of the table.
        entries: gives what a lookup has in some of its columns.

    Raises:
        MissingColumns: the table lacks the column that is looked up, or it holds no single values.
    """
    joins = mapping.joins
    by_lookup: dict[str, list[str]] = {}
    for join in joins.values():
        if join.key not in table.columns:
            raise MissingColumns(
                "file.missing_columns",
                file=file,
                missing=[join.key],
                columns=some_names(table.columns),
                hint=Message("file.name_columns"),
            )
        require_single_values([join.key], table, file)
        by_lookup.setdefault(join.lookup, []).append(join.column)
    looked_up = {name: entries(name, sorted(set(columns))) for name, columns in by_lookup.items()}
    result = JoinResult(joins, {name: each.damaged for name, each in looked_up.items()})

    def batches() -> Iterator[pl.DataFrame]:
        for batch in table.batches():
            rows = batch
            for name, join in joins.items():
                keys = keys_of(without_nulls(rows[join.key], mapping.null), file, join.key)
                entries_of_rows = keys.to_frame(_KEY).join(
                    looked_up[join.lookup].rows.select(_KEY, join.column, is_entry=True),
                    on=_KEY,
                    how="left",
                    maintain_order="left",
                )
                values = entries_of_rows[join.column]
                result.note(name, keys, values, entries_of_rows["is_entry"].fill_null(value=False))
                rows = rows.with_columns(values.alias(name))
            yield rows

    return replace(table, columns=[*table.columns, *joins], batches=batches), result


@dataclass(frozen=True)
class _FileRows:
    """The rows of one file of a lookup with where they stand, and how many of them cannot be read."""

    rows: pl.DataFrame
    damaged: int


def _rows(
    file: Path, name: str, key: str, columns: Sequence[str], form: FileForm, null: Sequence[str]
) -> _FileRows:
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
    require_single_values([key, *columns], table, file.name)
    frames = [
        rows.select(
            keys_of(without_nulls(rows[key], null), file.name, key).alias(_KEY),
            pl.col(POSITION).alias(_ROW),
            pl.lit(file.name).alias(_FILE),
            *(_texts(rows[column]).alias(column) for column in columns),
        )
        for rows in table.batches()
    ]
    schema = {_KEY: pl.String, _ROW: pl.Int64, _FILE: pl.String, **dict.fromkeys(columns, pl.String)}
    rows_of_all = pl.concat([pl.DataFrame(schema=schema), *frames]).filter(pl.col(_KEY).is_not_null())
    return _FileRows(rows_of_all, table.broken.height)


def _by_key(rows: pl.DataFrame, name: str, key: str, columns: Sequence[str]) -> pl.DataFrame:
    different = rows.unique([_KEY, *columns], keep="first", maintain_order=True)
    twice = different.filter(pl.col(_KEY).is_duplicated())
    if twice.height:
        first, second = twice.filter(pl.col(_KEY) == twice[_KEY][0]).head(2).to_dicts()
        column = next(each for each in columns if first[each] != second[each])
        places = [Message("lookup.place", {"file": row[_FILE], "row": row[_ROW]}) for row in (first, second)]
        raise UnreadableFile("lookup.contradiction", lookup=name, key=key, places=places, column=column)
    return different.select(_KEY, *columns)


def keys_of(values: pl.Series, file: str, column: str) -> pl.Series:
    """The ids in a column as texts.

    Raises:
        UnreadableFile: they are floating-point numbers too large to be told apart.
    """
    if has_inexact_integers(values):
        raise UnreadableFile("file.rounded_ids", file=file, column=column)
    return _texts(values)


def _texts(values: pl.Series) -> pl.Series:
    """Texts without blanks around them, whole numbers as such; null for an empty one."""
    texts = names_of(texts_of(values))
    return texts.set(texts == "", None)
