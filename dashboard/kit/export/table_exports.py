"""Tables to take along: CSV and Excel files that say what they hold, of what, and how fresh it is.

Columns are named as on the page. Shares are 0–1 and formulas are neutralised (`etl.export`).
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl
import streamlit as st
import xlsxwriter

from dashboard.filters import filter_bar, scope_words
from dashboard.kit.export import download_button
from dashboard.kit.tables.table import Table
from dashboard.language import _, words
from dashboard.queries import warehouse
from etl.export import ExportForm, exported, neutralised

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
        _("Table"): table.title,
        _("Scope"): scope,
        _("Definition"): table.definition or meanings,
        _("Data up to"): fresh,
        _("Rows"): _("{n} (the first)", n=words.count(table.frame.height))
        if table.frame.height == MOST
        else words.count(table.frame.height),
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
    about = pl.DataFrame({_("About"): list(export.about), "": list(export.about.values())})
    with xlsxwriter.Workbook(target, plain | {"in_memory": True}) as book:
        neutralised(export.frame).write_excel(book, worksheet=_("Table"), autofit=True)
        neutralised(about).write_excel(book, worksheet=_("About"), autofit=True)
    return target.getvalue()


def standing() -> tuple[str, str]:
    """The scope of this view, and up to when its data tells, both in words."""
    snapshot, scope = filter_bar.current()
    zone = warehouse.settings().time_zone
    fresh = f"{words.instant(warehouse.newest_event(snapshot), zone)} ({zone})"
    return (scope_words.in_words(scope) if scope else ""), fresh


def file_name(title: str) -> str:
    """A title as the name of a file on any machine: letters of plain Latin, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def with_sentence_alone(text: str) -> Export:
    """No table, but why there is none."""
    return Export(pl.DataFrame(), {_("About this file"): text})


def offer(table: Table, export: Callable[[], Table]) -> None:
    """Two buttons under a table; the file is made when one is pressed."""
    if table.frame.is_empty():
        return
    scope, fresh = standing()
    name = file_name(table.title)

    def file(form: Callable[[Export], bytes], ending: str, mime: str) -> download_button.File:
        return download_button.File(
            f"stepsight-{name}.{ending}",
            mime,
            make=lambda: form(prepared(export(), scope=scope, fresh=fresh)),
            instead=lambda text: form(with_sentence_alone(text)),
        )

    with st.container(horizontal=True, gap="small"):
        for label, ending, mime, form in (
            ("CSV", "csv", "text/csv", as_csv),
            ("Excel", "xlsx", EXCEL, as_excel),
        ):
            download_button.offer(
                label,
                file(form, ending, mime),
                f"{name}.{ending}",
                meaning=_("This table as {form}, with its scope, definitions and freshness", form=label),
            )
