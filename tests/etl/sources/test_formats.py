"""Every kind of file gives the same events; what a mapping must state is never guessed."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.errors import InvalidMapping, UnreadableFile
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.mapping.sections import File, Time
from etl.sources import files, read
from etl.sources.table import POSITION, FileForm
from tests.etl.desk import Desk
from tests.etl.sources.writing import (
    KINDS,
    PACKINGS,
    THREE,
    as_csv,
    as_xlsx,
    number_cell,
    ods,
    ods_cell,
    ods_row,
    ods_text,
    sheet,
    text_cell,
    xlsx,
    zipped,
)


def rows(path: Path, form: FileForm | None = None) -> pl.DataFrame:
    return pl.concat(read(path, form).batches())


@pytest.mark.sweep(9)
@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_gives_the_same_events_packed_or_not(desk: Desk, name: str, packing: str) -> None:
    report = desk.load(desk.file(PACKINGS[packing](KINDS[name](THREE)), name + packing))
    assert (report.read, report.loaded, report.error) == (3, 3, None)
    assert desk.events().select(list(THREE[0])).with_columns(
        pl.col("occurred_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    ).to_dicts() == [dict(row) for row in THREE]


@pytest.mark.parametrize("name", KINDS)
def test_rows_are_numbered_from_the_first_below_the_header(desk: Desk, name: str) -> None:
    table = rows(desk.file(KINDS[name](THREE), name))
    assert table[POSITION].to_list() == [1, 2, 3]
    assert table[POSITION].dtype == pl.Int64


def test_each_file_of_a_zip_is_a_file_of_its_own_kind(desk: Desk) -> None:
    packed = desk.file(
        zipped(
            {
                "b/late.jsonl": KINDS["events.jsonl"](THREE[2:]),
                "a.csv": as_csv(THREE[:2]),
                "read me.txt": b"about this export",
                "__MACOSX/a.csv": b"\0",
            }
        ),
        "export.zip",
    )
    assert files([packed]) == [packed / "a.csv", packed / "b" / "late.jsonl"]
    assert [desk.load(file).loaded for file in files([packed])] == [2, 1]
    assert str(desk.load(packed / "none.csv").error) == f"There is no file none.csv in {packed}."
    assert "Name the one that is meant" in str(desk.load(packed).error)


def test_a_zip_of_one_file_is_that_file(desk: Desk) -> None:
    assert desk.load(desk.file(zipped({"events.csv": as_csv()}), "events.zip")).loaded == 3
    assert "no file that can be read" in str(desk.load(desk.file(zipped({"a.txt": b"x"}), "a.zip")).error)


def test_a_packed_file_in_a_zip_is_packed_twice(desk: Desk) -> None:
    packed = desk.file(zipped({"events.csv.gz": gzip.compress(as_csv())}), "events.zip")
    assert "packed twice" in str(desk.load(packed).error)


def test_several_parts_of_a_gz_are_one_file(desk: Desk) -> None:
    text = as_csv()
    parts = gzip.compress(text[:60]) + gzip.compress(text[60:])
    assert desk.load(desk.file(parts, "events.csv.gz")).loaded == 3


def test_a_folder_is_its_files_and_a_pattern_those_that_match(tmp_path: Path) -> None:
    for name in ("b.csv", "a.jsonl.gz", "notes.txt", ".hidden.csv"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "c.csv").write_bytes(b"x")
    assert files([tmp_path]) == [tmp_path / "a.jsonl.gz", tmp_path / "b.csv"]
    assert files([tmp_path / "*.csv"]) == [tmp_path / "b.csv"]
    assert files([tmp_path / "**.csv", tmp_path / "b.csv"]) == [tmp_path / "b.csv"]  # once


def test_what_leads_to_no_file_says_so_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, says in {
        tmp_path / "empty": "is a folder with no file in it that can be read",
        tmp_path / "*.csv": "No file matches",
        tmp_path / "none.csv": "There is no file",
    }.items():
        assert files([path]) == [path]
        with pytest.raises(UnreadableFile, match=says):
            read(path)


def test_a_file_whose_name_has_brackets_is_that_file(tmp_path: Path) -> None:
    path = tmp_path / "events [1].csv"
    path.write_bytes(as_csv())
    assert files([path]) == [path]
    assert rows(path).height == 3


def test_a_byte_order_mark_is_no_part_of_the_first_name(desk: Desk) -> None:
    assert desk.load(desk.file(b"\xef\xbb\xbf" + as_csv())).loaded == 3


EVENT = '{"ticket_id": "1", "occurred_at": "2026-03-02T09:00Z", "kind": "opened"}'


@pytest.mark.parametrize("text", [f"[{EVENT}]", f"[\n{EVENT},\n{EVENT}]\n"])
def test_an_array_in_a_file_of_lines_is_told_to_be_json(desk: Desk, text: str) -> None:
    report = desk.load(desk.file(text, "events.jsonl"))
    assert str(report.error) == "events.jsonl holds one JSON array, not one object a line. Name it .json."


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_packed_file_under_the_name_of_a_plain_one_is_told_its_ending(desk: Desk, ending: str) -> None:
    error = desk.load(desk.file(PACKINGS[ending](as_csv()), "events.csv")).error
    assert str(error) == f"events.csv is packed, which its name does not say. Let its name end in {ending}."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_the_mark_at_the_begin_of_a_text_tells_its_encoding(desk: Desk, encoding: str) -> None:
    report = desk.load(desk.file("ticket_id,occurred_at,kind\n".encode(encoding)))
    assert f'encoding = "{encoding}"' in str(report.error)


def test_a_header_without_rows_says_so(desk: Desk) -> None:
    report = desk.load(desk.file("ticket_id,occurred_at,kind\n"))
    assert [str(remark) for remark in report.remarks] == [
        "events.csv has no rows, only the names of its columns. Nothing of it was loaded."
    ]


def test_a_column_of_a_workbook_whose_type_is_not_clear_is_read_without_a_word_of_a_library(
    desk: Desk, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    header = [text_cell(name) for name in (*THREE[0], "note")]
    notes = ['<c t="e"><v>#N/A</v></c>'] * len(THREE)
    lines = [[*map(text_cell, row.values()), note] for row, note in zip(THREE, notes, strict=True)]
    path = desk.file(xlsx({"Events": sheet([header, *lines])}), "events.xlsx")
    assert desk.load(path).loaded == 3
    assert "could not determine dtype" not in (capfd.readouterr().err + caplog.text).lower()


@pytest.mark.parametrize(
    "spelling", ["Nume\u0301ro", " Num\u00e9ro", "Num\u00e9ro\u200b", "Num\u00e9ro\u00a0"]
)
def test_a_column_is_called_as_it_looks(desk: Desk, spelling: str) -> None:
    rows = f"{spelling}, occurred_at,kind\n1,2026-03-02T09:00Z,opened\n"
    mapping = Mapping.model_validate({"columns": {"ticket_id": "Num\u00e9ro"}})
    assert desk.load(desk.file(rows), mapping).loaded == 1
    assert desk.events()["ticket_id"].to_list() == ["1"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_another_encoding_is_named_never_guessed(desk: Desk, encoding: str) -> None:
    text = as_csv([{**THREE[0], "reason": "Rückerstattung"}]).decode()
    path = desk.file(text.encode(encoding))
    error = str(desk.load(path).error)
    assert f'encoding = "{"utf-16" if encoding == "utf-16" else "latin-1"}"' in error
    assert desk.load(path, Mapping(file=File(encoding=encoding))).loaded == 1
    assert desk.events()["reason"].to_list() == ["Rückerstattung"]


@pytest.mark.parametrize("encoding", ["klingon", "zlib", "rot13", ""])
def test_an_encoding_that_is_none_says_so(desk: Desk, encoding: str) -> None:
    assert "no text encoding" in str(
        desk.load(desk.file(as_csv()), Mapping(file=File(encoding=encoding))).error
    )


def test_day_first_dates_are_read_as_stated(desk: Desk) -> None:
    text = as_csv().decode().replace("2026-03-02T09:00:00Z", "2.3.2026 09:00").replace("T", " ")
    mapping = Mapping(time=Time(zone="Europe/Berlin", format="%d.%m.%Y %H:%M"))
    report = desk.load(desk.file(text), mapping)
    assert (report.loaded, report.reasons) == (1, {"occurred_at_unreadable": 2})
    assert desk.events()["occurred_at"].to_list() == [datetime(2026, 3, 2, 8, tzinfo=UTC)]


RATED = "event_id,occurred_at,ticket_id,kind,score,scale_max\n"


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4,5", 4.5),
        ("4", 4.0),
        ("1.004,5", 1004.5),
        (" 4,5 ", 4.5),
        ("+4,5", 4.5),
        ("4.5", None),
        ("4,5,6", None),
    ],
)
def test_a_decimal_comma_is_stated(desk: Desk, text: str, score: float | None) -> None:
    path = desk.file(RATED + f'r,2026-03-02T09:00:00Z,t1,rated,"{text}","9.999,0"\n')
    report = desk.load(path, Mapping(file=File(decimal=",")))
    assert report.reasons == ({} if score else {"score_unreadable": 1})
    assert desk.events()["score"].to_list() == ([score] if score else [])


@pytest.mark.parametrize("delimiter", ["", "ab", "é", '"', "\n"])
def test_what_cannot_part_fields_is_refused_in_the_mapping(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "m.toml").write_text(
        f"[file]\ndelimiter = {delimiter!r}".replace("'", '"').replace('"""', "'\"'")
    )
    with pytest.raises(InvalidMapping, match=r"file\.delimiter"):
        read_mapping(tmp_path / "m.toml")


def test_names_that_repeat_or_look_like_ours_stay_apart(desk: Desk) -> None:
    header = "a,a,:position,:step"
    assert read(desk.file(f"{header}\n1,2,3,4\n")).columns == ["a", "a_duplicated_0", "_:position", "_:step"]
    # The slow way, which a damaged row takes, gives the same names.
    table = read(desk.file(f"{header}\n1,2,3,4\n1,2,3,4,5\n"))
    assert table.columns == ["a", "a_duplicated_0", "_:position", "_:step"]
    assert table.broken[POSITION].to_list() == [2]


def test_of_a_used_column_that_the_header_repeats_the_first_is_said_to_be_taken(desk: Desk) -> None:
    header = "ticket_id,kind,occurred_at,occurred_at,note,note"
    text = f"{header}\nt1,opened,2026-03-02T09:00Z,2026-03-02T10:00Z,x,y\n"
    (remark,) = desk.load(desk.file(text)).remarks
    assert str(remark).startswith("events.csv: the header has 'occurred_at' more than once.")
    assert "'occurred_at_duplicated_0'" in str(remark)
    both = {"columns": {"recorded_at": "occurred_at_duplicated_0"}}
    assert desk.load(desk.file(text), Mapping.model_validate(both)).remarks == []


def test_an_element_of_an_array_that_is_no_object_is_rejected(desk: Desk) -> None:
    array = KINDS["events.json"](THREE).decode().replace("[", '[17, "x", ', 1)
    report = desk.load(desk.file(array, "events.json"))
    assert (report.read, report.loaded, report.reasons) == (5, 3, {"not_a_json_object": 2})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b", "is not JSON: it begins with 'a,b'"),
        ('{"a": 1}', "holds no list of objects"),
        ('{"a": 1}\n{"a": 2}', "name it .jsonl"),
        ('{"tickets": [{"a": 1}]', "is damaged: line 1"),
        ('{"tickets" [{"a": 1}]}', "is damaged: line 1, column 12"),
        ('{1: [{"a": 1}]}', "is damaged: line 1, column 2"),
        ('{"tickets": []}', "holds no JSON object"),
        ('[{"a": 1}', "expected , or ]"),
        ('[{"a": 1},]', "element 2 of the array is damaged"),
        ('[{"a": NaN}]', "NaN is not JSON"),
        ('[{"a": 1}] x', "more text after the end"),
        ("[]", "holds no JSON object"),
        ("[1, 2]", "holds no JSON object"),
    ],
)
def test_an_array_that_is_wrong_as_a_whole_says_where(desk: Desk, text: str, says: str) -> None:
    assert says in str(desk.load(desk.file(text, "events.json")).error)


def test_nested_json_is_kept_as_json_and_null_is_null(desk: Desk) -> None:
    path = desk.file('[{"a": {"b": [1, 2]}, "n": null, "x": "é"}, {"n": 1.5}]', "events.json")
    assert rows(path).drop(POSITION).to_dicts() == [
        {"a": '{"b":[1,2]}', "n": None, "x": "é"},
        {"a": None, "n": "1.5", "x": None},
    ]


def test_dates_of_a_workbook_are_local_times_and_its_numbers_ids(desk: Desk) -> None:
    header = [text_cell(name) for name in ("event_id", "occurred_at", "ticket_id", "kind")]
    line = [number_cell(7), number_cell(46083.375, style=1), number_cell(1001), text_cell("opened")]
    path = desk.file(xlsx({"Events": sheet([header, line])}), "events.xlsx")
    assert desk.load(path).reasons == {"occurred_at_without_zone": 1}
    assert desk.load(path, Mapping(time=Time(zone="Europe/Berlin"))).loaded == 1
    (event,) = desk.events().select("event_id", "occurred_at", "ticket_id").iter_rows()
    assert event == ("7", datetime(2026, 3, 2, 8, tzinfo=UTC), "1001")


def test_an_open_document_sheet_is_read_as_a_workbook(desk: Desk) -> None:
    header = ods_row(*map(ods_text, ("event_id", "occurred_at", "ticket_id", "kind", "spent")))
    line = ods_row(
        ods_cell("float", "7"),
        ods_cell("date", "2026-03-02T09:00:00"),
        ods_cell("float", "1001"),
        ods_text("opened"),
        ods_cell("time", "PT01H30M00S"),
    )
    mixed = ods_row(
        ods_text("08"),
        ods_cell("date", "2026-03-02"),
        ods_cell("float", "1001"),
        ods_text("solved"),
        ods_cell("date", "2026-03-02"),
    )
    padding = ods_row('<table:table-cell table:number-columns-repeated="16379"/>', repeats=1_048_000)
    berlin = Mapping(time=Time(zone="Europe/Berlin"))
    path = desk.file(ods(header + line + padding), "events.ods")
    assert desk.load(path).reasons == {"occurred_at_without_zone": 1}
    assert desk.load(path, berlin).loaded == 1
    spent = Mapping(time=Time(zone="Europe/Berlin"), columns={"reason": "spent"})
    assert "the column 'spent' holds durations" in str(desk.load(path, spent).error)
    report = desk.load(desk.file(ods(header + line + mixed), "mixed.ods"), berlin)
    assert (report.error, report.loaded, report.duplicates) == (None, 1, 1)
    assert desk.events().select("event_id", "occurred_at", "ticket_id").rows() == [
        ("08", datetime(2026, 3, 1, 23, tzinfo=UTC), "1001"),
        ("7", datetime(2026, 3, 2, 8, tzinfo=UTC), "1001"),
    ]


def test_the_sheet_that_is_meant_is_named(desk: Desk) -> None:
    header = [[text_cell(name) for name in THREE[0]]]
    line = [[text_cell(text) for text in THREE[0].values()]]
    path = desk.file(xlsx({"Notes": sheet([]), "Ev & co": sheet(header + line)}), "events.xlsx")
    assert "has 2 sheets: 'Notes', 'Ev & co'" in str(desk.load(path).error)
    assert "no sheet 'Other'" in str(desk.load(path, Mapping(file=File(sheet="Other"))).error)
    assert desk.load(path, Mapping(file=File(sheet="Ev & co"))).loaded == 1


def test_a_workbook_may_be_packed_again(desk: Desk) -> None:
    assert desk.load(desk.file(zipped({"events.xlsx": as_xlsx()}), "events.zip")).loaded == 3
