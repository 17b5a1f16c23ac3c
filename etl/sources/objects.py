"""JSON objects as rows: every member as text, nested ones as JSON.

A number is what is written, be it 1.0, 1e3 or longer than any number that a machine can hold; of a member
that an object has twice, the last counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import duckdb
import polars as pl

from etl.errors import UnreadableFile
from etl.sources.table import OURS, POSITION, REJECTED_SCHEMA, Table, require_size, unlike_ours, whole_table

_OBJECTS_AT_ONCE = 50_000
_MOST_OTHERS = 100_000
"""Texts that are no objects, before the first that is one."""


def objects_table(texts: Iterable[tuple[int, str]], source: str, *, size: int) -> Table:
    """One row per JSON object among numbered texts; a text that is none is a broken row.

    Args:
        texts: the number of each text in its file, and the text.
        source: the file's name.
        size: its bytes.

    Raises:
        UnreadableFile: no text is an object, or they have more names than a table of events.
    """
    frames: list[pl.DataFrame] = []
    broken = [pl.DataFrame(schema=REJECTED_SCHEMA)]
    names: dict[str, None] = {}
    types: dict[str, set[str]] = {}
    rows, numbered = 0, iter(texts)
    with duckdb.connect() as engine:
        while batch := list(islice(numbered, _OBJECTS_AT_ONCE)):
            lines = pl.DataFrame(batch, schema={POSITION: pl.Int64, "line": pl.String}, orient="row")
            engine.register("lines", lines)
            engine.execute(_OBJECTS)
            _write_as_stated(engine)
            new = [row[0] for row in engine.execute(_NAMES).fetchall()]
            names |= dict.fromkeys(new)
            rows += lines.height
            require_size(source, columns=len(names), rows=rows, most_cells=size)
            frames.append(_members(engine, new))
            for name in new:
                types[name] = types.get(name, set()) | _types(engine, name, frames[-1])
            broken.append(pl.DataFrame(engine.sql(_BROKEN).to_arrow_table()).cast(REJECTED_SCHEMA))
            if not names and rows > _MOST_OTHERS:
                break
    if not any(frame.height for frame in frames):
        raise UnreadableFile("file.no_object", file=source)
    frame, columns = _with_column_names(pl.concat(frames, how="diagonal"))
    of_no_use = {columns[name]: code for name, held in types.items() if (code := _code(held))}
    return replace(whole_table(frame, pl.concat(broken)), of_no_use=of_no_use)


def numbered_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines of a text in UTF-8 that are not blank, from 1."""
    start, number = 0, 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        if line := data[start:end].strip():
            yield number, line.decode()
        start = end + 1


def _write_as_stated(engine: duckdb.DuckDBPyConnection) -> None:
    """Objects that DuckDB would read otherwise: numbers as texts, and each member once."""
    lines = []
    for position, line in engine.execute(_OTHERWISE, {"numbers": _REWRITTEN}).fetchall():
        with suppress(ValueError, RecursionError):  # what DuckDB takes for JSON, and Python does not
            lines.append((position, json.dumps(json.loads(_NUMBER.sub(_as_text, line)))))
    if lines:
        written = pl.DataFrame(lines, schema={POSITION: pl.Int64, "line": pl.String}, orient="row")
        engine.register("written", written)
        engine.execute(_WRITE)


def _as_text(token: re.Match[str]) -> str:
    return token[0] if token[0].startswith('"') else f'"{token[0]}"'


def _types(engine: duckdb.DuckDBPyConnection, name: str, rows: pl.DataFrame) -> set[str]:
    """The JSON types of a member, those that hold no others as one."""
    texts = rows[f"{OURS}{OURS}{name}"]
    if not texts.str.contains(r"^[\[{]").any():
        return {"a single value"} if texts.null_count() < texts.len() else set()
    return {kind for (kind,) in engine.execute(_TYPES, {"pointer": _pointer(name)}).fetchall()}


def _code(types: set[str]) -> str | None:
    """What a member holds that no event can be made of, where all of its values are such."""
    held = types - {"NULL"}
    if not held or not held <= {"OBJECT", "ARRAY"}:
        return None
    return "column.records" if "OBJECT" in held else "column.lists"


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _members(engine: duckdb.DuckDBPyConnection, names: list[str]) -> pl.DataFrame:
    pointers = [_pointer(name) for name in names]
    members = pl.DataFrame(engine.sql(_MEMBERS, params=[pointers]).to_arrow_table())
    # Theirs get their names later, so that one called like ours stays apart.
    columns = [pl.col("members").list.get(i).alias(f"{OURS}{OURS}{name}") for i, name in enumerate(names)]
    return members.select(POSITION, *columns)


def _with_column_names(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """Rows under the names of their columns, and the name of the column of each member."""
    ours = sorted(name for name in rows.columns if name != POSITION)
    members = [name.removeprefix(OURS * 2) for name in ours]
    names = unlike_ours(members)
    frame = rows.select(POSITION, *ours).rename(dict(zip(ours, names, strict=True)))
    return frame, dict(zip(members, names, strict=True))


_OBJECTS = """
CREATE OR REPLACE TEMP TABLE objects AS
SELECT
    *,
    CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS is_whole,
    CASE WHEN is_whole THEN json_keys(line) END AS names
FROM lines
"""
_NAMES = "SELECT DISTINCT unnest(names) AS name FROM objects WHERE is_whole ORDER BY name"
_OTHERWISE = """
SELECT ":position", line FROM objects
WHERE is_whole AND (regexp_matches(line, $numbers) OR len(list_distinct(names)) < len(names))
"""
_WRITE = """
UPDATE objects SET line = written.line FROM written WHERE objects.":position" = written.":position"
"""
_TYPES = (
    "SELECT DISTINCT json_type(line, $pointer) FROM objects WHERE is_whole AND json_exists(line, $pointer)"
)
_MEMBERS = """
SELECT ":position", json_extract_string(line, ?::VARCHAR[]) AS members
FROM objects WHERE is_whole ORDER BY ":position"
"""
_BROKEN = """
SELECT ":position", 'not_a_json_object' AS rule, line AS content
FROM objects WHERE NOT is_whole ORDER BY ":position"
"""

_REWRITTEN = r"[:,\[]\s*(-?[0-9]+(\.[0-9]+)?[eE]|-?[0-9]+\.[0-9]*(0|[0-9]{15})\s*[,}\]]|-0\s*[,}\]])"
"""A number that DuckDB writes in another way, or what looks like one within a text."""
_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][-+.0-9eE]*')
