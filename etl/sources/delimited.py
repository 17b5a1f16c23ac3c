"""Delimited text: comma, semicolon or tab separated, one header row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl

from etl.errors import UnreadableFile
from etl.sources.compression import contents
from etl.sources.table import POSITION, REJECTED_SCHEMA, FileForm, Table, whole_table


def read_delimited(path: Path, form: FileForm) -> Table:
    """Every field as text, an empty one as null; rows of nothing but empty fields are not rows.

    Raises:
        UnreadableFile: not in the stated encoding, or no header.
    """
    delimiter = form.delimiter or ("\t" if ".tsv" in (suffix.lower() for suffix in path.suffixes) else ",")
    data = _as_utf8(contents(path), path, form.encoding)
    broken = None
    try:
        rows = pl.read_csv(
            data, separator=delimiter, infer_schema=False, row_index_name=POSITION, row_index_offset=1
        ).with_columns(pl.col(POSITION).cast(pl.Int64))
    except pl.exceptions.NoDataError as error:
        raise UnreadableFile(f"{path.name} has no header row. Export it with column names.") from error
    except pl.exceptions.PolarsError:
        # Some row has too many fields or an open quote: find it.
        rows, broken = _row_by_row(data, path, delimiter)
    return whole_table(rows.filter(pl.any_horizontal(pl.exclude(POSITION).is_not_null())), broken)


def _as_utf8(data: bytes, path: Path, encoding: str) -> bytes:
    try:
        text = data.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"{path.name} is not {encoding}: line {line} holds the byte 0x{data[error.start]:02x}. "
            'Name its encoding in a mapping, as in [file] encoding = "latin-1", and load it with --mapping.'
        ) from error
    except LookupError as error:
        raise UnreadableFile(f"{path.name}: there is no encoding called {encoding}.") from error
    return text.encode()


def _row_by_row(data: bytes, path: Path, delimiter: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The slow way, which parts the damaged rows from the good ones."""
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter, strict=True)
    header = next(reader, [])
    names = [name if header.index(name) == i else f"{name}_duplicated_{i}" for i, name in enumerate(header)]
    rows: list[list[str | None]] = []
    broken: list[tuple[int, str, str, str]] = []
    position = 0
    while True:
        position += 1
        try:
            fields = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise UnreadableFile(
                f"{path.name}, row {position}: {error}. Mend that row and load again."
            ) from error
        if len(fields) > len(names):
            explanation = (
                f"the row has {len(fields)} fields and the header {len(names)}; "
                f"a field that holds a '{delimiter}' must be quoted"
            )
            broken.append((position, "wrong_number_of_fields", explanation, json.dumps(fields)))
        else:
            missing = [None] * (len(names) - len(fields))
            rows.append([str(position), *(field or None for field in fields), *missing])
    frame = pl.DataFrame(rows, schema=dict.fromkeys([POSITION, *names], pl.String), orient="row")
    return (
        frame.with_columns(pl.col(POSITION).cast(pl.Int64)),
        pl.DataFrame(broken, schema=REJECTED_SCHEMA, orient="row"),
    )
