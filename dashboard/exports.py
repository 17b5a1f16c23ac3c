"""Tables to take along: CSV and Excel files that say what they hold, of what, and how fresh it is.

Columns are named as on the page. Shares are 0–1 and formulas are neutralised (`etl.exporting`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl
import streamlit as st
import xlsxwriter

from dashboard import data, scope_bar, words
from dashboard.tables.table import Table
from etl.exporting import ExportForm, exported, neutralised

MOST = 100_000
"""Rows of a list that are exported; the file says so where there are more."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELL_START = re.compile(r"([,;\t]\s*)(?=[=+\-@＝＋－＠])")


@dataclass(frozen=True)
class Export:
    """A table as it leaves: its columns under their titles, and what a reader of the file must know."""

    frame: pl.DataFrame
    about: Mapping[str, str]


def prepared(table: Table, *, scope: str, fresh: str) -> Export:
    """A page's table with its scope and its freshness, both in words."""
    titles = {name: column.title for name, column in table.columns.items()}
    meanings = "; ".join(f"{column.title}: {column.help}" for column in table.columns.values() if column.help)
    about = {
        "Table": table.title,
        "Scope": scope,
        "Definition": table.definition or meanings,
        "Data up to": fresh,
        "Rows": words.count(table.frame.height) + (" (the first)" if table.frame.height == MOST else ""),
    }
    return Export(
        table.frame.select(list(titles)).rename(titles),
        {name: words.label(text, 4000) for name, text in about.items() if text},
    )


def as_csv(export: Export) -> bytes:
    """Comment lines (`#`) that say what it is, then the table."""
    lines = [f"# {name}: {_in_a_comment(text)}\n" for name, text in export.about.items()]
    return "\ufeff".encode() + "".join(lines).encode() + exported(export.frame, ExportForm.CSV)


def _in_a_comment(text: str) -> str:
    """A text that opens no quoted cell, and no cell that a spreadsheet would run."""
    return _CELL_START.sub(r"\1'", text.replace('"', "”"))


def as_excel(export: Export) -> bytes:
    """A sheet with the table, and one that says what it is."""
    target = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    about = pl.DataFrame({"About": list(export.about), "": list(export.about.values())})
    with xlsxwriter.Workbook(target, plain | {"in_memory": True}) as book:
        neutralised(export.frame).write_excel(book, worksheet="Table", autofit=True)
        neutralised(about).write_excel(book, worksheet="About", autofit=True)
    return target.getvalue()


def offer(shown: Table, whole: Callable[[], Table]) -> None:
    """Two buttons under a table; the file is made when one is pressed."""
    if shown.frame.is_empty():
        return
    snapshot, scope = scope_bar.current()
    zone = data.settings().time_zone
    fresh = f"{words.instant(data.newest_event(snapshot), zone)} ({zone})"
    said = scope.in_words() if scope else ""
    name = re.sub(r"[^a-z0-9]+", "-", shown.title.lower()).strip("-")[:60]

    def made(form: Callable[[Export], bytes]) -> Callable[[], bytes]:
        return lambda: form(prepared(whole(), scope=said, fresh=fresh))

    with st.container(horizontal=True, gap="small"):
        for label, ending, mime, form in (
            ("CSV", "csv", "text/csv", as_csv),
            ("Excel", "xlsx", EXCEL, as_excel),
        ):
            st.download_button(
                label,
                made(form),
                f"stepsight-{name}.{ending}",
                mime,
                key=f"{name}.{ending}",
                help=f"This table as {label}, with its scope, definitions and freshness",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
