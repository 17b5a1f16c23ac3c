"""JSON Lines: one object per line."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from etl.errors import UnreadableFile
from etl.sources.compression import contents
from etl.sources.table import POSITION, REJECTED_SCHEMA, FileForm, Table, whole_table


def read_json_lines(path: Path, _form: FileForm) -> Table:
    """Every member of an object as text (nested ones as JSON); lines that are no object are broken rows.

    Raises:
        UnreadableFile: not UTF-8, or no line of it is a JSON object.
    """
    data = contents(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"{path.name} is not UTF-8 (line {line}); JSON Lines must be. Convert it first."
        ) from error
    lines = pl.DataFrame({"line": text.split("\n")}, schema={"line": pl.String}).with_row_index(
        POSITION, offset=1
    )
    lines = lines.with_columns(pl.col(POSITION).cast(pl.Int64)).filter(pl.col("line").str.strip_chars() != "")
    with duckdb.connect() as engine:
        engine.register("lines", lines)
        engine.execute(_OBJECTS)
        names = [row[0] for row in engine.execute(_NAMES).fetchall()]
        if not names:
            raise UnreadableFile(f"{path.name} holds no JSON object on a line of its own. Is it JSON Lines?")
        pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names]
        members = pl.DataFrame(engine.sql(_MEMBERS, params=[pointers]).to_arrow_table())
        broken = pl.DataFrame(engine.sql(_BROKEN).to_arrow_table())
    rows = members.select(
        POSITION, *(pl.col("members").list.get(i).alias(name) for i, name in enumerate(names))
    )
    return whole_table(rows, broken.cast(REJECTED_SCHEMA))


_OBJECTS = """
CREATE TEMP TABLE objects AS
SELECT *, CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS is_whole FROM lines
"""
_NAMES = "SELECT DISTINCT unnest(json_keys(line)) AS name FROM objects WHERE is_whole ORDER BY name"
_MEMBERS = """
SELECT ":position", json_extract_string(line, ?::VARCHAR[]) AS members
FROM objects WHERE is_whole ORDER BY ":position"
"""
_BROKEN = """
SELECT
    ":position", 'not_a_json_object' AS rule, 'the line is not a JSON object' AS explanation, line AS content
FROM objects WHERE NOT is_whole ORDER BY ":position"
"""
