"""How commands print: lines and tables for people, JSON, CSV and Parquet for scripts.

What comes from data is only ever shown: its control characters and direction marks as escapes, its markup as
the text it is, its formulas as texts. JSON and Parquet carry it as it is.
"""

from __future__ import annotations

import io
import json
import math
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import polars.selectors as cs
import structlog
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from commands.options import Format
from dashboard.language import _, words
from dashboard.language.messages import say
from etl.errors import InvalidRequest
from etl.export import ExportForm, exported, flat
from etl.messages import Message
from etl.messages.controls import without_controls

ROWS_AT_A_GLANCE = 50
_LEAST, _WHOLE_FROM = 0.0001, 1000


def print_lines(lines: Iterable[str]) -> None:
    """Lines for people, whole even where they are longer than the terminal."""
    for line in lines:
        print(without_controls(line))  # noqa: T201


def print_aside(line: str) -> None:
    """A line for people beside what a script reads."""
    print(without_controls(line), file=sys.stderr)  # noqa: T201


def print_problem(message: Message) -> None:
    """What is wrong, beside what a script reads: a sentence, or where a log is kept a line of it."""
    if os.environ.get("STEPSIGHT_LOG"):
        structlog.get_logger().error("problem", **message.as_data())
    else:
        print_aside(f"stepsight: {say(message)}")


def print_notice(message: Message) -> None:
    """What somebody should know though nothing is wrong, in the same places."""
    if os.environ.get("STEPSIGHT_LOG"):
        structlog.get_logger().info("notice", **message.as_data())
    else:
        print_aside(f"stepsight: {say(message)}")


def print_json(content: object) -> None:
    """What a script reads: data as they are, with messages as code, values and text."""
    print(json.dumps(content, indent=2, default=_as_data))  # noqa: T201


def _as_data(value: Any) -> Any:
    """Instants in UTC as 2026-03-02T09:00:00Z, wherever they come from."""
    if isinstance(value, Message):
        return value.as_data()
    if isinstance(value, datetime):
        in_utc = value.astimezone(UTC) if value.tzinfo else value
        return in_utc.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return vars(value) if is_dataclass(value) else str(value)


def print_frame(frame: pl.DataFrame, form: Format) -> None:
    """A table, or what a script reads."""
    match form:
        case Format.JSON:
            print_json(frame.to_dicts())
        case Format.CSV:
            print(exported(_escaped(flat(frame)), ExportForm.CSV).decode(), end="")  # noqa: T201
        case Format.PARQUET:
            if sys.stdout.isatty():
                raise InvalidRequest("option.binary")
            content = io.BytesIO()
            frame.write_parquet(content)
            sys.stdout.buffer.write(content.getvalue())
        case Format.TABLE:
            print_table(frame.schema.items(), frame.iter_rows())


def print_first(rows: pl.DataFrame, *, everything: str) -> None:
    """The first rows as a table, and beside it how many there are and which option shows them all."""
    print_frame(rows.head(ROWS_AT_A_GLANCE), Format.TABLE)
    print_left_out(rows.height, everything)


def print_left_out(rows: int, everything: str) -> None:
    """That a table does not have all rows, where it does not."""
    if rows > ROWS_AT_A_GLANCE:
        n, every = words.count(ROWS_AT_A_GLANCE), words.count(rows)
        print_aside(_("{n} of {all} rows are shown; {option} shows all.", n=n, all=every, option=everything))


def print_table(columns: Iterable[tuple[str, pl.DataType]], rows: Iterable[Sequence[object]]) -> None:
    """A table for people, numbers to the right; of any content nothing takes effect."""
    table = Table(
        *(
            Column(_cell_text(name), justify="right" if dtype.is_numeric() else "left")
            for name, dtype in columns
        )
    )
    for row in rows:
        table.add_row(*(_cell_text(cell(value)) for value in row))
    # Tables keep their columns when they are piped; a terminal has its own width.
    (Console() if sys.stdout.isatty() else Console(width=200)).print(table)


def _cell_text(text: str) -> Text:
    return Text(without_controls(text))


def _escaped(frame: pl.DataFrame) -> pl.DataFrame:
    """The same table, with no control character in any text of it."""
    names = {name: without_controls(name) for name in frame.columns}
    texts = cs.string().map_elements(without_controls, return_dtype=pl.String)
    return frame.with_columns(texts).rename(names)


def cell(value: object) -> str:
    """A value as people read it: numbers from a thousand on whole, smaller ones to four digits."""
    if value is None:
        return words.UNKNOWN
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ", ".join(map(cell, value)) if isinstance(value, list) else str(value)
    if not math.isfinite(value):
        return words.UNKNOWN
    return _number(value)


def _number(value: float) -> str:
    """Never with an exponent, and what is next to nothing never as nothing."""
    size = abs(value)
    if 0 < size < _LEAST:
        least = _number(math.copysign(_LEAST, value))
        return _("under {number}", number=least) if value > 0 else _("over {number}", number=least)
    if isinstance(value, int) or size >= _WHOLE_FROM:
        return _plain(value, 0)
    digits = 3 - math.floor(math.log10(size)) if size else 0
    short = round(value, digits) + 0.0  # never minus zero
    return _plain(short, next(fewer for fewer in range(digits + 1) if round(short, fewer) == short))


def _plain(value: float, digits: int) -> str:
    """With a sign that any terminal has."""
    return words.decimal(value, digits).replace(words.MINUS, "-")
