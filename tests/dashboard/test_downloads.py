"""A file to take along is made of the snapshot that its page shows, or says why it is not."""

from __future__ import annotations

import io
import weakref

import polars as pl
import pytest

from dashboard.kit.export.table_exports import as_csv, as_excel, with_sentence_alone
from dashboard.queries import downloads
from etl.errors import InvalidRequest


class Rows(list[str]):
    """What a file is made of; a list has no weak references."""


def test_what_a_file_is_made_of_goes_with_its_snapshot() -> None:
    rows, left = Rows(["a"]), list[str]()
    kept_by_page = weakref.ref(rows)
    file = downloads.offer(
        "rows.csv", lambda rows=rows: rows[0].encode(), snapshot="1", instead=str.encode, drop=left.clear
    )
    other = downloads.offer("rows.csv", lambda: b"b", snapshot="2", instead=str.encode)
    del rows
    assert (file(), other()) == (b"a", b"b")
    left.append("a figure")
    assert downloads.is_under_way("1")
    assert not downloads.is_under_way("0")
    downloads.drop("1")
    assert (kept_by_page(), left) == (None, [])
    assert b"The data has changed since this page was opened" in file()
    assert other() == b"b"


def test_a_file_whose_snapshot_goes_while_it_is_made_is_not_given() -> None:
    def make() -> bytes:
        downloads.drop("1")
        raise LookupError("the snapshot was replaced")

    file = downloads.offer("rows.csv", make, snapshot="1", instead=str.encode)
    assert b"Reload the page" in file()


def test_what_is_wrong_is_said_in_the_file_and_a_fault_of_ours_is_raised() -> None:
    def refuse() -> bytes:
        raise InvalidRequest("load.unknown", load=7)

    def fail() -> bytes:
        raise LookupError("a mistake in the code")

    assert b"no load 7" in downloads.offer("a", refuse, snapshot="1", instead=str.encode)()
    with pytest.raises(LookupError, match="a mistake"):
        downloads.offer("b", fail, snapshot="1", instead=str.encode)()


def test_a_file_that_says_a_sentence_alone_is_of_its_kind() -> None:
    export = with_sentence_alone("The data has changed.")
    assert as_csv(export).decode("utf-8-sig").strip() == "# About this file: The data has changed."
    about = pl.read_excel(io.BytesIO(as_excel(export)), sheet_name="About", has_header=False)
    assert "The data has changed." in about.row(-1)
