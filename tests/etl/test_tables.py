"""Several tables of one system, loaded in one command by one mapping."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from etl.errors import InvalidMapping
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import read_mapping
from etl.store.load import load
from etl.store.load_report import LoadReport
from metrics.query.measure import measure
from metrics.query.scope import Scope
from metrics.refresh.facts import refresh
from tests.etl.desk import LOADED_AT, Desk

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "data" / "desk_tables"
DESK_TABLES = ROOT / "data" / "mappings" / "desk_tables.toml"

TWO = Mapping.model_validate(
    {
        "columns": {"ticket_id": "ticket", "occurred_at": "at"},
        "constants": {"channel": "email"},
        "tables": {
            "openings": {"files": "tickets*", "constants": {"kind": "opened"}, "columns": {"event_id": "id"}},
            "ratings": {
                "files": "*ratings*",
                "columns": {"event_id": "id", "score": "stars", "channel": "via"},
                "constants": {"kind": "rated", "scale_max": "5"},
            },
        },
    }
)


def load_all(desk: Desk, paths: list[Path], mapping: Mapping) -> LoadReport:
    return load(paths, desk.connection, desk.archive, now=LOADED_AT, mapping=mapping)


def test_each_file_is_read_as_its_table_and_what_is_shared_is_stated_once(desk: Desk) -> None:
    tickets = desk.file("id,ticket,at\n1,t1,2026-03-02T09:00Z\n", "tickets.csv")
    ratings = desk.file("id,ticket,at,stars,via\n1,t1,2026-03-02T10:00Z,4,sms\n", "Ratings-2026.csv")
    report = load_all(desk, [ratings, tickets], TWO)
    assert [(file.loaded, file.error) for file in report.files] == [(1, None), (1, None)]
    assert desk.events().select("kind", "channel", "score", "scale_max").rows() == [
        ("opened", "email", None, None),
        ("rated", "sms", 4.0, 5.0),
    ]
    assert desk.events()["event_id"].to_list() == ["openings:1", "ratings:1"]  # one number, two things
    assert load_all(desk, [tickets, ratings], TWO).duplicates == 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "events.csv",
            "events.csv fits no table of the mapping; its tables 'openings', 'ratings' are in files",
        ),
        ("tickets-ratings.csv", "fits several tables of the mapping: 'openings', 'ratings'"),
    ],
)
def test_a_file_that_fits_no_table_or_several_says_so_and_stops_no_other(
    desk: Desk, name: str, says: str
) -> None:
    rows = "id,ticket,at\n1,t1,2026-03-02T09:00Z\n"
    report = load_all(desk, [desk.file(rows, name), desk.file(rows, "tickets.csv")], TWO)
    assert says in str(report.files[0].error)
    assert report.loaded == 1


def test_a_packed_file_is_called_as_what_is_in_it(desk: Desk) -> None:
    mapping = TWO.model_copy(
        update={"tables": {"one": TWO.tables["openings"].model_copy(update={"files": "t*.csv"})}}
    )
    packed = gzip.compress(b"id,ticket,at\n1,t1,2026-03-02T09:00Z\n")
    assert desk.load(desk.file(packed, "T.csv.gz"), mapping).loaded == 1


def test_another_table_that_is_mended_replaces_nothing_of_this_one(desk: Desk) -> None:
    tickets = desk.file("id,ticket,at\n1,t1,2026-03-02T09:00Z\n", "tickets.csv")
    desk.load(tickets, TWO)
    ratings = TWO.tables["ratings"].model_copy(update={"null": ["?"]})
    mended = TWO.model_copy(update={"tables": TWO.tables | {"ratings": ratings}})
    assert desk.load(tickets, mended).replaces == []


def test_a_mistake_in_a_table_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[columns]\nticket_id = "id"\n[tables.a]\nfiles = "a*"\n[tables.a.columns]\nwho = "x"\n')
    with pytest.raises(InvalidMapping, match=r"line 6, at tables\.a\.columns\.who"):
        read_mapping(path)
    path.write_text('[columns]\nwho = "x"\n[tables.a]\nfiles = "a*"\n[tables.b]\nfiles = "b*"\n')
    with pytest.raises(InvalidMapping, match=r"line 2, at columns\.who") as raised:
        read_mapping(path)
    assert "tables." not in str(raised.value)  # a mistake in what is shared is one mistake
    path.write_text('[columns]\nwho = "x"\n[tables.a]\nfiles = "a*"\ncolumns = { who = "y" }\n')
    with pytest.raises(InvalidMapping, match=r"line 5, at tables\.a\.columns\.who"):
        read_mapping(path)
    path.write_text('[tables.a]\nfiles = "a*"\n[tables.a.tables.b]\nfiles = "b*"\n')
    with pytest.raises(InvalidMapping, match="a table cannot have tables of its own"):
        read_mapping(path)
    path.write_text('[tables.a]\ncolumns = { ticket_id = "x" }\n')
    with pytest.raises(InvalidMapping, match=r"tables\.a\.files: it is missing"):
        read_mapping(path)


@pytest.mark.parametrize(
    ("shared", "key"),
    [
        ('columns = { wrong = "x" }', "columns.wrong"),
        ('constants = { kind = "nonsense" }', "constants.kind"),
        ('[[event]]\nkind = "nonsense"', "event 1.kind"),
        ('[lookup.users]\nfiles = "u*"', "lookup.users.key"),
    ],
)
def test_a_mistake_in_what_tables_share_is_named_once_where_it_stands(
    tmp_path: Path, shared: str, key: str
) -> None:
    path = tmp_path / "m.toml"
    path.write_text(f'{shared}\n[tables.a]\nfiles = "a*"\n[tables.b]\nfiles = "b*"\n')
    with pytest.raises(InvalidMapping) as caught:
        read_mapping(path)
    assert str(caught.value).count(" at ") == 1
    assert f"at {key}: " in str(caught.value)
    path.write_text(f'{shared}\n[tables.a]\nfiles = "a*"\ncolumns = {{ who = "x" }}\n')
    with pytest.raises(InvalidMapping, match=r"at tables\.a\.columns\.who: "):
        read_mapping(path)


def test_the_example_of_a_helpdesk_ends_in_first_response_and_satisfaction(desk: Desk) -> None:
    report = load_all(desk, sorted(EXAMPLE.iterdir()), read_mapping(DESK_TABLES))
    assert [(Path(file.path).name, file.loaded, file.skipped) for file in report.files] == [
        ("comments.csv", 10, 1),
        ("satisfaction_ratings.csv", 3, 1),
        ("tickets.csv", 4, 0),
        ("users.csv", 0, 0),
    ]
    assert (report.rejected, [file.error for file in report.files]) == (0, [None] * 4)
    refresh(desk.connection)
    values = measure(desk.connection, ["first_response_minutes", "csat", "tickets_opened", "tickets_solved"])
    assert values["value"].to_list() == pytest.approx(
        [50, 2 / 3, 4, 3]
    )  # 30, 50 and 70 minutes; two of three
    by_team = measure(
        desk.connection, ["first_response_minutes"], by=["team"], scope=Scope(small_groups=True)
    )
    assert by_team.select("team", "value").rows() == [("Billing", 40.0), ("Shipping", 70.0), (None, None)]
