"""The rows of an export as texts, read with the standard library: a second opinion on our readers."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl

Row = dict[str, str]
"""Column → text of its cell; an empty one is the empty text."""


def source_rows(path: Path, *, delimiter: str, encoding: str, skip_lines: int, records: str) -> list[Row]:
    """The rows of a CSV, JSON, JSON lines, Parquet or XES file; `records` is the member of JSON with them.

    Members of nested objects are columns, as in `via.channel`; a list is its JSON text.
    """
    endings = {Path(name).suffix for name in (path.name, path.name.removesuffix(".gz"))}
    if ".parquet" in endings:
        records_read = pl.read_parquet(path).to_dicts()
        return [{name: _cell(value) for name, value in record.items()} for record in records_read]
    text = _text(path, encoding)
    if ".xes" in endings:
        return list(_xes_rows(ElementTree.fromstring(text.encode())))  # noqa: S314
    if endings & {".jsonl", ".ndjson"}:
        return [_cells(_json(line)) for line in text.splitlines() if line.strip()]
    if ".json" in endings:
        document = _json(text)
        return [_cells(record) for record in (document[records] if records else document)]
    lines = io.StringIO("".join(text.splitlines(keepends=True)[skip_lines:]), newline="")
    return list(_csv_rows(csv.reader(lines, delimiter=delimiter)))


def _text(path: Path, encoding: str) -> str:
    content = path.read_bytes()
    return (
        (gzip.decompress(content) if path.suffix == ".gz" else content)
        .decode(encoding)
        .removeprefix("\ufeff")
    )


def _xes_rows(log: ElementTree.Element) -> Iterator[Row]:
    """Events, with what is their trace's as `case:`; attributes within attributes are left out."""
    for trace in log.iterfind("{*}trace"):
        case = {f"case:{name}": cell for name, cell in _xes_cells(trace).items()}
        for event in trace.iterfind("{*}event"):
            yield case | _xes_cells(event)


def _xes_cells(element: ElementTree.Element) -> Row:
    return {part.attrib["key"]: part.attrib.get("value", "") for part in element if "key" in part.attrib}


def _json(text: str) -> Any:
    return json.loads(text, parse_int=str, parse_float=str)


def _csv_rows(rows: Iterator[list[str]]) -> Iterator[Row]:
    names: list[str] = []
    for name in next(rows, []):
        repeated = sum(other == name or other.startswith(f"{name}_duplicated_") for other in names)
        names.append(f"{name}_duplicated_{repeated - 1}" if repeated else name)
    for cells in rows:
        if any(cells):
            yield dict(zip(names, [*cells, *[""] * len(names)], strict=False))


def _cells(record: dict[str, Any], prefix: str = "") -> Row:
    cells: Row = {}
    for name, value in record.items():
        if isinstance(value, dict) and value:
            cells |= _cells(value, f"{prefix}{name}.")
        else:
            cells[prefix + name] = _cell(value)
    return cells


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case list() | dict():
            return json.dumps(value, default=str)
        case _:
            return str(value)
