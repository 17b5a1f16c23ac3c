"""Of a file the warehouse keeps its name and a hash of its path, and names nobody by either."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from etl.errors import InvalidRequest
from etl.mapping.mapping import Mapping
from etl.privacy.contact_details import ContactDetails
from etl.privacy.erasure import forget_customer, purge_older
from etl.privacy.person_export import export_person
from etl.store.archive import Archive, LoadRecord
from etl.store.catch_up import catch_up
from etl.store.earlier_records import hide_paths
from etl.store.file_names import name_to_keep, without_ids, words_in
from etl.store.load import load, unload
from etl.store.load_report import FileReport
from etl.store.ticket_groups import Retention
from etl.store.warehouse import latest_snapshot, open_snapshot, open_writer, publish
from metrics.query.load_history import loads
from tests.attacks.byte_search import files_with, files_with_any

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = "event_id,occurred_at,ticket_id,kind,customer_id\n"
AT = "2026-03-02T09:00Z"

NAMES = {
    "march.csv": "march.csv",
    "ann.smith@example.org.csv": "(contact).csv",
    "calls_0170-1234567_march.jsonl.gz": "calls_(contact)_march.jsonl.gz",
    "DE89370400440532013000.xlsx": "(contact).xlsx",
    "export_20260302_091500.csv": "export_20260302_091500.csv",
    "tickets-2026-03-02T09-15-00Z.csv": "tickets-2026-03-02T09-15-00Z.csv",
    "02.03.2026-31.03.2026.csv": "02.03.2026-31.03.2026.csv",
    "orders_48213377.csv": "orders_48213377.csv",
    "of_ann_at_example.org_march.csv": "of_(contact)_march.csv",
    "ann-at-example.org.csv": "(contact).csv",
    "tickets_created_at_source.id.csv": "tickets_created_at_source.id.csv",
}


def test_the_name_of_a_file_is_without_contact_details() -> None:
    assert {name: name_to_keep(name, ContactDetails()) for name in NAMES} == NAMES


def test_an_id_goes_from_a_name_where_it_stands_alone() -> None:
    ids = {"C-1001", "77", "Zoë", "C-1001 b"}
    names = {
        "tickets_C-1001.csv": "tickets_(erased).csv",
        "C-1001 b-C-1001.csv": "(erased)-(erased).csv",
        "C-10012.csv": "C-10012.csv",
        "AC-1001.csv": "AC-1001.csv",
        "77.csv": "(erased).csv",
        "770_177.csv": "770_177.csv",
        "Zoë.csv": "(erased).csv",
    }
    assert {name: without_ids(name, ids) for name in names} == names


def test_a_date_in_a_name_stays_whatever_its_parts_are_the_ids_of() -> None:
    ids = {*map(str, range(1, 4999)), "C-2026-10-12-7"}
    names = {
        "tickets_2026-10-12.csv": "tickets_2026-10-12.csv",
        "12_2026-10-12_09-15-00.csv": "(erased)_2026-10-12_09-15-00.csv",
        "C-2026-10-12-7.csv": "(erased).csv",
    }
    assert {name: without_ids(name, ids) for name in names} == names
    assert words_in("2026-10-12") & ids == set()


class Home:
    """A warehouse, and files in folders of people."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.warehouse = folder, folder / "warehouse"
        self.archive = Archive(self.warehouse / "archive")

    def file(self, path: str, *rows: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEADER + "".join(f"{row}\n" for row in rows))
        return file

    def load(self, file: Path, mapping: Mapping | None = None) -> FileReport:
        with open_writer(self.warehouse) as connection:
            (report,) = load([file], connection, self.archive, now=NOW, mapping=mapping).files
            publish(connection, self.warehouse)
        return report

    def update(self) -> None:
        with open_writer(self.warehouse) as connection:
            catch_up(connection, self.archive)
            publish(connection, self.warehouse)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_no_path_is_kept_and_files_of_one_name_are_told_apart(home: Home) -> None:
    for person in ("ann.smith", "ben.jones"):
        home.load(home.file(f"home/{person}/march.csv", f"{person[0]},{AT},t1,opened,", "x,soon,t2,opened,"))
    home.load(home.file("home/ann.smith/march.csv", f"a2,{AT},t1,solved,"))
    assert files_with_any(("ann.smith", "ben.jones", "/home/"), home.warehouse) == []
    history = loads(open_snapshot(latest_snapshot(home.warehouse))).sort("load_id")
    assert set(history["file"]) == {"march.csv"}
    ann, ben, again = history["path"]
    assert ann == again != ben
    assert len(ann) == len("p-12345678")


def test_the_same_file_again_adds_nothing_and_with_another_mapping_takes_its_place(home: Home) -> None:
    file = home.file("home/ann.smith/ann.smith@example.org.csv", f"e1,{AT},t1,opened,ada")
    home.load(file)
    assert (home.load(file).duplicates, [each.file for each in home.archive.loads()]) == (
        1,
        ["(contact).csv"] * 2,
    )
    report = home.load(file, Mapping.model_validate({"constants": {"channel": "phone"}}))
    assert report.replaces == [1, 2]
    assert home.load(file, Mapping(source="desk")).replaces == [3]
    assert home.load(file, Mapping(source="other")).replaces == [4]  # of the same path: its source was mended
    copy = home.file("elsewhere/ann.smith@example.org.csv", f"e1,{AT},t1,opened,ada")
    assert home.load(copy, Mapping(source="third")).replaces == []


def test_names_of_files_are_rid_of_who_is_forgotten_also_in_loads_that_are_gone(home: Home) -> None:
    row = f"e1,{AT},T-77,opened,C-1001"
    gone = home.load(home.file("in/C-1001.csv", row.replace("e1", "e0")))
    home.load(home.file("in/tickets_C-1001.csv", row))
    home.load(home.file("in/t-77 and T-78.csv", row.replace("T-77", "T-78").replace("C-1001", "C-1002")))
    with open_writer(home.warehouse) as connection:
        assert gone.load_id
        unload(gone.load_id, connection, home.archive)
    forget_customer("C-1001", home.warehouse, home.archive, now=NOW)
    home.update()
    assert files_with_any(("C-1001", "T-77", "t-77"), home.warehouse) == []
    assert [each.file for each in home.archive.loads()] == ["tickets_(erased).csv", "(erased) and T-78.csv"]


@pytest.mark.parametrize("sources", [("b", None), (None, "a"), ("a", "b")])
def test_one_erasure_reaches_a_load_that_one_of_another_source_replaced(
    home: Home, sources: tuple[str | None, str | None]
) -> None:
    file = home.file("in/C-1001_T-77.csv", f"e1,{AT},T-77,opened,C-1001", f"e2,{AT},T-78,opened,C-1002")
    before, after = (Mapping(source=each) for each in sources)
    home.load(file, before)
    assert home.load(file, after).replaces == [1]
    export = export_person("C-1001", home.warehouse, home.archive, home.folder / "person")
    assert export.rows["loads"] == 2
    forget_customer("C-1001", home.warehouse, home.archive, now=NOW)
    home.update()
    assert files_with_any(("C-1001", "T-77"), home.warehouse) == []
    purge_older(Retention(NOW), home.warehouse, home.archive, now=NOW)
    with pytest.raises(InvalidRequest, match="Nothing is kept"):
        forget_customer("C-1001", home.warehouse, home.archive, now=NOW)


def test_a_load_that_is_replaced_is_rid_of_who_is_erased_in_its_new_source(home: Home) -> None:
    home.load(home.file("in/first.csv", f"e1,{AT},T-77,opened,C-1001"), Mapping(source="a"))
    forget_customer("a:C-1001", home.warehouse, home.archive, now=NOW)
    file = home.file("in/C-1001.csv", f"e2,{AT},T-78,opened,C-1002,1")
    file.write_text(file.read_text().replace("customer_id\n", "customer_id,calls of C-1001\n"))
    home.load(file, Mapping(source="b"))
    assert home.load(file, Mapping(source="a")).replaces == [2]
    assert files_with("C-1001", home.warehouse / "archive") == []


def test_who_stands_in_a_name_alone_is_kept_and_goes(home: Home) -> None:
    row = f"e1,{AT},T-77,opened,C-1001"
    home.load(home.file("in/tickets_C-1001.csv", row), Mapping(source="desk"))
    home.load(home.file("in/C-1001.csv", row))
    purge_older(Retention(NOW), home.warehouse, home.archive, now=NOW)
    home.update()
    with pytest.raises(InvalidRequest, match="desk:C-1001"):
        forget_customer("C-1001", home.warehouse, home.archive, now=NOW)
    export = export_person("desk:C-1001", home.warehouse, home.archive, home.folder / "person")
    assert (export.rows["loads"], export.rows["events"]) == (1, 0)
    for customer in ("desk:C-1001", ":C-1001"):
        forget_customer(customer, home.warehouse, home.archive, now=NOW)
        home.update()
        with pytest.raises(InvalidRequest, match="Nothing is kept"):
            forget_customer(customer, home.warehouse, home.archive, now=NOW)
    assert files_with("C-1001", home.warehouse) == []


def test_a_column_that_is_called_after_somebody_is_rid_of_them(home: Home) -> None:
    file = home.file("in/wide.csv", f"e1,{AT},T-77,opened,C-1001,1", f"e2,{AT},T-78,opened,C-1002,1")
    file.write_text(file.read_text().replace("customer_id\n", "customer_id,calls of c-1001\n"))
    home.load(file)
    assert home.archive.loads()[0].ignored_columns == ["calls of c-1001"]
    forget_customer("C-1001", home.warehouse, home.archive, now=NOW)
    assert home.load(file).ignored_columns == ["calls of (erased)"]
    assert files_with_any(("C-1001", "c-1001"), home.warehouse) == []


def test_a_bare_id_counts_in_files_of_its_own_source_alone(home: Home) -> None:
    row = f"e1,{AT},T-77,opened,C-1001"
    home.load(home.file("in/C-1001 T-77.csv", row), Mapping(source="desk"))
    home.load(home.file("in/desk T-77.csv", row.replace("C-1001", "C-1003")), Mapping(source="other"))
    home.load(home.file("in/T-77.csv", row))
    forget_customer(":C-1001", home.warehouse, home.archive, now=NOW)
    home.update()
    assert [each.file for each in home.archive.loads()] == [
        "C-1001 T-77.csv",
        "desk T-77.csv",
        "(erased).csv",
    ]
    forget_customer("desk:C-1001", home.warehouse, home.archive, now=NOW)
    home.update()
    names = ["(erased) (erased).csv", "desk T-77.csv", "(erased).csv"]
    assert [each.file for each in home.archive.loads()] == names


def test_a_long_name_is_looked_through_in_a_moment() -> None:
    name = "a-" * 5_000 + "C-1001"
    start = monotonic()
    assert without_ids(name, words_in(name) & {"C-1001"}).endswith("-(erased)")
    assert monotonic() - start < 5


def test_a_path_that_an_earlier_version_kept_is_the_same_file_and_goes_at_a_rebuild(home: Home) -> None:
    file = home.file("home/ann.smith/march.csv", f"e1,{AT},t1,opened,")
    home.load(file, Mapping(source="desk"))
    (record,) = home.archive.loads()
    assert isinstance(record, LoadRecord)
    home.archive.commit(record.model_copy(update={"path": str(file), "file": "ann@example.org.csv"}))
    hide_paths(home.archive, ContactDetails())
    assert home.archive.loads() == [record.model_copy(update={"file": "(contact).csv"})]
    home.archive.commit(record.model_copy(update={"path": str(file)}))
    assert home.load(file, Mapping(source="other")).replaces == [1]
