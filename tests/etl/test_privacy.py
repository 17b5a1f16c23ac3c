"""Nobody's name is written, and who is forgotten is in no file any more."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from etl.errors import InvalidRequest, KeyMismatch, WarehouseDamaged
from etl.mapping.mapping import Mapping
from etl.privacy.erasure import forget_customer, purge_older
from etl.privacy.key_file import key_path
from etl.privacy.person_export import export_person
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.words_in_text import Words
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.load import load
from etl.store.reader_notes import NOTEBOOK
from etl.store.ticket_groups import Retention
from etl.store.warehouse import latest_snapshot, open_snapshot, open_writer, publish
from tests.warehouses import Templates

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = "event_id,occurred_at,ticket_id,kind,customer_id,agent_id,run_id,workflow,version,step,value\n"
ADA, BEN = "customer-ada-4711", "customer-ben-0815"
ROWS = [
    f"e1,2026-03-02T09:00Z,t1,opened,{ADA},,,,,,",
    "e2,2026-03-02T09:01Z,t1,answered,,agent-eve,r1,w,1,ask,Ada Lovelace at ada@example.org",
    "e3,2026-03-02T09:02Z,t1,answered,,agent-eve,r1,w,1,ask,yes",
    "e4,2026-03-02T09:03Z,t1,held,,agent-eve,,,,,she sounded unhappy",
    f"e5,2026-05-02T09:00Z,t2,opened,{BEN},,,,,,",
    f"e6,yesterday,t3,opened,{ADA},,,,,,",
    f"e7,yesterday,t4,opened,{BEN},,,,,,",
    "e8,yesterday,t5,answered,,agent-eve,r1,w,1,ask,Grace Hopper called",
    "e9,yesterday,t5,held,,,,,,," + "she was quite unhappy with Charles Babbage; " * 3,
    "e10,2026-03-02T09:00Z,t5,held,,,,,,,too,many,Mary Somerville",
]


@pytest.fixture
def home(tmp_path: Path, templates: Templates) -> Path:
    file = tmp_path / "events.csv"
    file.write_text(HEADER + "\n".join(ROWS) + "\n")
    return templates.copy(tmp_path / "warehouse", ROWS, lambda home: load_into(home, file))


def load_into(home: Path, file: Path, **how: bool) -> None:
    with open_writer(home) as connection:
        load([file], connection, Archive(home / "archive"), now=NOW, **how)
        publish(connection, home)


def make_anew(home: Path) -> None:
    with open_writer(home) as connection:
        catch_up(connection, Archive(home / "archive"))
        publish(connection, home)


def everything_in(folder: Path) -> bytes:
    """All bytes of all files, and all texts of those that are packed."""
    found = b""
    for file in folder.rglob("*"):
        if file.is_file():
            found += file.name.encode() + file.read_bytes()
        if file.suffix == ".parquet":
            found += pl.read_parquet(file).write_ndjson().encode()
        if file.suffix == ".duckdb":
            with duckdb.connect(str(file), read_only=True) as connection:
                for (table,) in connection.execute("SHOW TABLES").fetchall():
                    found += connection.table(table).pl().write_ndjson().encode()
    return found


def events(home: Path) -> pl.DataFrame:
    return open_snapshot(latest_snapshot(home)).table("events").pl().sort("event_id")


def test_no_name_is_in_any_file_of_the_warehouse(home: Path) -> None:
    content = everything_in(home)
    for name in (ADA, BEN, "agent-eve", "Lovelace", "example.org", "unhappy", "Hopper", "Somerville"):
        assert name.encode() not in content


def test_a_person_has_the_same_pseudonym_everywhere(home: Path) -> None:
    agents = events(home)["agent_id"].drop_nulls().unique().to_list()
    assert len(agents) == 1
    assert agents[0].startswith("a-")


def test_answers_stay_but_prose_becomes_a_pseudonym_and_other_text_goes(home: Path) -> None:
    values = dict(events(home).select("event_id", "value").iter_rows())
    assert values["e3"] == "yes"
    assert values["e2"].startswith("t-")
    assert values["e4"] is None


def test_a_refused_row_keeps_no_column_that_the_contract_does_not_know(tmp_path: Path) -> None:
    header, row = HEADER.replace("value", "note"), "e1,yesterday,t1,opened,,,,,,,Ada was here"
    (tmp_path / "events.csv").write_text(f"{header}{row}\n")
    for kept in (False, True):
        home = tmp_path / f"kept {kept}"
        load_into(home, tmp_path / "events.csv", keep_free_text=kept)
        content = open_snapshot(latest_snapshot(home)).table("rejected").pl()["content"].item()
        assert ("Ada was here" in content) == kept
        assert json.loads(content)["occurred_at"] == ("yesterday" if kept else "aaaaaaaaa")


def test_free_text_stays_where_the_operator_says_so(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(HEADER + ROWS[3] + "\n")
    load_into(tmp_path / "w", tmp_path / "events.csv", keep_free_text=True)
    assert events(tmp_path / "w")["value"].to_list() == ["she sounded unhappy"]


def test_the_key_lies_beside_the_warehouse_and_is_for_its_owner_alone(home: Path) -> None:
    key = key_path(home)
    assert not key.is_relative_to(home)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text().strip().encode() not in everything_in(home)


@pytest.mark.parametrize("damage", ["lost", "another", "nonsense"])
def test_a_key_that_is_not_the_right_one_is_explained(home: Path, damage: str) -> None:
    key = key_path(home)
    if damage == "lost":
        key.unlink()
    else:
        key.write_text("ab" * 32 if damage == "another" else "nonsense")
    with pytest.raises(KeyMismatch, match="backup"):
        load_into(home, home.parent / "events.csv")


def test_pseudonyms_of_different_keys_and_roles_differ() -> None:
    one, other = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)
    names = {one.of("x", "customer"), one.of("x", "agent"), other.of("x", "customer"), other.of("x", "agent")}
    assert len(names) == 4


def test_who_is_forgotten_is_in_no_file_and_the_others_stay(home: Path) -> None:
    archive = Archive(home / "archive")
    name = archive.pseudonyms().of(ADA, "customer")
    assert name.encode() in everything_in(home)
    erased = forget_customer(ADA, home, archive, now=NOW)
    make_anew(home)
    assert (erased.counts.tickets, erased.counts.events, erased.counts.rejected_rows) == (1, 4, 1)
    content = everything_in(home)
    for gone in (name, ADA, '"t1"'):
        assert gone.encode() not in content
    assert events(home)["event_id"].to_list() == ["e5"]
    receipt = json.loads(erased.receipt.read_text())
    assert (receipt["tickets_removed"], receipt["act"]) == (1, "forget")


def test_a_text_of_the_forgotten_goes_from_rejected_rows_of_others(home: Path, tmp_path: Path) -> None:
    columns = "event_id,occurred_at,ticket_id,kind,customer_id,team,custom_note\n"
    rows = [
        f"f1,2026-03-02T09:00Z,t9,opened,{ADA},North,Ada L.",
        f"f2,2026-03-02T09:00Z,t8,opened,{BEN},North,gold",
        f"f3,yesterday,t8,held,{BEN},North,Ada L.",
        f"f4,yesterday,t8,held,{BEN},North,gold",
    ]
    file = tmp_path / "again.csv"
    file.write_text(columns + "\n".join(rows) + "\n")
    load_into(home, file)
    archive = Archive(home / "archive")
    assert rejected_notes(archive) == [("North", "Ada L."), ("North", "gold")]
    forget_customer(ADA, home, archive, now=NOW)
    make_anew(home)
    left = [("North", "Aaa A."), ("North", "gold")]
    assert rejected_notes(archive) == left
    assert b"Ada L." not in everything_in(home)
    load_into(home, file)
    assert rejected_notes(archive) == left


@pytest.mark.parametrize("free_text", [True, False])
def test_what_stays_in_a_rejected_row_for_itself_stays_when_somebody_is_forgotten(
    tmp_path: Path, free_text: bool
) -> None:
    """A name that the mapping states, and every cell of a row whose free text is kept."""
    rows = [
        {"id": "t1", "at": "2026-03-02T09:00Z", "who": ADA, "team": "N1", "why": "Alpha"},
        {"id": "t2", "at": "2026-03-02T09:00Z", "who": BEN, "team": "South", "why": "Beta"},
        {"id": "t2", "at": "yesterday", "who": BEN, "team": "N1", "why": "Alpha"},
    ]
    columns = {"ticket_id": "id", "occurred_at": "at", "customer_id": "who", "team": "team", "reason": "why"}
    mapping = {"columns": columns, "constants": {"kind": "opened"}, "values": {"team": {"N1": "N1"}}}
    load_json(tmp_path / "w", rows, mapping, keep_free_text=free_text)

    def cells() -> tuple[object, ...]:
        (row,) = rejected_content(tmp_path / "w")
        return row["team"], row["why"]

    assert cells() == ("N1", "Alpha")
    forget_customer(ADA, tmp_path / "w", Archive(tmp_path / "w" / "archive"), now=NOW)
    make_anew(tmp_path / "w")
    assert cells() == ("N1", "Alpha" if free_text else "Aaaaa")


def rejected_notes(archive: Archive) -> list[tuple[str, str]]:
    """Team and attribute in the rejected rows of the last load."""
    record = archive.loads()[-1]
    assert record.rejected_file
    contents = pl.read_parquet(archive.rejected(record.rejected_file))["content"]
    return [(cells["team"], cells["custom_note"]) for cells in map(json.loads, contents)]


def test_notes_of_readers_that_name_the_forgotten_go_too(home: Path) -> None:
    named = [f"{ADA} rang", f"again {ADA.upper()}!", "the phone call of t1."]
    others = [f"{BEN} rang", "t10 and t-1 are late", f"x{ADA}"]
    views = {"mine": "ticket=t1&run=r1", "same": f"reason={ADA.replace('-', '%2D')}", "theirs": "dates=t1-2"}
    notebook = {
        "views": [{"name": name, "page": "ticket", "query": query} for name, query in views.items()],
        "annotations": [{"day": "2026-03-02", "text": text} for text in named + others],
    }
    (home / NOTEBOOK).write_text(json.dumps(notebook))
    erased = forget_customer(ADA, home, Archive(home / "archive"), now=NOW)
    assert not erased.receipt.exists()  # not before readers have new numbers
    make_anew(home)
    left = json.loads((home / NOTEBOOK).read_text())
    assert [view["name"] for view in left["views"]] == ["theirs"]
    assert [note["text"] for note in left["annotations"]] == others
    assert json.loads(erased.receipt.read_text())["notes_removed"] == erased.counts.notes == 5


@pytest.mark.sweep(3)
@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"views": [1]}', b"\xff"])
def test_nothing_is_removed_where_the_notes_cannot_be_understood(home: Path, content: bytes) -> None:
    (home / NOTEBOOK).write_bytes(content)
    before = everything_in(home / "archive")
    with pytest.raises(WarehouseDamaged, match="Put the file right or delete it"):
        forget_customer(ADA, home, Archive(home / "archive"), now=NOW)
    assert everything_in(home / "archive") == before
    assert events(home).height == 5


def test_who_is_in_no_place_is_not_forgotten_and_who_is_in_one_is(home: Path) -> None:
    archive = Archive(home / "archive")
    forget_customer(f" {ADA}\u00a0", home, archive, now=NOW)
    make_anew(home)
    before = everything_in(home)
    for nobody in (ADA, "nobody", ADA.upper(), "t2"):
        with pytest.raises(InvalidRequest, match="Nothing is kept of a customer") as refusal:
            forget_customer(nobody, home, archive, now=NOW)
        assert "several sources" not in str(refusal.value)
    assert everything_in(home) == before
    (home / NOTEBOOK).write_text(json.dumps({"views": [], "annotations": [{"text": "nobody rang"}]}))
    erased = forget_customer("nobody", home, archive, now=NOW)
    assert (erased.counts.tickets, erased.counts.rejected_rows, erased.counts.notes) == (0, 0, 1)


def test_a_damaged_row_that_names_the_forgotten_is_removed_too(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(HEADER + ROWS[4] + f"\n{ADA},a,row,of,too,many,fields,b,c,d,e,f,g\n")
    home = tmp_path / "w"
    load_into(home, tmp_path / "events.csv", keep_free_text=True)
    assert ADA.encode() in everything_in(home)  # its columns cannot be told apart, so neither can the person
    assert forget_customer(ADA, home, Archive(home / "archive"), now=NOW).counts.rejected_rows == 1
    make_anew(home)
    assert ADA.encode() not in everything_in(home)


def test_a_rejected_row_of_an_erased_ticket_is_removed_though_it_names_nobody(tmp_path: Path) -> None:
    rows = [
        ROWS[0].replace(",t1,", ",7,"),
        "e2,yesterday,7,held,,,,,,,please call Ann Smith at home",
        "e3,yesterday,8,held,,,,,,,please call Mary Somerville in 7 days",
        "e4,yesterday,7,held,,,,,,,too,many",
    ]
    (tmp_path / "events.csv").write_text(HEADER + "\n".join(rows) + "\n")
    home = tmp_path / "w"
    with open_writer(home) as connection:
        archive = Archive(home / "archive")
        mapping = Mapping(source="desk")
        load([tmp_path / "events.csv"], connection, archive, now=NOW, mapping=mapping, keep_free_text=True)
    assert forget_customer(ADA, home, archive, now=NOW).counts.rejected_rows == 2
    assert b"Ann Smith" not in everything_in(home)
    assert b"Mary Somerville" in everything_in(home)


@pytest.mark.sweep(5)
@pytest.mark.parametrize("nobody", ["", " ", "\u00a0", ":", ": "])
def test_nobody_is_forgotten_where_no_id_is_given(home: Path, nobody: str) -> None:
    before = everything_in(home)
    archive = Archive(home / "archive")
    with pytest.raises(InvalidRequest, match=r"named\. .*: stepsight forget --customer ID"):
        forget_customer(nobody, home, archive, now=NOW)
    with pytest.raises(InvalidRequest, match="stepsight export-person --customer ID"):
        export_person(nobody, home, archive, None)
    assert everything_in(home) == before


NAMED = [
    ("Zoë Müller", "call Zoë Müller back"),
    ("Zoë Müller", "call Zoe\u0308\u00a0Mu\u0308ller"),
    ("Zoë Müller", '{"from": "Zo\\u00eb M\\u00FCller", "to'),
    ("ann", "(ANN)"),
    ("ann", "for ann's sister"),
    ("x@y.de", "Ida <x@y.de>"),
    ("x@y.de", "mail x@y.de."),
    ("c:\\ann", "at c:\\ann"),
    ("12", "customer=12"),
]
OTHERS = [("12", "2026-03-12"), ("12", "09:12:00"), ("12", "12.5"), ("12", "12/03/2026"), ("ann", "ann@y.de")]


@pytest.mark.sweep(8)
@pytest.mark.parametrize(
    ("customer", "text", "rows"), [(*each, 1) for each in NAMED] + [(*each, 0) for each in OTHERS]
)
def test_a_rejected_row_goes_if_the_id_stands_in_it_on_its_own(
    tmp_path: Path, customer: str, text: str, rows: int
) -> None:
    frame = pl.DataFrame({"ticket_id": ["t1"], "kind": ["held"], "occurred_at": ["soon"], "value": [text]})
    frame.write_csv(tmp_path / "events.csv")
    home = tmp_path / "w"
    load_into(home, tmp_path / "events.csv", keep_free_text=True)
    archive = Archive(home / "archive")
    with nullcontext() if rows else pytest.raises(InvalidRequest, match="Nothing is kept"):
        assert forget_customer(customer, home, archive, now=NOW).counts.rejected_rows == rows


@pytest.mark.parametrize("content", ['{"a": 1002}', '{"a": 1002.0}', '{"a": [{"b": "1002"}]}'])
def test_an_id_that_is_a_number_is_the_same_id(content: str) -> None:
    assert Words(["1002"]).is_in_json(content)
    assert not Words(["100"]).is_in_json(content)


KILLED_FORGETTING = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from etl.privacy.erasure import forget_customer
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.warehouse import open_writer, publish
home, moment = Path(sys.argv[1]), sys.argv[2]
def end(event, values):
    if event == "os.rename" and Path(values[1]).name.startswith(moment):
        os._exit(9)
sys.addaudithook(end)
archive = Archive(home / "archive")
forget_customer("ada", home, archive, now=datetime(2026, 6, 1, tzinfo=UTC))
with open_writer(home) as connection:
    catch_up(connection, archive)
    publish(connection, home)
"""


@pytest.mark.sweep(6)
@pytest.mark.parametrize("moment", ["erasure.json", "000001.json", "000002.json", "forget-"])
def test_who_was_forgotten_half_way_when_the_process_was_killed_is_forgotten_by_the_next(
    tmp_path: Path, moment: str
) -> None:
    header, home = "occurred_at,ticket_id,kind,customer_id\n", tmp_path / "w"
    at = "2026-03-02T09:00Z"
    (tmp_path / "a.csv").write_text(f"{header}{at},t1,opened,ada\n{at},t2,opened,ben\n")
    (tmp_path / "b.csv").write_text(f"{header}{at},t1,solved,\n{at},t2,solved,\n")
    for name in ("a.csv", "b.csv"):
        load_into(home, tmp_path / name)
    command = [sys.executable, "-c", KILLED_FORGETTING, str(home), moment]
    assert subprocess.run(command, check=False).returncode == 9
    archive = Archive(home / "archive")
    if moment == "erasure.json":  # nothing was removed yet
        assert forget_customer("ada", home, archive, now=NOW).counts.events == 2
    with open_writer(home) as connection:
        catch_up(connection, archive)
        tickets = connection.execute("SELECT ticket_id FROM events").fetchall()
        publish(connection, home)
    assert tickets == [("t2",), ("t2",)]
    assert b'"t1"' not in everything_in(home)
    (receipt,) = (home / "receipts").iterdir()
    assert json.loads(receipt.read_text())["events_removed"] == 2


def test_old_tickets_go_as_a_whole_and_younger_ones_stay(home: Path) -> None:
    archive = Archive(home / "archive")
    erased = purge_older(Retention(NOW - timedelta(days=60)), home, archive, now=NOW)
    assert erased
    assert (erased.counts.tickets, erased.counts.events) == (1, 4)
    with open_writer(home) as connection:
        catch_up(connection, archive)
        assert connection.execute("SELECT ticket_id FROM events").fetchall() == [("t2",)]


def rejected_content(home: Path) -> list[dict[str, object]]:
    rows = open_snapshot(latest_snapshot(home)).table("rejected").pl().sort("load_id", "position")
    return [json.loads(content) for content in rows["content"]]


CLOCK = "yesterday"
"""An instant that nobody can read, so that its row is rejected."""


TICKETS = Mapping.model_validate(
    {
        "columns": {"ticket_id": "id", "occurred_at": "at"},
        "constants": {"kind": "opened"},
    }
)


def load_json(home: Path, rows: list[dict[str, object]], mapping: dict[str, object], **how: bool) -> None:
    file = home.with_name("tickets.json")
    file.write_text(json.dumps(rows))
    stated = Mapping.model_validate(TICKETS.model_dump(mode="json", exclude_defaults=True) | mapping)
    with open_writer(home) as connection:
        load([file], connection, Archive(home / "archive"), now=NOW, mapping=stated, **how)
        publish(connection, home)


@pytest.mark.parametrize("column", ["mail", "requester.mail"])
def test_what_is_there_for_identity_alone_is_in_no_file(tmp_path: Path, column: str) -> None:
    row = {"id": "t1", "at": CLOCK, "mail": ADA, "requester": {"mail": ADA, "name": "Lovelace"}}
    load_json(tmp_path / "w", [row, row | {"at": "2026-03-02T09:00Z"}], {"identity": {"columns": [column]}})
    content = everything_in(tmp_path / "w")
    assert ADA.encode() not in content
    assert b"Lovelace" not in content
    assert rejected_content(tmp_path / "w")[0][column] == "aaaaaaaa-aaa-9999"


@pytest.mark.parametrize("kept", [True, False])
def test_the_object_that_a_person_is_read_from_is_not_kept_beside_the_pseudonym(
    tmp_path: Path, kept: bool
) -> None:
    row = {"id": "t1", "at": CLOCK, "note": "unhappy", "requester": {"id": ADA, "name": "Lovelace"}}
    columns = {"columns": {"ticket_id": "id", "occurred_at": "at", "customer_id": "requester.id"}}
    load_json(tmp_path / "w", [row], columns, keep_free_text=kept)
    (content,) = rejected_content(tmp_path / "w")
    assert str(content["requester.id"]).startswith("c-")
    assert ("note" in content) == kept
    assert ADA.encode() not in everything_in(tmp_path / "w")


@pytest.mark.parametrize("kept", [True, False])
def test_the_key_that_a_person_is_looked_up_by_is_not_kept_but_a_ticket_is(
    tmp_path: Path, kept: bool
) -> None:
    (tmp_path / "users.csv").write_text(f"id,name,ticket\nagent-eve,eve,t1\n,{ADA},t1\n")
    row = {"id": "t1", "at": CLOCK, "by": "agent-eve"}
    mapping = {
        "lookup": {
            "users": {"files": "users*.csv", "key": "id"},
            "tickets": {"files": "users*.csv", "key": "id"},
        },
        "columns": {
            "ticket_id": "id",
            "occurred_at": "at",
            "agent_id": {"from": "by", "lookup": "users", "column": "name"},
            "customer_id": {"from": "id", "lookup": "tickets", "column": "ticket"},
        },
    }
    load_json(tmp_path / "w", [row], mapping, keep_free_text=kept)
    (content,) = rejected_content(tmp_path / "w")
    assert content["id"] == ("t1" if kept else "a9")
    assert "by" not in content
    assert str(content["by → users.name"]).startswith("a-")


def test_whoever_anything_is_looked_up_of_is_a_pseudonym_and_can_be_forgotten(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("id,tier\n77001,gold\nt1,web\nopen,new\n")
    row = {"id": "t1", "at": CLOCK, "mail": ADA, "requester_id": 77001, "what": "open"}
    looked_up = {"lookup": "users", "column": "tier"}
    mapping = {
        "lookup": {"users": {"files": "users*.csv", "key": "id"}},
        "columns": {
            "ticket_id": "id",
            "occurred_at": "at",
            "customer_id": "mail",
            "custom_tier": {"from": "requester_id", **looked_up},
            "custom_form": {"from": "id", **looked_up},
            "custom_state": {"from": "what", **looked_up},
        },
        "constants": {},
        "activity": "what",
        "activities": {"open": ["opened"]},
    }
    load_json(tmp_path / "w", [row], mapping)
    (content,) = rejected_content(tmp_path / "w")
    assert str(content["requester_id"]).startswith("c-")
    assert (content["id"], content["what"]) == ("a9", "open")
    archive = Archive(tmp_path / "w" / "archive")
    assert forget_customer("77001", tmp_path / "w", archive, now=NOW).counts.rejected_rows == 1


def test_one_column_of_agents_and_customers_is_of_customers_who_are_forgotten(tmp_path: Path) -> None:
    row = {"id": "t1", "at": CLOCK, "author": ADA}
    columns = {"ticket_id": "id", "occurred_at": "at", "agent_id": "author", "customer_id": "author"}
    load_json(tmp_path / "w", [row], {"columns": columns})
    archive = Archive(tmp_path / "w" / "archive")
    assert forget_customer(ADA, tmp_path / "w", archive, now=NOW).counts.rejected_rows == 1


@pytest.mark.sweep(6)
@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("dtype", [pl.Float64, pl.Float32, pl.Int64, pl.String])
def test_whoever_is_forgotten_goes_from_rejected_rows_however_their_id_is_typed(
    tmp_path: Path, dtype: type[pl.DataType], kept: bool
) -> None:
    frame = pl.DataFrame(
        {"occurred_at": ["2026-03-02T09:00Z", CLOCK, CLOCK], "ticket_id": ["t1", "t2", "t3"]}
    )
    ids = pl.Series([1002, 1002, 10020]).cast(pl.Float64 if dtype != pl.String else pl.Int64).cast(dtype)
    frame = frame.with_columns(customer_id=ids, called_again=ids, kind=pl.lit("opened"))
    frame.write_parquet(tmp_path / "events.parquet")
    load_into(tmp_path / "w", tmp_path / "events.parquet", keep_free_text=kept)
    archive = Archive(tmp_path / "w" / "archive")
    erased = forget_customer("1002", tmp_path / "w", archive, now=NOW)
    assert (erased.counts.tickets, erased.counts.events, erased.counts.rejected_rows) == (1, 1, 1)
    assert forget_customer("10020", tmp_path / "w", archive, now=NOW).counts.rejected_rows == 1


def test_a_number_in_a_column_beside_the_id_names_whoever_is_forgotten(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"occurred_at": [CLOCK] * 3, "ticket_id": ["t1", "t2", "t3"], "kind": ["opened"] * 3}
    )
    frame.with_columns(called_by=pl.Series([1002.0, 10020.0, 21002.0])).write_parquet(tmp_path / "e.parquet")
    load_into(tmp_path / "w", tmp_path / "e.parquet", keep_free_text=True)
    archive = Archive(tmp_path / "w" / "archive")
    assert forget_customer("1002", tmp_path / "w", archive, now=NOW).counts.rejected_rows == 1


def test_notes_of_repeated_rows_go_with_whoever_is_forgotten(home: Path) -> None:
    """A later file repeats rows of both: its notes say where, and when they were recorded."""
    lines = (home.parent / "events.csv").read_text().splitlines()
    later = [lines[0], *(lines[n] for n in (1, 5))]
    (home.parent / "later.csv").write_text("\n".join(later) + "\n")
    load_into(home, home.parent / "later.csv")
    archive = Archive(home / "archive")

    def notes() -> list[int]:
        names = [record.repeats for record in archive.loads() if record.repeats]
        return [position for name in names for position in pl.read_parquet(archive.repeats(name))["position"]]

    assert notes() == [1, 2]
    forget_customer(ADA, home, archive, now=NOW)
    assert notes() == [2]
    forget_customer(BEN, home, archive, now=NOW)
    assert notes() == []
    assert not list((home / "archive" / "repeats").iterdir())


MERGED = [
    f"m1,2026-03-02T09:00Z,m1,opened,{ADA},,,,,,",
    "m2,2026-03-02T09:05Z,m1,merged,,,,,,,m2",
    "m3,2026-05-02T09:00Z,m2,opened,,,,,,,",
    "m4,2026-03-02T09:05Z,m3,merged,,,,,,,m2",
    f"m5,2026-03-02T09:00Z,m4,opened,{BEN},,,,,,",
]


def test_merged_tickets_are_forgotten_together_and_stay_while_one_of_them_is_young(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(HEADER + "\n".join(MERGED) + "\n")
    for name, left in (("forget", ["m4"]), ("purge", ["m1", "m2", "m3"])):
        home = tmp_path / name
        load_into(home, tmp_path / "events.csv")
        archive = Archive(home / "archive")
        if name == "forget":
            forget_customer(ADA, home, archive, now=NOW)
        else:
            purge_older(Retention(NOW - timedelta(days=60)), home, archive, now=NOW)
        with open_writer(home) as connection:
            catch_up(connection, archive)
            publish(connection, home)
        assert sorted(set(events(home)["ticket_id"])) == left
