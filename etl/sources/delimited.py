"""Delimited text: comma, semicolon or tab separated, one header row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl

from etl.errors import UnreadableFile
from etl.sources.limits import MOST_LINE_BYTES
from etl.sources.table import (
    POSITION,
    REJECTED_SCHEMA,
    FileForm,
    Table,
    require_size,
    unlike_ours,
    whole_table,
)
from etl.sources.text import utf8_contents

_ROWS_AT_ONCE = 20_000


def read_delimited(path: Path, form: FileForm) -> Table:
    """Every field as text, an empty one as null; rows of nothing but empty fields are not rows.

    Raises:
        UnreadableFile: not in the stated encoding, no header, or larger than a table of events is.
    """
    delimiter = form.delimiter or ("\t" if ".tsv" in (suffix.lower() for suffix in path.suffixes) else ",")
    data = utf8_contents(path, form.encoding)
    csv.field_size_limit(MOST_LINE_BYTES)
    header = _header(data, path, delimiter)
    require_size(path.name, columns=len(header), rows=data.count(b"\n"), most_cells=len(data))
    names = unlike_ours(header)
    broken = None
    try:
        rows = pl.read_csv(data, separator=delimiter, infer_schema=False)
    except pl.exceptions.NoDataError as error:
        raise UnreadableFile("file.no_header", file=path.name) from error
    except pl.exceptions.PolarsError:
        # Some row has too many fields or an open quote: find it.
        rows, broken = _row_by_row(data, path, delimiter, names)
    else:
        rows.columns = names if len(names) == rows.width else unlike_ours(rows.columns)
        rows = rows.with_row_index(POSITION, offset=1).with_columns(pl.col(POSITION).cast(pl.Int64))
    is_row = rows.select(pl.any_horizontal(pl.exclude(POSITION).is_not_null())).to_series()
    return whole_table(rows if is_row.all() else rows.filter(is_row), broken)


def _header(data: bytes, path: Path, delimiter: str) -> list[str]:
    head = io.StringIO(data[:MOST_LINE_BYTES].decode(errors="ignore"), newline="")
    try:
        return next((row for row in csv.reader(head, delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise UnreadableFile("file.damaged_header", file=path.name, detail=str(error)) from error


def _row_by_row(
    data: bytes, path: Path, delimiter: str, names: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The slow way, which parts the damaged rows from the good ones."""
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), delimiter=delimiter, strict=True
    )
    schema = dict.fromkeys([POSITION, *names], pl.String)
    frames, rows = [pl.DataFrame(schema=schema)], list[list[str | None]]()
    broken: list[tuple[int, str, str]] = []
    position = -1
    while True:
        position += 1
        try:
            fields = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise UnreadableFile(
                "file.damaged_row", file=path.name, row=position, detail=str(error)
            ) from error
        if position == 0:
            continue
        if len(fields) > len(names):
            broken.append((position, "wrong_number_of_fields", json.dumps(fields)))
        else:
            missing = [None] * (len(names) - len(fields))
            rows.append([str(position), *(field or None for field in fields), *missing])
        if len(rows) == _ROWS_AT_ONCE:
            frames.append(pl.DataFrame(rows, schema=schema, orient="row"))
            rows = []
    frames.append(pl.DataFrame(rows, schema=schema, orient="row"))
    return (
        pl.concat(frames).with_columns(pl.col(POSITION).cast(pl.Int64)),
        pl.DataFrame(broken, schema=REJECTED_SCHEMA, orient="row"),
    )
