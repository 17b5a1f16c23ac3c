"""JSON as systems write it: lists within objects, answers of an API, nested values, numbers as they stand."""

from __future__ import annotations

import json

import polars as pl
import pytest

from etl.errors import UnreadableFile
from etl.sources import FileForm, read
from etl.sources.json_document import decode
from etl.sources.json_members import member_names, with_members
from etl.sources.table import POSITION, Table
from tests.etl.desk import Desk

PAGE = '{"tickets": [{"id": 1}, {"id": 2}], "next_page": null, "count": 3}'
LAST = '{"tickets": [{"id": 3}], "next_page": null, "count": 3}'


def table(desk: Desk, text: str, name: str = "e.json", rows: str | None = None) -> Table:
    return read(desk.file(text, name), FileForm(rows=rows))


def column(table: Table, name: str) -> list[str | None]:
    return pl.concat(table.batches())[name].to_list()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{PAGE}{LAST}", "e.json"),
        (f"{PAGE}\n{LAST}\n", "e.json"),
        (f"[{PAGE}, {LAST}]", "e.json"),
        (f"{PAGE}\n{LAST}\n", "e.jsonl"),
        (
            json.dumps({"data": {"items": [{"id": 1}, {"id": 2}, {"id": 3}]}, "links": [{"self": "/"}]}),
            "e.json",
        ),
        ('[{"id": 1}, {"id": 2}] [{"id": 3}]', "e.json"),
    ],
)
def test_the_one_list_of_objects_is_found_in_what_an_api_answers(desk: Desk, text: str, name: str) -> None:
    found = table(desk, text, name)
    assert column(found, "id") == ["1", "2", "3"]
    assert column(found, POSITION) == [1, 2, 3]


def test_of_several_lists_the_mapping_names_one(desk: Desk) -> None:
    text = '{"tickets": [{"id": 1}], "users": [{"id": 7}], "count": 1}'
    with pytest.raises(UnreadableFile, match="several lists of objects: 'tickets', 'users'"):
        table(desk, text)
    with pytest.raises(
        UnreadableFile, match="no list 'people'; its lists of objects are: 'tickets', 'users'"
    ):
        table(desk, text, rows="people")
    for stated, name in ((text, "e.json"), (f"[{text}]", "e.json"), (f"{text}\n", "e.jsonl")):
        assert column(table(desk, stated, name, rows="users"), "id") == ["7"]


def test_rows_that_hold_lists_are_no_pages(desk: Desk) -> None:
    text = '[{"id": 1, "comments": [{"id": 8}, {"id": 9}]}, {"id": 2, "comments": []}]'
    assert column(table(desk, text), "id") == ["1", "2"]


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    "number",
    ["12345678901234567890", "9" * 30, "1.0", "1e3", "1E3", "-0", "0", "1.10", "0.00001", "1e22", "-1.5e-7"],
)
@pytest.mark.parametrize("form", ['[{"id": %s}]', '{"n": [{"id":%s,"x": "a\\"1e5"}]}', '[{"id" : %s }]'])
def test_a_number_is_what_is_written(desk: Desk, number: str, form: str) -> None:
    assert column(table(desk, form % number), "id") == [number]
    inside = with_members(table(desk, form % f'{{"deep": {number}}}'), ["id.deep"])
    assert column(inside, "id.deep") == [number]


def test_of_a_member_that_stands_twice_the_last_counts(desk: Desk) -> None:
    text = '[{"id": 1, "id": 2, "n": {"x": 1, "x": null}}, {"n": {"x": 1, "x": 2}}]'
    found = with_members(table(desk, text), ["n.x"])
    assert (column(found, "id"), column(found, "n.x")) == (["2", None], [None, "2"])


NESTED = """[
    {"id": 1, "via": {"channel": "web", "source": {"rel": null}}, "tags": ["vpn", "vip"], "a.b": "own"},
    {"id": 2, "via": null, "tags": [], "a": {"b": "no"}, "rating": {"score": true}},
    {"id": 3, "via": {"channel": "email"}, "tags": [{"name": "x"}]}
]"""


def test_a_path_leads_to_members_and_to_first_and_count_of_a_list(desk: Desk) -> None:
    paths = ["via.channel", "via.source.rel", "tags.first", "tags.count", "tags.first.name", "rating.score"]
    found = pl.concat(with_members(table(desk, NESTED), [*paths, "a.b", "none.x"]).batches())
    assert found.select(paths).rows() == [
        ("web", None, "vpn", "2", None, None),
        (None, None, None, "0", None, "true"),
        ("email", None, '{"name": "x"}', "1", "x", None),
    ]
    assert found["a.b"].to_list() == ["own", None, None]  # a column of that name goes before
    assert "none.x" not in found.columns


def test_members_are_named_for_whoever_looks_into_a_file(desk: Desk) -> None:
    rows = pl.concat(table(desk, NESTED).batches())
    assert sorted(member_names(rows)) == ["rating.score", "via.channel", "via.source.rel"]


def test_a_part_of_a_record_in_parquet_is_named_alike(desk: Desk) -> None:
    frame = pl.DataFrame({"via": [{"channel": "web"}, None], "tags": [["a", "b"], []]})
    path = desk.file(b"", "e.parquet")
    frame.write_parquet(path)
    found = with_members(read(path), ["via.channel", "tags.count", "tags.first"])
    assert [column(found, name) for name in ("via.channel", "tags.count", "tags.first")] == [
        ["web", None],
        ["2", "0"],
        ["a", None],
    ]


def test_a_column_of_lists_or_objects_is_no_value(desk: Desk) -> None:
    assert table(desk, NESTED).of_no_use == {
        "a": "column.records",
        "rating": "column.records",
        "tags": "column.lists",
        "via": "column.records",
    }
    assert table(desk, '[{"a": "[Urgent] help"}, {"a": {"b": 1}}]').of_no_use == {}


def test_a_text_is_parsed_once_for_all_its_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def decode_and_note(text: str) -> object:
        texts.append(text)
        return decode(text)

    monkeypatch.setattr("etl.sources.json_members.decode", decode_and_note)
    rows = table(desk, '[{"via": {"channel": "web", "n": 2}}, {"via": {"channel": "web", "n": 2}}]')
    parted = with_members(rows, ["via.channel", "via.n", "via.none"])
    values = pl.concat(parted.batches()).select("via.channel", "via.n", "via.none").row(0)
    assert (values, len(texts)) == (("web", "2", None), 1)
