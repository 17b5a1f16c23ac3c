"""Delimited text as systems write it: what names its delimiter, ends its lines and escapes its quotes."""

from __future__ import annotations

import json

import polars as pl
import pytest

from etl.mapping.inspect import inspect
from etl.sources import read
from etl.sources.table import POSITION
from tests.etl.desk import CSV_HEADER, Desk

TEXT = CSV_HEADER + "a,2026-03-02T09:00Z,T1,opened\nb,2026-03-02T10:00Z,T1,solved\n"


def rows(desk: Desk, text: str | bytes, name: str = "e.csv") -> list[tuple[object, ...]]:
    return pl.concat(read(desk.file(text, name)).batches()).rows()


@pytest.mark.sweep(8)
@pytest.mark.parametrize("mark", [";", ",", "|", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_first_line_may_name_the_delimiter(desk: Desk, mark: str, end: str) -> None:
    text = f"sep={mark}\n{TEXT.replace(',', mark)}".replace("\n", end)
    path = desk.file(text.encode("utf-8-sig"))
    assert inspect(path).rejected == []
    report = desk.load(path)
    assert (report.read, report.loaded, report.reasons) == (2, 2, {})


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_lines_may_end_as_on_any_system(desk: Desk, end: str) -> None:
    path = desk.file(TEXT.replace("\n", end).removesuffix(end))
    assert inspect(path).events == {"opened": 1, "solved": 1}
    assert desk.load(path).loaded == 2


def test_a_line_break_within_quotes_is_no_end_of_a_row(desk: Desk) -> None:
    assert rows(desk, 'a,b\r"x\ny",1\rz,2\r') == [(1, "x\ny", "1"), (2, "z", "2")]
    assert rows(desk, 'a,b\n"x\r\ny",1\n"p ""q"" r",2,3\n') == [(1, "x\r\ny", "1")]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (r'"he said \"hi\""', 'he said "hi"'),
        (r'"he said \"hi, there\", ok"', 'he said "hi, there", ok'),
        (r'"one \"line\"' + "\n" + r'and \"another\""', 'one "line"\nand "another"'),
        (r'"C:\path\"', "C:\\path\\"),
        ('"he said ""hi"""', 'he said "hi"'),
        (r'"ends in \\"', r"ends in \\"),
    ],
)
def test_quotes_within_quotes_are_doubled_or_behind_a_backslash(desk: Desk, field: str, text: str) -> None:
    assert rows(desk, f"a,b,c\n1,{field},2\n3,plain,4\n") == [(1, "1", text, "2"), (2, "3", "plain", "4")]


@pytest.mark.parametrize(
    "line",
    [
        '"open,2026-03-02T09:30Z,T1,assigned',
        'c,2026-03-02T09:30Z,"T1"x,assigned',
        'c,"2026-03-02T09:30Z,T1,assigned',
    ],
)
def test_a_row_that_is_damaged_in_itself_is_rejected_alone(desk: Desk, line: str) -> None:
    first, second = TEXT.removeprefix(CSV_HEADER).splitlines()
    report = desk.load(desk.file(f"{CSV_HEADER}{first}\n{line}\n{second}\n"))
    assert (report.read, report.loaded, report.reasons) == (3, 2, {"damaged_row": 1})
    (kept,) = desk.table("rejected").to_dicts()
    assert (kept["position"], kept["rule"]) == (2, "damaged_row")


@pytest.mark.sweep(4)
@pytest.mark.parametrize(
    "closed", ['7,a,q"', '7,"a",q', '7,a,"q"', '"7",a,q', '7,a,"say ""hi"""', '7,"two\nlines",q']
)
@pytest.mark.parametrize("line", ['2,"open,x', '2,x,"open', '"2,x,y', '2,x,"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_open_quote_costs_one_row_of_many(desk: Desk, closed: str, line: str, end: str) -> None:
    lines = ["a,b,c", "1,x,y", line, *(f"{number},x,y" for number in range(3, 7)), closed, "8,x,y"]
    table = read(desk.file(end.join(lines) + end))
    assert pl.concat(table.batches())["a"].to_list() == ["1", "3", "4", "5", "6", "7", "8"]
    assert table.broken[POSITION].to_list() == [2]


def test_a_text_of_many_lines_is_one_field(desk: Desk) -> None:
    text = "Hello,\nit broke, again\nand again, and\nnow, please, help\nZoë"
    assert rows(desk, f'a,b,c\n1,"{text}",2\n') == [(1, "1", text, "2")]


def test_two_open_quotes_swallow_nothing_between_them(desk: Desk) -> None:
    text = 'a,b,c\n1,"open,x\n2,fine,y\n3,open,z"\n4,fine,w\n'
    table = read(desk.file(text))
    assert pl.concat(table.batches())["a"].to_list() == ["2", "3", "4"]
    assert json.loads(table.broken["content"][0]) == '1,"open,x'
