"""Delimited text: comma, semicolon or tab separated, one header row."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl

from etl.errors import UnreadableFile
from etl.sources.csv_rows import are_rows, row_by_row
from etl.sources.limits import MOST_LINE_BYTES
from etl.sources.table import (
    POSITION,
    FileForm,
    Table,
    require_size,
    unlike_ours,
    whole_table,
)
from etl.sources.text import utf8_contents

_LONGEST_SEPARATOR = 16


_SEPARATOR = re.compile(rb'\A"?sep=(.)"?(\r\n|\r|\n)')
_FIRST_LINE = re.compile(rb'\A(?:[^"\r\n]|"[^"]*")*+(\r\n|\r|\n)')


def read_delimited(path: Path, form: FileForm) -> Table:
    """Every field as text, an empty one as null; rows of nothing but empty fields are not rows.

    A first line `sep=;`, as Excel writes it, names the delimiter and is no row. Lines may end as on any
    system; quotes within quotes may be doubled or behind a backslash.

    Raises:
        UnreadableFile: not in the stated encoding, no header, or larger than a table of events is.
    """
    data = utf8_contents(path, form.encoding)
    stated = separator_line(data[:_LONGEST_SEPARATOR])
    if stated:
        data = data[len(stated[0]) :]
    default_delimiter = "\t" if ".tsv" in (suffix.lower() for suffix in path.suffixes) else ","
    delimiter = form.delimiter or (stated[1] if stated else default_delimiter)
    first_line = _FIRST_LINE.match(data[:MOST_LINE_BYTES])
    if first_line and first_line[1] == b"\r":
        data = data.replace(b"\r", b"\n")
    csv.field_size_limit(MOST_LINE_BYTES)
    header = _header(data, path, delimiter)
    require_size(path.name, columns=len(header), rows=data.count(b"\n"), most_cells=len(data))
    names = unlike_ours(header)
    rows, broken = _at_once(data, path, delimiter, names), None
    if rows is None:
        rows, broken = row_by_row(data, delimiter, names)
    is_row = rows.select(pl.any_horizontal(pl.exclude(POSITION).is_not_null())).to_series()
    return whole_table(rows if is_row.all() else rows.filter(is_row), broken)


def separator_line(data: bytes) -> tuple[bytes, str] | None:
    """The line with which a text begins that only names its delimiter, and the delimiter."""
    match = _SEPARATOR.match(data)
    return (match[0], match[1].decode("latin-1")) if match and match[1].isascii() else None


def _at_once(data: bytes, path: Path, delimiter: str, names: list[str]) -> pl.DataFrame | None:
    """All rows, the fast way; None where some row may be damaged: too many fields, or an open quote."""
    if b'\\"' in data:
        return None
    try:
        rows = pl.read_csv(data, separator=delimiter, infer_schema=False)
    except pl.exceptions.NoDataError as error:
        raise UnreadableFile("file.no_header", file=path.name) from error
    except pl.exceptions.PolarsError:
        return None
    rows.columns = names if len(names) == rows.width else unlike_ours(rows.columns)
    if rows.height + 1 < data.count(b"\n") and _has_swallowed_lines(rows, delimiter):
        return None
    return rows.with_row_index(POSITION, offset=1).with_columns(pl.col(POSITION).cast(pl.Int64))


def _has_swallowed_lines(rows: pl.DataFrame, delimiter: str) -> bool:
    """Whether a field of several lines holds rows, or its row is too short: its quote ended too late."""
    for texts in rows:
        for text in texts.filter(texts.str.count_matches("\n", literal=True) > 1):
            if are_rows(text.split("\n")[1:], delimiter, rows.width):
                return True
    has_lines = pl.any_horizontal(pl.all().str.contains("\n", literal=True).fill_null(value=False))
    return bool(rows.select((has_lines & pl.col(rows.columns[-1]).is_null()).any()).item())


def _header(data: bytes, path: Path, delimiter: str) -> list[str]:
    head = io.StringIO(data[:MOST_LINE_BYTES].decode(errors="ignore"), newline="")
    try:
        return next((row for row in csv.reader(head, delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise UnreadableFile("file.damaged_header", file=path.name, detail=str(error)) from error
