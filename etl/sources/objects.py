"""JSON objects as rows: every member as text, nested ones as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    rows, numbered = 0, iter(texts)
    with duckdb.connect() as engine:
        while batch := list(islice(numbered, _OBJECTS_AT_ONCE)):
            lines = pl.DataFrame(batch, schema={POSITION: pl.Int64, "line": pl.String}, orient="row")
            engine.register("lines", lines)
            engine.execute(_OBJECTS)
            new = [row[0] for row in engine.execute(_NAMES).fetchall()]
            names |= dict.fromkeys(new)
            rows += lines.height
            require_size(source, columns=len(names), rows=rows, most_cells=size)
            frames.append(_members(engine, new))
            broken.append(pl.DataFrame(engine.sql(_BROKEN).to_arrow_table()).cast(REJECTED_SCHEMA))
            if not names and rows > _MOST_OTHERS:
                break
    if not any(frame.height for frame in frames):
        raise UnreadableFile("file.no_object", file=source)
    return whole_table(_named(pl.concat(frames, how="diagonal")), pl.concat(broken))


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


def _members(engine: duckdb.DuckDBPyConnection, names: list[str]) -> pl.DataFrame:
    pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names]
    members = pl.DataFrame(engine.sql(_MEMBERS, params=[pointers]).to_arrow_table())
    # Theirs get their names later, so that one called like ours stays apart.
    given = [pl.col("members").list.get(i).alias(f"{OURS}{OURS}{name}") for i, name in enumerate(names)]
    return members.select(POSITION, *given)


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    given = sorted(name for name in rows.columns if name != POSITION)
    names = unlike_ours(name.removeprefix(OURS * 2) for name in given)
    return rows.select(POSITION, *given).rename(dict(zip(given, names, strict=True)))


_OBJECTS = """
CREATE OR REPLACE TEMP TABLE objects AS
SELECT *, CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS is_whole FROM lines
"""
_NAMES = "SELECT DISTINCT unnest(json_keys(line)) AS name FROM objects WHERE is_whole ORDER BY name"
_MEMBERS = """
SELECT ":position", json_extract_string(line, ?::VARCHAR[]) AS members
FROM objects WHERE is_whole ORDER BY ":position"
"""
_BROKEN = """
SELECT ":position", 'not_a_json_object' AS rule, line AS content
FROM objects WHERE NOT is_whole ORDER BY ":position"
"""
