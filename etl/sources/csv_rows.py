"""Delimited text record by record: the slow way, which parts the damaged rows from the good ones.

A record that does not parse as it stands may go on in the next line, within quotes, or have quotes that are
escaped by a backslash instead of doubled. What is neither is damaged, and its first line is rejected alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import chain

import polars as pl

from etl.sources.limits import MOST_LINE_BYTES
from etl.sources.table import POSITION, REJECTED_SCHEMA

_ROWS_AT_ONCE = 20_000
_MOST_LINES = 500
"""Lines of one quoted field; a quote that is open for longer was never closed."""

_FEWEST_FIELDS, _FEWEST_LINES = 3, 3
"""Text within quotes may look like a row or two by chance."""

Record = list[str] | str
"""The fields of a record, or the line of one that is damaged."""


def row_by_row(data: bytes, delimiter: str, names: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows below the header under these names, and those that are damaged (`REJECTED_SCHEMA`)."""
    schema = dict.fromkeys([POSITION, *names], pl.String)
    frames, rows = [pl.DataFrame(schema=schema)], list[list[str | None]]()
    broken: list[tuple[int, str, str]] = []
    for position, record in enumerate(_records(data, delimiter, len(names))):
        if position == 0:
            continue
        if isinstance(record, str):
            broken.append((position, "damaged_row", json.dumps(record)))
        elif len(record) > len(names):
            broken.append((position, "wrong_number_of_fields", json.dumps(record)))
        else:
            missing = [None] * (len(names) - len(record))
            rows.append([str(position), *(field or None for field in record), *missing])
        if len(rows) == _ROWS_AT_ONCE:
            frames.append(pl.DataFrame(rows, schema=schema, orient="row"))
            rows = []
    frames.append(pl.DataFrame(rows, schema=schema, orient="row"))
    return (
        pl.concat(frames).with_columns(pl.col(POSITION).cast(pl.Int64)),
        pl.DataFrame(broken, schema=REJECTED_SCHEMA, orient="row"),
    )


def are_rows(lines: list[str], delimiter: str, width: int) -> bool:
    """Whether lines that stand within quotes look like rows: then the quote before them was never closed."""
    return (
        width >= _FEWEST_FIELDS
        and len(lines) >= _FEWEST_LINES
        and all(line.count(delimiter) == width - 1 for line in lines)
    )


def _records(data: bytes, delimiter: str, width: int) -> Iterator[Record]:
    lines = iter(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""))
    while (line := next(lines, None)) is not None:
        fields = _fields(line, delimiter, width)
        if fields is not None:
            yield fields
            continue
        taken = _with_the_lines_behind(line, lines, delimiter, width)
        if isinstance(taken, list):
            lines = chain(taken, lines)
            yield line.rstrip("\r\n")
        else:
            yield taken.fields


class _Record:
    """A record of several lines."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields


def _with_the_lines_behind(
    line: str, lines: Iterator[str], delimiter: str, width: int
) -> _Record | list[str]:
    """The record that begins with this line, if it ends further down; otherwise the lines looked at."""
    taken: list[str] = []
    if not _is_open(line, delimiter):
        return taken
    text = line
    while len(taken) < _MOST_LINES and len(text) < MOST_LINE_BYTES:
        if (following := next(lines, None)) is None:
            break
        taken.append(following)
        text += following
        fields = _fields(text, delimiter, width)
        if fields is not None:
            is_one = len(fields) == width and not are_rows(taken, delimiter, width)
            return _Record(fields) if is_one else taken
        if not _is_open(text, delimiter):
            break
    return taken


def _fields(text: str, delimiter: str, width: int) -> list[str] | None:
    """The fields of a whole record; quotes are doubled or, where that fails, escaped by a backslash."""
    standard = _parse(text, delimiter, None)
    if "\\" in text and (standard is None or len(standard) != width):
        escaped = _parse(text, delimiter, "\\")
        if escaped is not None and (standard is None or len(escaped) == width):
            return escaped
    return standard


def _parse(text: str, delimiter: str, escape: str | None) -> list[str] | None:
    try:
        records = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, escapechar=escape, strict=True)
        )
    except csv.Error:
        return None
    if len(records) > 1:
        return None
    return records[0] if records else []


def _is_open(text: str, delimiter: str) -> bool:
    """Whether the text ends within quotes, in either way of writing them."""
    for escape in (None, "\\"):
        try:
            list(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, escapechar=escape, strict=True)
            )
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                return True
    return False
