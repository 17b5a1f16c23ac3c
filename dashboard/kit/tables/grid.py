"""The rows of a table as a grid that sorts and scrolls, and below it the table to take along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from dashboard.kit.export import page_content, table_exports
from dashboard.kit.tables.table import Column, Table
from dashboard.language import ENGLISH, spoken, words

TALL, ROW = 14, 33
MOST_WRITTEN = 500
"""Up to so many rows, numbers are in the reader's language; those of longer tables the browser writes."""


def rows(
    table: Table, *, key: str | None = None, export: Callable[[], Table] | None = None, tall: int = TALL
) -> None:
    """Only the columns named are sent to the browser."""
    percent = [name for name, column in table.columns.items() if column.kind in {"share", "change"}]
    buttons = [
        pl.col(name).map_elements(_button_label, return_dtype=pl.String)
        for name, column in table.columns.items()
        if column.kind == "open"
    ]
    frame = table.frame.select(list(table.columns)).with_columns(pl.col(percent) * 100, *buttons)
    by_browser = spoken() == ENGLISH or frame.height > MOST_WRITTEN
    st.dataframe(
        frame if by_browser else _written(frame, table),
        column_config={
            name: _configured(column, key, by_browser=by_browser) for name, column in table.columns.items()
        },
        hide_index=True,
        alt=table.alt,
        placeholder=words.UNKNOWN,
        # Half a row at the end says that there are more.
        height="content" if table.frame.height <= tall else int(ROW * (tall + 1.5)),
    )
    table_exports.offer(table, export or (lambda: table))
    page_content.add(table)


def _written(frame: pl.DataFrame, table: Table) -> Any:
    """With its numbers in the reader's language; they are numbers still, and sort as such."""
    numbers = {
        name: column.kind for name, column in table.columns.items() if column.kind in words.COLUMN_FORMATS
    }
    return frame.to_pandas().style.format(
        {name: partial(words.in_column, kind=kind) for name, kind in numbers.items()}
    )


def _button_label(label: str) -> str:
    """It reads Markdown, but shows the backslash before a hyphen or a full stop."""
    return words.escaped(label).replace("\\-", "-").replace("\\.", ".") + " →"


def _configured(column: Column, key: str | None, *, by_browser: bool) -> Any:
    if column.kind == "open":
        return st.column_config.ButtonColumn(
            column.title,
            help=column.help,
            pinned=column.pinned,
            alignment="left",
            type="tertiary",
            key=key,
            width=column.width,
        )
    if column.kind == "text":
        return st.column_config.TextColumn(
            column.title, help=column.help, pinned=column.pinned, width=column.width
        )
    return st.column_config.NumberColumn(
        column.title,
        help=column.help,
        pinned=column.pinned,
        format=words.COLUMN_FORMATS[column.kind] if by_browser else None,
        width=column.width,
    )
