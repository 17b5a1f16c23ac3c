"""An export opens in a spreadsheet without running anything, and carries what it was given."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import InvalidRequest, StorageFailed
from etl.export import EXCEL_CELL, EXCEL_ROWS, ExportForm, export, exported, neutralised
from tests.lengths import examples

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


@pytest.mark.parametrize("text", EVIL)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    frame = pl.DataFrame({"a": [text], text: ["fine"]})
    safe = neutralised(frame)
    assert safe.to_dicts() == [{"a": f"'{text}", f"'{text}": "fine"}]


def test_numbers_nulls_and_other_texts_stay_what_they_are() -> None:
    frame = pl.DataFrame({"a": [-1, None], "b": ["x=1", None], "c": [-1.5, 2.0]})
    assert neutralised(frame).equals(frame)


@examples(60)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_in_csv_nothing_begins_like_a_formula_and_nothing_else_changes(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": texts})
    rows = list(csv.DictReader(io.StringIO(exported(frame, ExportForm.CSV).decode(), newline="")))
    for given_, read in zip(texts, (row["text"] for row in rows), strict=True):
        assert not read.startswith(tuple("=+-@\t\r\n"))
        assert read in {given_, f"'{given_}"}


def test_excel_has_no_formula_no_link_and_typed_numbers() -> None:
    frame = pl.DataFrame(
        {
            "text": ["=1+1", "https://example.org", "1", "x" * (EXCEL_CELL + 5)],
            "number": [-1, 2, None, 3],
            "at": [datetime(2026, 3, 2, 9, tzinfo=UTC)] * 4,
            "list": [["a", "b"], [], None, ["c"]],
        }
    )
    content = exported(frame, ExportForm.EXCEL)
    back = pl.read_excel(io.BytesIO(content), engine="calamine")
    assert back["text"].to_list() == ["'=1+1", "https://example.org", "1", "x" * EXCEL_CELL]
    assert back["number"].to_list() == [-1, 2, None, 3]
    assert back["at"].to_list() == [datetime(2026, 3, 2, 9)] * 4  # noqa: DTZ001
    assert b"<f>" not in content


def test_json_lines_carry_everything_as_it_is() -> None:
    frame = pl.DataFrame({"text": EVIL, "list": [["=1"]] * len(EVIL)})
    assert pl.read_ndjson(exported(frame, ExportForm.JSON_LINES)).equals(frame)


@pytest.mark.parametrize("form", list(ExportForm))
def test_an_empty_table_is_exported_too(form: ExportForm, tmp_path: Path) -> None:
    export(pl.DataFrame(schema={"a": pl.String, "n": pl.Int64}), tmp_path / f"empty.{form}")


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidRequest, match=r"'.pdf' is not an ending to export to. Use .csv, .jsonl, .xlsx"
    ):
        export(pl.DataFrame({"a": [1]}), tmp_path / "rows.pdf")
    with pytest.raises(StorageFailed, match="cannot be written"):
        export(pl.DataFrame({"a": [1]}), tmp_path / "nowhere" / "rows.csv")
    with pytest.raises(InvalidRequest, match="Export them as"):
        exported(pl.DataFrame({"a": range(EXCEL_ROWS + 1)}), ExportForm.EXCEL)
