"""How commands print: tables for people, JSON, CSV and Parquet for scripts."""

from __future__ import annotations

import json
import sys

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from commands.options import Format

ROWS_AT_A_GLANCE = 50


def print_lines(lines: list[str]) -> None:
    """Lines for people, whole even where they are longer than the terminal."""
    for line in lines:
        wide_console().print(line, highlight=False, markup=False, soft_wrap=True)


def print_frame(frame: pl.DataFrame, form: Format) -> None:
    """A table, or what a script reads."""
    match form:
        case Format.JSON:
            print(json.dumps(frame.to_dicts(), indent=2, default=str))  # noqa: T201
        case Format.CSV:
            print(frame.write_csv(), end="")  # noqa: T201
        case Format.PARQUET:
            frame.write_parquet(sys.stdout.buffer)
        case Format.TABLE:
            numbers = {name for name, dtype in frame.schema.items() if dtype.is_numeric()}
            table = Table(
                *(Column(name, justify="right" if name in numbers else "left") for name in frame.columns)
            )
            for row in frame.iter_rows():
                table.add_row(*(escape(cell(value)) for value in row))
            wide_console().print(table)


def wide_console() -> Console:
    """Tables keep their columns when they are piped; a terminal has its own width."""
    return Console() if sys.stdout.isatty() else Console(width=200)


def cell(value: object) -> str:
    """A value as people read it: numbers from a thousand on whole, smaller ones to four digits."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


_WHOLE_FROM = 1000


def right_aligned(*names: str) -> list[Column]:
    """Columns of numbers."""
    return [Column(name, justify="right") for name in names]
