"""Excel workbooks (.xlsx): one sheet, its first row the header."""

from __future__ import annotations

from pathlib import Path

import fastexcel
import polars as pl

from etl.errors import UnreadableFile
from etl.messages import some_names
from etl.sources.compression import contents
from etl.sources.table import POSITION, FileForm, Table, require_size, unlike_ours, whole_table
from etl.sources.workbook import check_workbook

_WHOLE_WITHIN = 2**53


def read_excel(path: Path, form: FileForm) -> Table:
    """Typed columns; dates are local times, since a workbook knows no zone. Texts where types are mixed.

    Raises:
        UnreadableFile: no workbook, locked, larger than a table of events, or several sheets and none named.
    """
    data = contents(path)
    check_workbook(data, path.name)
    try:
        workbook = fastexcel.read_excel(data)
        sheet = workbook.load_sheet(
            _sheet(workbook.sheet_names, form.sheet, path), schema_sample_rows=None, whitespace_as_null=True
        )
        require_size(path.name, columns=sheet.width)
        rows = sheet.to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise UnreadableFile("file.no_workbook", file=path.name, detail=str(error)) from error
    rows.columns = unlike_ours(rows.columns)
    rows = rows.with_columns(_whole(rows)).with_row_index(POSITION, offset=1)
    rows = rows.with_columns(pl.col(POSITION).cast(pl.Int64))
    return whole_table(rows.filter(pl.any_horizontal(pl.exclude(POSITION).is_not_null())))


def _sheet(names: list[str], wanted: str | None, path: Path) -> str:
    if wanted in names:
        return wanted
    sheets = some_names(names)
    if wanted is not None:
        raise UnreadableFile("file.no_sheet", file=path.name, sheet=wanted, sheets=sheets)
    if len(names) != 1:
        raise UnreadableFile("file.several_sheets", file=path.name, n=len(names), sheets=sheets)
    return names[0]


def _whole(rows: pl.DataFrame) -> list[pl.Expr]:
    """A workbook knows only one kind of number; ticket 1001 is not ticket 1001.0."""
    numbers = [name for name, dtype in rows.schema.items() if dtype == pl.Float64]
    are_whole = [
        name
        for name in numbers
        if rows[name].drop_nulls().is_between(-_WHOLE_WITHIN, _WHOLE_WITHIN).all()
        and (rows[name].drop_nulls() % 1 == 0).all()
    ]
    return [pl.col(name).cast(pl.Int64) for name in are_whole]
