"""Tables as files for other programs: CSV, JSON Lines and Excel, harmless to open.

A spreadsheet runs a text cell as a formula if it begins like one, so in CSV and Excel such a text gets a `'`
in front, names of columns too; numbers stay numbers. JSON Lines carries everything as it is.
"""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import Path

import polars as pl
import polars.selectors as cs

from etl.errors import InvalidRequest, StorageFailed
from etl.messages import os_reason
from etl.private_files import write_private

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula, or skips to find one; the wide ones in some."""

EXCEL_ROWS = 1_048_575
EXCEL_CELL = 32_767


class ExportForm(StrEnum):
    """What a table can be exported as, named by the file's ending."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    EXCEL = "xlsx"


def export(frame: pl.DataFrame, path: Path) -> None:
    """Write a table to a file, in the form that its ending names; a new one is for its owner alone.

    Raises:
        InvalidRequest: the ending is another, or Excel cannot hold so many rows.
        StorageFailed: the file cannot be written.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in set(ExportForm):
        endings = [f".{form}" for form in ExportForm]
        raise InvalidRequest("export.unknown_ending", path=path, ending=path.suffix, endings=endings)
    content = exported(frame, ExportForm(ending))
    try:
        write_private(path, content)
    except OSError as error:
        raise StorageFailed("export.not_writable", path=path, reason=os_reason(error)) from error


def exported(frame: pl.DataFrame, form: ExportForm) -> bytes:
    """A table as the content of a file of this form.

    Raises:
        InvalidRequest: Excel cannot hold so many rows.
    """
    target = io.BytesIO()
    match form:
        case ExportForm.JSON_LINES:
            frame.write_ndjson(target)
        case ExportForm.CSV:
            neutralised(flat(frame)).write_csv(target)
        case ExportForm.EXCEL:
            _write_excel(neutralised(flat(frame)), target)
    return target.getvalue()


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """The same table with a `'` before every text and column name that a spreadsheet would run."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    safe = frame.with_columns(_neutral(pl.col(name)).alias(name) for name in texts)
    risky = [name for name in frame.columns if name.startswith(tuple(FORMULA_STARTS))]
    return safe.rename({name: f"'{name}" for name in risky})


def _neutral(text: pl.Expr) -> pl.Expr:
    is_risky = text.str.slice(0, 1).is_in(list(FORMULA_STARTS))
    return pl.when(is_risky).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists and structures as text: a cell holds one value."""
    return frame.with_columns(
        cs.list().cast(pl.List(pl.String)).list.join(", "), cs.struct().struct.json_encode()
    ).with_columns(cs.categorical().cast(pl.String), cs.enum().cast(pl.String))


def _write_excel(frame: pl.DataFrame, target: io.BytesIO) -> None:
    if frame.height > EXCEL_ROWS:
        raise InvalidRequest("export.too_many_rows", most=EXCEL_ROWS, n=frame.height)
    import xlsxwriter  # here, since only an export to Excel needs it

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options | {"in_memory": True}) as book:
        frame.with_columns(
            cs.string().str.slice(0, EXCEL_CELL), cs.datetime().dt.replace_time_zone(None)
        ).write_excel(book, autofit=False)
