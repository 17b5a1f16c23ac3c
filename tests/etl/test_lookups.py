"""A column that is looked up in another table: what it gives, and what a lookup that is wrong says."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from etl.errors import InvalidMapping
from etl.mapping.inspect import inspect, mapping_toml
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.load import load
from etl.store.load_report import FileReport, LoadReport
from etl.store.warehouse import open_writer
from tests.etl.desk import LOADED_AT, Desk

ROLES = {"end-user": "customer", "admin": "agent"}
COMMENTS = Mapping.model_validate(
    {
        "lookup": {"users": {"files": "users*.csv", "key": "id"}},
        "columns": {
            "ticket_id": "ticket",
            "occurred_at": "at",
            "actor": {"from": "author", "lookup": "users", "column": "role", "values": ROLES},
            "team": {"from": "author", "lookup": "users", "column": "team"},
        },
        "constants": {"kind": "replied"},
    }
)
ROWS = "ticket,at,author\nt1,2026-03-02T09:00Z,7\nt1,2026-03-02T09:30Z,9\n"
USERS = "id,role,team,name\n7,end-user,,Zoë\n 9 ,admin,Billing,Ann\n"


def comments(desk: Desk, rows: str = ROWS, **beside: str) -> Path:
    """A file of comments, and beside it files by the first parts of their names."""
    path = desk.file(rows, "comments.csv")
    for name, text in beside.items():
        (path.parent / f"{name}.csv").write_text(text)
    return path


def test_a_rejected_row_keeps_a_key_as_a_pseudonym_unless_events_have_it(desk: Desk) -> None:
    """Nobody can tell whether a key leads to a person, and so it could not be forgotten."""
    category = {"from": "category", "lookup": "categories", "column": "name"}
    customer = {"from": "ticket", "lookup": "categories", "column": "name"}
    mapping = {
        "lookup": {"categories": {"files": "categories*.csv", "key": "id"}},
        "columns": {"ticket_id": "ticket", "occurred_at": "at", "reason": category, "customer_id": customer},
        "constants": {"kind": "opened"},
    }
    path = comments(desk, "ticket,at,category\nt1,soon,17\n", categories="id,name\n16,billing\n")
    desk.load(path, Mapping.model_validate(mapping))
    (content,) = desk.table("rejected")["content"]
    assert json.loads(content)["category"].startswith("c-")
    assert json.loads(content)["ticket"] == "a9"


def error(report: FileReport) -> str:
    return str(report.error)


def test_a_value_is_what_the_other_table_has_for_the_key_in_our_words(desk: Desk) -> None:
    report = desk.load(comments(desk, users=USERS), COMMENTS)
    assert (report.loaded, report.rejected, report.remarks, report.ignored_columns) == (2, 0, [], [])
    assert desk.events().select("actor", "team").rows() == [("customer", None), ("agent", "Billing")]


def test_a_key_without_an_entry_is_not_known_and_counted(desk: Desk) -> None:
    rows = ROWS + "t1,2026-03-02T10:00Z,404\nt1,2026-03-02T10:00Z,\n"
    report = desk.load(comments(desk, rows, users=USERS), COMMENTS)
    assert (report.loaded, report.reasons) == (2, {"actor_missing": 2})
    unknown, none = (json.loads(content) for content in desk.table("rejected").sort("position")["content"])
    assert (unknown["ticket"], unknown["author"][:2], none["author"]) == ("a9", "c-", None)
    assert [str(remark) for remark in report.remarks] == [
        (
            "comments.csv: the lookup 'users' has no entry for 1 row by 'author'. "
            "The columns it fills stay empty there."
        )
    ]


@pytest.mark.parametrize(
    ("users", "says"),
    [
        ({}, "no file 'users*.csv' for the lookup 'users' lies beside it"),
        ({"users": "uid,role,team\n7,admin,\n"}, "has no column 'id'; it has 'uid', 'role', 'team'"),
        ({"users": "id,role\n7,admin\n"}, "has no column 'team'"),
        (
            {"users": "id,role,team\n7,admin,a\n9,admin,b\n7,end-user,a\n"},
            "rows with the same 'id' that differ in 'role': row 1 of users.csv; row 3 of users.csv",
        ),
        (
            {"users-1": "id,role,team\n7,admin,a\n", "users-2": "id,role,team\n7,admin,b\n"},
            "that differ in 'team': row 1 of users-1.csv; row 1 of users-2.csv",
        ),
        ({"users": ""}, "users.csv is empty"),
    ],
)
def test_a_lookup_that_is_wrong_says_what_and_where(desk: Desk, users: dict[str, str], says: str) -> None:
    assert says in error(desk.load(comments(desk, **users), COMMENTS))
    assert desk.events().is_empty()


def test_rows_that_say_the_same_of_a_key_do_no_harm(desk: Desk) -> None:
    again = "id,role,team,name\n9,admin,Billing,Anna\n7,end-user,,\n,admin,x,\n,admin,y,\n"
    report = desk.load(comments(desk, users=USERS, users2=again), COMMENTS)
    assert (report.loaded, report.error) == (2, None)


def test_whole_floats_are_the_same_keys_and_rounded_ones_are_refused(desk: Desk) -> None:
    mapping = COMMENTS.model_copy(
        update={"lookup": {"users": COMMENTS.lookup["users"].model_copy(update={"files": "users*"})}}
    )
    path = comments(desk)
    users = pl.DataFrame(
        {"id": [7.0, 9.0, None], "role": ["end-user", "admin", "x"], "team": [None, "B", None]}
    )
    users.write_parquet(path.parent / "users.parquet")
    assert desk.load(path, mapping).loaded == 2
    users.with_columns(id=pl.col("id") + 2.0**60).write_parquet(path.parent / "users.parquet")
    assert "ids in 'id' are decimal numbers too large" in error(desk.load(path, mapping))


def test_what_rows_looked_up_is_archived_as_a_hash_that_nobody_without_the_key_can_find_by_trying(
    desk: Desk, tmp_path: Path
) -> None:
    path = comments(desk, users=USERS)
    desk.load(path, COMMENTS)
    archives = [desk.archive, Archive(tmp_path / "other" / "archive"), Archive(tmp_path / "same" / "archive")]
    (tmp_path / "same.key").write_bytes((tmp_path / "warehouse.key").read_bytes())
    for archive in archives[1:]:
        with open_writer(tmp_path / "other" if archive is archives[1] else tmp_path / "same") as connection:
            load([path], connection, archive, now=LOADED_AT, mapping=COMMENTS)
    here, other, same = (archive.loads()[0].mapping for archive in archives)
    assert here == same != other


def load_all(desk: Desk, paths: list[Path], mapping: Mapping) -> LoadReport:
    return load(paths, desk.connection, desk.archive, now=LOADED_AT, mapping=mapping)


def test_a_file_that_only_rows_are_looked_up_in_is_not_loaded(desk: Desk) -> None:
    path = comments(desk, users=USERS)
    report = load_all(desk, sorted(path.parent.iterdir()), COMMENTS)
    assert [(file.read, file.loaded, file.error) for file in report.files] == [(2, 2, None), (0, 0, None)]
    assert "other files look up rows in it" in str(report.files[1].remarks[0])


def test_a_lookup_may_be_named_in_the_command_where_none_lies_beside(desk: Desk) -> None:
    report = load_all(desk, [comments(desk), desk.file(USERS, "users.csv")], COMMENTS)
    assert [file.error for file in report.files] == [None, None]
    assert report.loaded == 2


def test_a_lookup_that_says_something_else_replaces_what_the_file_told(desk: Desk) -> None:
    path = comments(desk, users=USERS)
    desk.load(path, COMMENTS)
    (path.parent / "users.csv").write_text(USERS + "11,admin,Sales,\n")
    assert desk.load(path, COMMENTS).replaces == []  # nothing that the rows use
    (path.parent / "users.csv").write_text(USERS.replace("Billing", "Shipping").replace("admin", "bot"))
    report = desk.load(path, COMMENTS)
    assert (report.replaces, report.loaded) == ([1, 2], 2)
    assert desk.events().select("actor", "team").rows() == [("customer", None), ("bot", "Shipping")]


def test_the_archive_needs_no_lookup(desk: Desk) -> None:
    path = comments(desk, users=USERS)
    assert desk.load(path, COMMENTS).loaded == 2
    (path.parent / "users.csv").unlink()
    with open_writer(desk.folder / "anew") as connection:
        catch_up(connection, desk.archive)
        assert Desk(desk.folder / "anew", connection, desk.archive).events().equals(desk.events())


def test_a_look_shows_what_is_looked_up(desk: Desk) -> None:
    found = inspect(comments(desk, users=USERS), COMMENTS)
    assert (found.problem, found.events) == (None, {"replied": 2})
    assert {column.name: column.becomes for column in found.columns}["author → users.role"] == ["actor"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            'actor = { from = "author", lookup = "people", column = "role" }',
            "line 3, at columns.actor.lookup",
        ),
        ('actor = { from = "author", lookup = "users" }', "line 3, at columns.actor.column: it is missing"),
        ('actor = { lookup = "users", column = "role" }', "line 3, at columns.actor.from: it is missing"),
        (
            'actor = { from = "a", lookup = "users", column = 7 }',
            "line 3, at columns.actor.column: expected a text",
        ),
    ],
)
def test_a_column_that_cannot_be_looked_up_is_named_with_its_line(
    tmp_path: Path, line: str, says: str
) -> None:
    path = tmp_path / "m.toml"
    path.write_text(f'lookup.users = {{ files = "u*", key = "id" }}\n[columns]\n{line}\n')
    with pytest.raises(InvalidMapping, match=says):
        read_mapping(path)


def test_two_columns_that_differ_in_their_words_alone_stay_apart(desk: Desk) -> None:
    stated = {"from": "author", "lookup": "users", "column": "role"}
    mapping = Mapping.model_validate(
        {
            "lookup": {"users": {"files": "users*", "key": "id"}},
            "columns": {
                "ticket_id": "ticket",
                "occurred_at": "at",
                "actor": stated | {"values": ROLES},
                "reason": stated,
            },
            "constants": {"kind": "replied"},
        }
    )
    desk.load(comments(desk, users=USERS), mapping)
    assert desk.events().select("actor", "reason").rows() == [("customer", "end-user"), ("agent", "admin")]
    assert Mapping.model_validate(mapping.model_dump()) == mapping


def test_a_lookup_that_cannot_read_some_of_its_rows_says_how_many(desk: Desk) -> None:
    damaged = "id,role,team,name\n7,end-user,,Zoë\n9,admin,Billing,Ann,x\n"
    report = desk.load(comments(desk, users=damaged), COMMENTS)
    assert [remark.code for remark in report.remarks] == ["lookup.damaged", "lookup.missing"]
    assert "1 row of the lookup 'users' cannot be read" in str(report.remarks[0])


def test_a_key_that_holds_lists_is_refused_in_the_rows_and_in_the_lookup(desk: Desk) -> None:
    mapping = COMMENTS.model_copy(
        update={"lookup": {"users": COMMENTS.lookup["users"].model_copy(update={"files": "users*"})}}
    )
    path = comments(desk)
    users = pl.DataFrame({"id": [["7"], ["9"]], "role": ["end-user", "admin"], "team": ["a", "b"]})
    users.write_parquet(path.parent / "users.parquet")
    assert "users.parquet: the column 'id' holds lists" in error(desk.load(path, mapping))
    rows = path.with_name("comments.parquet")
    pl.read_csv(path).with_columns(pl.concat_list("author")).write_parquet(rows)
    users.with_columns(pl.col("id").list.first()).write_parquet(path.parent / "users.parquet")
    assert "comments.parquet: the column 'author' holds lists" in error(desk.load(rows, mapping))


def test_a_key_that_means_not_known_is_not_looked_up(desk: Desk) -> None:
    mapping = COMMENTS.model_copy(update={"null": ["-"], "constants": {"kind": "opened"}})
    users = USERS + "-,admin,a,\n-,end-user,b,\n"  # of somebody not known there is nothing to look up
    report = desk.load(comments(desk, ROWS + "t2,2026-03-02T10:00Z,-\n", users=users), mapping)
    assert (report.loaded, report.error, report.remarks) == (3, None, [])


def test_what_is_looked_up_may_be_named_nowhere_but_with_a_column(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[joins.a]\nfrom = "x"\nlookup = "users"\ncolumn = "role"\n')
    with pytest.raises(InvalidMapping) as caught:
        read_mapping(path)
    assert str(caught.value).count("joins") == 1  # in what is wrong, not among the keys there are


def test_an_unknown_key_of_a_lookup_is_answered_with_those_of_a_lookup(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[columns]\nactor = { from = "a", lookup = "u", column = "b", word = "c" }\n')
    with pytest.raises(InvalidMapping, match="'lookup', 'column', 'values'"):
        read_mapping(path)
    path.write_text('[columns]\nactor = { from = "a", word = "c" }\n')
    with pytest.raises(InvalidMapping, match="'unit'") as caught:
        read_mapping(path)
    assert "lookup" not in str(caught.value)


def test_a_stated_mapping_that_is_looked_with_can_be_written_and_read_again(
    desk: Desk, tmp_path: Path
) -> None:
    shared = COMMENTS.model_dump(mode="json", exclude_defaults=True)
    opening = {"kind": "opened", "columns": {"ticket_id": "ticket", "occurred_at": "at"}}
    tables = {"our comments": {"files": "*comments*", "event": [opening], "columns": {"event_id": "at"}}}
    for stated in (COMMENTS, Mapping.model_validate(shared | {"tables": tables})):
        looked = inspect(comments(desk, users=USERS), stated)
        assert (looked.problem, looked.mapping) == (None, stated)
        path = tmp_path / "written.toml"
        path.write_text(mapping_toml(looked.mapping, {}))
        assert read_mapping(path) == stated
        assert desk.load(comments(desk, users=USERS), read_mapping(path)).error is None


def test_files_of_lookups_alone_are_a_mistake(desk: Desk) -> None:
    path = comments(desk, users=USERS)
    every = COMMENTS.lookup["users"].model_copy(update={"files": "*.csv"})
    wide = COMMENTS.model_copy(update={"lookup": {"users": every}})
    report = load_all(desk, [path, path.with_name("users.csv")], wide)
    assert [file.error and file.error.code for file in report.files] == ["lookup.alone"] * 2
    assert "comments.csv: not loaded; it is a file '*.csv' of the lookup 'users'" in error(report.files[0])
    desk.load(path, COMMENTS)
    again = load(
        [path.with_name("users.csv")],
        *(desk.connection, desk.archive),
        now=LOADED_AT,
        mapping=COMMENTS,
        replace=1,
    )
    assert again.files[0].error is not None
    assert desk.events().height == 2
