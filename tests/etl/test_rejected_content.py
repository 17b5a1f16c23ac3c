"""Of a rejected row stays what is needed to find and mend it; of what says who somebody is, its shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from etl.mapping.mapping import Mapping
from etl.privacy.shapes import LONGEST_SHAPE, shapes_of
from etl.store.archive import Archive
from etl.store.catch_up import catch_up
from etl.store.earlier_records import shape_rejected_rows
from etl.store.load import load
from etl.store.rejected import rejected_rows
from etl.store.ticket_groups import Retention
from etl.store.warehouse import open_writer, publish
from tests.attacks.byte_search import everything_in
from tests.etl.desk import Desk

NOW = datetime(2026, 6, 1, tzinfo=UTC)
AT = "2026-03-02T09:00:00Z"

SHAPES = {
    "02.03.2026": "99.99.9999",
    "Haupt 4711 815": "Aaaaa 9999 999",
    "ada.lovelace@example.org": "aaa.aaaaaaaa@aaaaaaa.aaa",
    "+49 (0)170-1234567": "+99 (9)999-9999999",
    "Zoe\u0308 ÉLAN": "Aaa AAAA",
    "Елена 李小龍 ٣٤": "Aaaaa aaa 99",
    "\U0001d4d0da \u24d0": "Aaa a",
    "a\u200bb\nc": "aa a",
    "€ 12,50 – x": "€ 99,99 – a",
    "": "",
    "x" * 500: "a" * LONGEST_SHAPE + "…",
}


def test_the_shape_of_a_text_says_how_it_is_written_and_nothing_of_what_it_says() -> None:
    texts = pl.Series("name", [*SHAPES, None])
    assert shapes_of(texts).to_list() == [*SHAPES.values(), None]


HEADER = (
    "event_id,occurred_at,ticket_id,kind,actor,agent_id,team,customer_id,channel,reason,run_id,workflow,version,"
    "step,value,hits,score,scale_max,recorded_at,custom_plan"
)


def line(**cells: str) -> str:
    return ",".join(cells.get(name, "") for name in HEADER.split(","))


def content(desk: Desk, *lines: str, mapping: Mapping | None = None) -> list[dict[str, str | None]]:
    desk.load(desk.file("\n".join([HEADER, *lines])), mapping)
    rows = desk.table("rejected").sort("position")
    return [{k: v for k, v in json.loads(row).items() if v} for row in rows["content"]]


def test_a_cell_stays_where_it_says_nothing_new(desk: Desk) -> None:
    plain = {"channel": "Phone", "custom_plan": "gold", "value": "never kept", "kind": "opened"}
    bad = {
        "event_id": "Zebra-1",
        "ticket_id": "Zebra-1",
        "team": "Phone",
        "reason": "solved",
        "actor": "agent",
    }
    numbers = {"hits": "12", "score": "4.5", "scale_max": "31612345678", "recorded_at": AT, "version": "123"}
    accepted = line(**plain, event_id="e1", occurred_at=AT, ticket_id="Zebra-1", reason="Zebra-1")
    (row,) = content(desk, accepted, line(**plain, **bad, **numbers))
    shapes = {"event_id": "Aaaaa-9", "ticket_id": "Aaaaa-9", "team": "Aaaaa", "value": "aaaaa aaaa"}
    assert row == plain | bad | numbers | shapes | {"scale_max": "99999999999", "version": "999"}


def test_an_id_is_nobody_s_to_read_because_one_shifted_row_was_accepted(desk: Desk) -> None:
    """A column for names has ids of a customer, an agent and a ticket; 12 is a name as well as an id."""
    ids = {
        "team": "C-7777",
        "channel": "agent-eve",
        "reason": "T-4711",
        "custom_plan": "12",
        "step": "T-9911",
    }
    accepted = [
        line(**ids, event_id="e1", occurred_at=AT, ticket_id="T-1", kind="opened"),
        line(event_id="e2", occurred_at=AT, ticket_id="T-4711", kind="opened", customer_id="12"),
        line(
            event_id="e3", occurred_at=AT, ticket_id="12", kind="replied", actor="agent", agent_id="agent-eve"
        ),
    ]
    rejected = [line(**ids, kind="opened"), line(ticket_id="T-9911", kind="opened", customer_id="C-7777")]
    row, _ = content(desk, *accepted, *rejected)
    shapes = {"team": "A-9999", "channel": "aaaaa-aaa", "reason": "A-9999", "step": "A-9999"}
    assert row == {"kind": "opened", "custom_plan": "12"} | shapes


def test_the_column_that_a_rule_is_about_is_that_of_the_file(desk: Desk) -> None:
    mapping = Mapping.model_validate({"columns": {"occurred_at": "custom_plan"}})
    content(desk, line(ticket_id="t1", kind="opened", custom_plan="soon"), mapping=mapping)
    (row,) = rejected_rows(desk.connection).to_dicts()
    assert (row["file"], row["position"], row["rule"]) == ("events.csv", 1, "occurred_at_unreadable")
    assert row["column"] == "custom_plan"


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    ("text", "form", "cell"),
    [
        ("02.03.2026 09:00", {}, "99.99.9999 99:99"),
        ("02.03.2026 09:00", {"format": "%d.%m.%Y %H:%M", "zone": "UTC"}, "02.03.2026 09:00"),
        ("2999-01-01T00:00Z", {}, "2999-01-01T00:00Z"),
        ("1772442000", {"format": "epoch"}, "1772442000"),
        ("4917012345678", {"format": "epoch"}, "9999999999999"),
        ("4917012345678", {}, "9999999999999"),
    ],
)
def test_an_instant_stays_if_the_mapping_can_read_it(
    desk: Desk, text: str, form: dict[str, str], cell: str
) -> None:
    mapping = Mapping.model_validate({"time": form})
    rows = content(desk, *(line(occurred_at=each, kind="opened") for each in (text, "", "")), mapping=mapping)
    assert rows[0]["occurred_at"] == cell


def test_names_that_the_mapping_states_stay_and_other_activities_do_not(desk: Desk) -> None:
    mapping = Mapping.model_validate(
        {"activity": "reason", "activities": {"Call taken": ["opened"]}, "values": {"team": {"N1": "Night"}}}
    )
    rows = content(
        desk,
        line(occurred_at=AT, reason="Call taken", team="N1"),
        line(reason="Ada called", team="N2"),
        mapping=mapping,
    )
    assert [(row["reason"], row["team"]) for row in rows] == [("Call taken", "N1"), ("Aaa aaaaaa", "A9")]


def test_what_tickets_have_that_are_too_old_to_be_kept_stays_in_no_rejected_row(desk: Desk) -> None:
    old = line(occurred_at="2026-01-02T09:00Z", ticket_id="t1", kind="opened", team="Eve Hill")
    new = line(occurred_at=AT, ticket_id="t2", kind="opened", team="Night")
    bad = [
        line(occurred_at="soon", ticket_id="t3", kind="opened", team=team) for team in ("Eve Hill", "Night")
    ]
    file = desk.file("\n".join([HEADER, old, new, *bad]))
    retention = Retention(datetime(2026, 2, 1, tzinfo=UTC))
    report = load([file], desk.connection, desk.archive, now=NOW, retention=retention).files[0]
    assert (report.read, report.loaded, report.rejected, report.too_old) == (3, 1, 2, 1)
    rows = desk.table("rejected").sort("position")["content"]
    assert [json.loads(row)["team"] for row in rows] == ["Aaa Aaaa", "Night"]


SECRETS = ("Lovelace", "ada@example.org", "C-100234", "0170 1234567", "77100234", "Zebra-1", "unhappy")


def test_no_text_of_shifted_cells_is_anywhere_in_the_warehouse(tmp_path: Path) -> None:
    """Each secret stands in each column once, as where cells are shifted; and in rows of no columns."""
    names = HEADER.split(",")
    rows = [
        ",".join(SECRETS[(number + shift) % len(SECRETS)] for number, _ in enumerate(names))
        for shift in range(len(SECRETS))
    ]
    files = {
        "a.csv": "\n".join([HEADER, *rows, f"{rows[0]},{SECRETS[0]},too many"]),
        "b.jsonl": "\n".join(
            [*(json.dumps(dict(zip(names, row.split(","), strict=True))) for row in rows), rows[1]]
        ),
    }
    home = tmp_path / "warehouse"
    with open_writer(home) as connection:
        for name, text in files.items():
            (tmp_path / name).write_text(text)
            report = load([tmp_path / name], connection, Archive(home / "archive"), now=NOW)
            assert report.rejected == len(SECRETS) + 1
        publish(connection, home)
    for path, text in everything_in(home).items():
        assert [secret for secret in SECRETS if secret.encode() in text] == [], path


def test_rows_that_look_alike_are_told_apart_and_equal_ones_of_a_grown_file_are_not_kept_twice(
    desk: Desk,
) -> None:
    one, other = (line(occurred_at="soon", ticket_id=name, kind="opened") for name in ("t1", "t2"))
    for lines in ([one], [one, other], [other]):
        desk.load(desk.file("\n".join([HEADER, *lines])))
    rows = desk.table("rejected").sort("load_id", "position")
    assert rows.select("load_id", "position").rows() == [(1, 1), (2, 2), (3, 1)]
    assert rows["content"].n_unique() == 1


def test_what_an_earlier_version_kept_of_rejected_rows_becomes_shapes(desk: Desk) -> None:
    desk.load(desk.file("\n".join([HEADER, line(occurred_at="soon", ticket_id="t1", kind="opened")])))
    record, archive = desk.archive.loads()[0], desk.archive
    person = archive.pseudonyms().of("ada", "customer")
    cells = {"ticket_id": "Zebra-1", "customer_id": person, "hits": 4711, "kind": "opened", "occurred_at": AT}
    rows = pl.DataFrame({"position": [1, 2], "rule": ["a", "b"], "content": [json.dumps(cells), "Zebra, 12"]})
    earlier = {"rejected_file": archive.write_rejected(rows), "content_rules": 1, "rejected": 2}
    archive.commit(record.model_copy(update=earlier))
    shape_rejected_rows(archive)
    (changed,) = archive.loads()
    assert changed.rejected_file
    first, second = pl.read_parquet(archive.rejected(changed.rejected_file))["content"]
    assert json.loads(first) == cells | {"ticket_id": "Aaaaa-9", "hits": "9999"}
    assert second == "Aaaaa, 99"
    assert [file.name for file in (archive.directory / "rejected").iterdir()] == [changed.rejected_file]


@pytest.mark.parametrize("has_key", [True, False])
def test_rejected_rows_of_earlier_versions_that_look_alike_stay_two(desk: Desk, has_key: bool) -> None:
    for name in ("t1", "t2"):
        lines = [line(occurred_at="soon", ticket_id=name, kind="opened")]
        desk.load(desk.file("\n".join([HEADER, *lines])))
    for record, name in zip(desk.archive.loads(), ("T1", "T2"), strict=True):
        content = json.dumps({"ticket_id": name, "kind": "opened", "occurred_at": "soon"})
        rows = pl.DataFrame({"position": [1], "rule": ["a"], "content": [content]})
        earlier = {"rejected_file": desk.archive.write_rejected(rows), "content_rules": 1}
        desk.archive.commit(record.model_copy(update=earlier))
    key, lost = desk.archive.key_file, desk.folder / "lost.key"
    if not has_key:
        key.rename(lost)
    shape_rejected_rows(desk.archive)
    if not has_key:
        lost.rename(key)
    with open_writer(desk.folder / "anew") as anew:
        catch_up(anew, desk.archive)
        rejected = pl.DataFrame(anew.sql("FROM rejected ORDER BY load_id").to_arrow_table())
    assert rejected["load_id"].to_list() == [1, 2]
    assert rejected["content"].n_unique() == 1
