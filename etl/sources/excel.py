"""Workbooks of Excel (.xlsx) and OpenDocument (.ods): one sheet, its first row the header."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path

import fastexcel
import polars as pl

from etl.contract.numbers import has_integers_alone
from etl.errors import UnreadableFile
from etl.messages import some_names
from etl.sources.compression import contents
from etl.sources.file_list import kind_of
from etl.sources.table import POSITION, FileForm, Table, require_size, unlike_ours, whole_table
from etl.sources.workbook import check_workbook

for _library in ("calamine", "fastexcel"):  # they warn of what spreadsheets usually contain
    logging.getLogger(_library).setLevel(logging.ERROR)


def read_excel(path: Path, form: FileForm) -> Table:
    """Typed columns; dates are local times, since a workbook knows no zone. Texts where types are mixed.

    Raises:
        UnreadableFile: no workbook, locked, larger than a table of events, or several sheets and none named.
    """
    data = contents(path)
    check_workbook(data, path.name)
    try:
        workbook = fastexcel.read_excel(data)
        rows = _rows(workbook, _sheet(workbook.sheet_names, form.sheet, path), path)
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise UnreadableFile("file.no_workbook", file=path.name, detail=str(error)) from error
    rows.columns = unlike_ours(rows.columns)
    if kind_of(path) == ".ods":
        rows = rows.with_columns(_local_times(rows))
    durations = [name for name, dtype in rows.schema.items() if dtype == pl.Duration]
    rows = rows.with_columns(pl.col(durations).dt.to_string("iso"), *_as_integers(rows)).with_row_index(
        POSITION, offset=1
    )
    rows = rows.with_columns(pl.col(POSITION).cast(pl.Int64))
    table = whole_table(rows.filter(pl.any_horizontal(pl.exclude(POSITION).is_not_null())))
    return replace(table, of_no_use=dict.fromkeys(durations, "column.durations"))


def _rows(workbook: fastexcel.ExcelReader, sheet: str, path: Path) -> pl.DataFrame:
    """The rows of a sheet; a column that mixes dates with spans of time as texts."""
    as_texts: dict[str | int, fastexcel.DType] = {}
    while True:
        try:
            cells = workbook.load_sheet(
                sheet, schema_sample_rows=None, whitespace_as_null=True, dtypes=as_texts or None
            )
            break
        except fastexcel.UnsupportedColumnTypeCombinationError as error:
            mixed = _MIXED.search(str(error))  # the error has no field for it
            if mixed is None or mixed[1] in as_texts:
                raise
            as_texts[mixed[1]] = "string"
    require_size(path.name, columns=cells.width)
    return cells.to_polars()


_MIXED = re.compile(r"could not determine dtype for column (.*)")


def _sheet(names: list[str], wanted: str | None, path: Path) -> str:
    if wanted in names:
        return wanted
    sheets = some_names(names)
    if wanted is not None:
        raise UnreadableFile("file.no_sheet", file=path.name, sheet=wanted, sheets=sheets)
    if len(names) != 1:
        raise UnreadableFile("file.several_sheets", file=path.name, n=len(names), sheets=sheets)
    return names[0]


def _local_times(rows: pl.DataFrame) -> list[pl.Series]:
    """Columns of dates with and without a time of day: OpenDocument leaves out that of midnight."""
    columns = []
    for texts in rows.select(pl.col(pl.String)):
        are_dates = texts.drop_nulls().str.contains(_DATE)
        if are_dates.all() and texts.str.contains("T", literal=True).any():
            full = pl.when(pl.col(texts.name).str.len_chars() == _DAY).then(pl.lit("T00:00:00"))
            local = (pl.col(texts.name) + full.otherwise(pl.lit(""))).str.to_datetime(strict=False)
            columns.append(rows.select(local).to_series())
    return [times for times in columns if times.null_count() == rows[times.name].null_count()]


_DATE = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?)?$"
_DAY = len("2026-03-02")


def _as_integers(rows: pl.DataFrame) -> list[pl.Expr]:
    """A workbook knows only one kind of number; ticket 1001 is not ticket 1001.0."""
    numbers = [name for name, dtype in rows.schema.items() if dtype == pl.Float64]
    return [pl.col(name).cast(pl.Int64) for name in numbers if has_integers_alone(rows[name])]
