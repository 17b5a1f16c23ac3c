"""Your data: only where allowed; looked at before it is kept; refused with a sentence; loaded for all."""

from __future__ import annotations

import gzip
import json
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from dashboard.state import LANGUAGE, UPLOAD_JOB
from dashboard.views.your_data import mapping_guide, upload_job, uploads
from dashboard.views.your_data.mapping_guide import Choices, guessed, mapped
from dashboard.views.your_data.text_rules import text_rules
from dashboard.views.your_data.upload_job import Job
from dashboard.views.your_data.uploads import Upload
from etl.contract.kinds import Kind
from etl.contract.workflows import read_definitions
from etl.errors import InvalidMapping, InvalidRequest, StepsightError, UnreadableFile
from etl.mapping.mapping import Mapping
from etl.mapping.mapping_file import with_source
from etl.messages import Message
from etl.store.archive import Archive
from etl.store.load import add_definitions
from etl.store.load_report import LoadReport
from etl.store.warehouse import latest_snapshot, open_writer
from metrics.settings.model import Settings
from tests.dashboard.test_pages import open_page
from tests.lengths import examples

NOW = datetime(2026, 5, 1, tzinfo=UTC)
CSV = b"""event_id,ticket_id,occurred_at,kind,actor,reason
1,t1,2026-03-02T09:00:00Z,opened,customer,delivery
2,t1,2026-03-02T09:10:00Z,replied,agent,delivery
3,t1,never,solved,agent,delivery
4,t2,2026-03-03T09:00:00Z,opened,customer,=1+1
"""
THEIRS = b"""Case ID;Activity;When;Resource
c1;Registered;03/02/2026 09:00;Ann
c1;Closed;04/02/2026 10:00;Bob
c2;Registered;05/02/2026 09:00;Ann
"""


@pytest.fixture(scope="module", autouse=True)
def _own_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is uploaded lies in the warehouse while it is looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPSIGHT_WAREHOUSE", str(tmp_path_factory.mktemp("uploads")))
        yield


def test_nobody_may_upload_unless_the_operator_says_so(monkeypatch) -> None:
    monkeypatch.delenv(uploads.ALLOWED, raising=False)
    assert not uploads.allowed()
    for said, meant in {"1": True, "true": True, "0": False, "no": False, "": False, "maybe": False}.items():
        monkeypatch.setenv(uploads.ALLOWED, said)
        assert uploads.allowed() is meant


@pytest.mark.parametrize(("said", "meant"), [("", 200), ("7", 7), ("0", 1), ("many", 200), ("-3", 200)])
def test_the_size_has_an_end(monkeypatch, said, meant) -> None:
    monkeypatch.setenv(uploads.MEGABYTES, said)
    assert uploads.most_megabytes() == meant


def test_what_is_too_large_or_empty_is_refused(monkeypatch) -> None:
    monkeypatch.setenv(uploads.MEGABYTES, "1")
    with pytest.raises(InvalidRequest, match="command line"):
        uploads.checked("big.csv", b"x" * 1_000_001)
    with pytest.raises(InvalidRequest, match="empty"):
        uploads.checked("nothing.csv", b"")


@given(some.text(max_size=300))
@examples(100)
def test_any_name_becomes_one_that_stays_in_its_folder(name: str) -> None:
    safe = uploads.safe_name(name)
    assert Path(safe).name == safe
    assert safe not in {"", ".", ".."}
    assert not safe.startswith(".")
    assert len(safe) <= 100
    assert "\0" not in safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "passwd"), ("C:\\data\\a b.csv.gz", "a b.csv.gz"), (".hidden.csv", "hidden.csv")],
)
def test_a_path_is_no_name(name, safe) -> None:
    assert uploads.safe_name(name) == safe


def test_the_file_is_nobodys_to_read_and_gone_afterwards() -> None:
    with uploads.on_disk(Upload("a.csv", CSV)) as path:
        assert path.read_bytes() == CSV
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.parent.exists()
    with pytest.raises(UnreadableFile) as caught, uploads.on_disk(Upload("a.csv", CSV)) as path:
        raise UnreadableFile("upload.many_files", file=path, n=2, within=[Message("x", {"names": [path]})])
    assert caught.value.message.values == {
        "file": "a.csv",
        "n": 2,
        "within": [Message("x", {"names": ["a.csv"]})],
    }
    assert not path.parent.exists()


def test_every_row_is_tried_and_nothing_kept(tmp_path) -> None:
    tried = uploads.attempt(Upload("a.csv", CSV), uploads.look(Upload("a.csv", CSV)).mapping)
    assert (tried.read, tried.accepted) == (4, 3)
    (row,) = tried.rejected.to_dicts()
    assert row["rows"] == 1
    assert row["position"] == 3  # of the rows, from 1
    assert 'occurred_at":"aaaaa' in row["content"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_tried_by_the_rules_of_texts_that_a_load_has(tmp_path) -> None:
    night = "Night 0170 1234567"
    settings = Settings.model_validate({"privacy": {"regions": ["DK"]}})
    definition = {"workflow": "w", "version": "1", "title": "W"}
    step = {"id": night, "title": night, "type": "question", "next": []}
    rows = [f"e1,2026-03-02T09:00Z,t1,opened,{night}", f"e2,soon,t1,opened,{night}"]
    upload = Upload(
        "22 33 44 55.csv", "\n".join(["event_id,occurred_at,ticket_id,kind,team", *rows]).encode()
    )
    before = uploads.attempt(upload, Mapping(), rules=text_rules(tmp_path, settings))
    assert before.reading.name == "(contact).csv"
    assert night not in before.rejected["content"].item()
    (tmp_path / "d.json").write_text(json.dumps([definition | {"steps": [step]}]))
    with open_writer(tmp_path) as connection:
        add_definitions(read_definitions(tmp_path / "d.json"), connection, Archive(tmp_path / "archive"))
    after = uploads.attempt(upload, Mapping(), rules=text_rules(tmp_path, settings))
    assert night in after.rejected["content"].item()


def test_a_packed_file_is_unpacked() -> None:
    assert uploads.look(Upload("a.csv.gz", gzip.compress(CSV))).looked_at == 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"no workbook"), ("a.parquet", b"PAR1"), ("a.zip", b"PK\x03\x04"),
        ("a.csv.gz", b"\x1f\x8b"),
        ("a.xes", b"<!DOCTYPE x><log/>"), ("a.json", b"{"), ("a.exe", b"MZ"), ("a", b"x"), ("a.zst", b"x"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_events_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    said = told(name, content)
    assert said
    assert "stepsight-" not in said


def told(name: str, content: bytes) -> str:
    """Why the file gives no events; nothing where it gives some."""
    try:
        found = uploads.look(Upload(name, content))
    except StepsightError as error:
        return str(error)
    return str(found.problem or "") or ("" if found.tickets else "no events")


@given(some.binary(max_size=400), some.sampled_from(["a.csv", "a.json", "a.jsonl", "a.xes", "a.parquet"]))
@examples(25)
def test_any_bytes_end_in_a_look_or_a_sentence(content: bytes, name: str) -> None:
    with suppress(StepsightError):
        found = uploads.look(Upload(name, content))
        if not found.problem:
            tried = uploads.attempt(Upload(name, content), found.mapping)
            assert 0 <= tried.accepted <= tried.read


def test_questions_start_from_the_guess_and_change_it() -> None:
    found = uploads.look(Upload("log.csv", THEIRS))
    first = guessed(found)
    assert (first.columns["ticket_id"], first.activity) == ("Case ID", "Activity")
    theirs = [column.name for column in found.columns]
    same = mapped(found.mapping, first, theirs)
    assert same.columns["ticket_id"] == "Case ID"
    assert same.activities == found.mapping.activities
    meant = {"Registered": [Kind.OPENED], "Closed": [Kind.SOLVED, Kind.CLOSED], "*": []}
    new = Choices(
        {**first.columns, "team": "Resource", "agent_id": None},
        "Activity",
        meant,
        "Europe/Paris",
        "%d/%m/%Y %H:%M",
    )
    mapping = mapped(found.mapping, new, theirs)
    assert (mapping.columns["team"], "agent_id" in mapping.columns) == ("Resource", False)
    assert mapping.activities == {"Registered": [Kind.OPENED], "Closed": [Kind.SOLVED, Kind.CLOSED]}
    tried = uploads.attempt(Upload("log.csv", THEIRS), mapping)
    assert (tried.read, tried.accepted) == (3, 3)
    assert uploads.activities(Upload("log.csv", THEIRS), mapping, "Activity") == ["Registered", "Closed"]


TICKETS = b"""number,opened,closed,caller,topic,other
t1,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,c1,delivery,x1
t2,2026-03-03T09:00:00Z,,c2,refund,x2
"""


def test_answers_hold_for_every_event_of_a_table_with_a_row_per_ticket() -> None:
    upload = Upload("tickets.csv", TICKETS)
    found = uploads.look(upload)
    assert len(found.mapping.event) > 1
    first = guessed(found)
    new = Choices({**first.columns, "ticket_id": "other", "customer_id": None}, zone=first.zone)
    mapping = mapped(found.mapping, new, [column.name for column in found.columns])
    assert {event.columns["ticket_id"] for event in mapping.event if event.columns} == {"other"}
    assert not any("customer_id" in (event.columns or {}) for event in mapping.event)
    assert uploads.attempt(upload, mapping).accepted == 2


def test_columns_that_are_not_in_the_file_reach_no_mapping() -> None:
    mapping = mapped(Mapping(), Choices({"ticket_id": "made up", "reason": "topic"}), ["topic"])
    assert mapping.columns == {"reason": "topic"}
    assert set(mapping_guide.COLUMNS_TO_MAP) == set(
        Choices(dict.fromkeys(mapping_guide.COLUMNS_TO_MAP)).columns
    )


def test_an_answer_that_contradicts_the_contract_is_a_sentence() -> None:
    with pytest.raises(InvalidMapping, match="IANA time zone"):
        mapped(Mapping(), Choices({}, zone="Mars/Olympus"), [])
    with pytest.raises(InvalidMapping, match=r"mapping\.toml"):
        uploads.written_mapping("[columns]\nno_such = 'x'")


def finished(job: Job) -> Job:
    job.future.exception(timeout=60)
    return job


def load(folder: Path, content: bytes = CSV, mapping: Mapping | None = None) -> Job:
    return finished(upload_job.start(Upload("a.csv", content), mapping or Mapping(), 4, folder, Settings()))


def test_a_load_is_told_row_by_row_and_readers_get_a_new_snapshot(tmp_path) -> None:
    job = load(tmp_path / "wh")
    assert job.error is None
    assert isinstance(job.report, LoadReport)
    assert (job.report.read, job.report.loaded, job.report.rejected) == (4, 3, 1)
    first = latest_snapshot(tmp_path / "wh")
    assert first is not None
    again = load(tmp_path / "wh")
    assert again.report is not None
    assert (again.report.loaded, again.report.duplicates) == (0, 3)
    assert latest_snapshot(tmp_path / "wh") != first


def test_a_warehouse_that_is_written_by_another_is_said(tmp_path) -> None:
    with FileLock(tmp_path / "writer.lock"):
        job = load(tmp_path)
    assert job.report is None
    assert "is being written by another process" in str(job.error)
    assert latest_snapshot(tmp_path) is None


def test_a_file_that_fails_as_a_whole_leaves_nothing(tmp_path) -> None:
    job = load(tmp_path / "wh", b"one\ntwo\n")
    assert "has no column" in str(job.error)
    assert latest_snapshot(tmp_path / "wh") is None


def test_what_nobody_expected_is_a_sentence_too() -> None:
    job = Job("a.csv", 3)
    job.future.set_exception(ZeroDivisionError("secret"))
    assert job.error == Message("upload.failed")
    assert job.report is None


def test_how_far_it_is_never_leaves_0_to_1() -> None:
    job = Job("a.csv", 10)
    assert job.share == 0
    job.note("checking", 25)
    assert job.share == 1
    assert Job("a.csv", 0).share == 0


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    monkeypatch.setenv(uploads.ALLOWED, "1")
    return open_page(monkeypatch, tmp_path / "wh", "your_data")


def texts(app: AppTest) -> str:
    shown: list[Any] = [*app.markdown, *app.info, *app.error, *app.success, *app.warning, *app.header]
    return " ".join(str(each.value) for each in shown).replace("\\", "")


@pytest.mark.parametrize("may", ["0", "1"])
def test_files_are_taken_only_where_that_is_allowed(monkeypatch, warehouses, may) -> None:
    monkeypatch.setenv(uploads.ALLOWED, may)
    app = open_page(monkeypatch, warehouses["full"], "your_data")
    assert not app.exception
    assert not app.error
    assert len(app.file_uploader) == int(may)
    assert may == "1" or "stepsight serve --allow-uploads" in texts(app)


def test_a_file_is_looked_at_loaded_and_shown(page) -> None:
    page.file_uploader[0].upload("mine.csv", CSV, "text/csv").run()
    assert not page.exception
    said = texts(page)
    assert "3 of 4 rows would be loaded" in said
    assert "1 row (25%) would be rejected" in said
    assert any("rule" in table.value.columns for table in page.dataframe)
    next(button for button in page.button if button.label == "Load 3 rows").click()
    page.run()
    finished(page.session_state[UPLOAD_JOB])
    page.run()
    assert not page.exception
    assert "csv has been loaded" in str(page.success[0].proto)
    page.switch_page("views/overview/view.py").run()
    assert not page.exception
    assert any(tile.value == "2" for tile in page.metric)


def test_a_foreign_log_is_asked_about(page) -> None:
    page.file_uploader[0].upload("log.csv", THEIRS, "text/csv").run()
    assert not page.exception
    key = next(box.key for box in page.selectbox if box.key.endswith(" ticket_id")).rsplit(" ", 1)[0]
    assert page.selectbox(key=f"{key} ticket_id").value == "Case ID"
    page.selectbox(key=f"{key} occurred_at").set_value("Resource").run()
    assert not page.exception
    assert "None of the 3 rows could be loaded" in texts(page)
    assert not [button for button in page.button if button.label.startswith("Load")]


def test_a_mapping_written_wrongly_is_a_sentence(page) -> None:
    page.file_uploader[0].upload("mine.csv", CSV, "text/csv").run()
    way = next(each for each in page.get("segmented_control"))
    way.set_value("Write it as text (TOML)").run()
    page.text_area[0].set_value("columns = 3").run()
    assert not page.exception
    assert "mapping.toml" in texts(page)


def test_what_of_a_mapping_does_not_fit_is_said_before_and_after_the_load(page) -> None:
    page.file_uploader[0].upload("mine.csv", CSV, "text/csv").run()
    next(each for each in page.get("segmented_control")).set_value("Write it as text (TOML)").run()
    page.text_area[0].set_value('[values.reason]\n"Delivery" = "parcel"\n').run()
    sentences = (
        "no row has values.reason.Delivery",
        "'delivery' in the rows only looks like values.reason.Deliv",
    )
    assert [each for each in sentences if each not in texts(page)] == []
    next(button for button in page.button if button.label == "Load 3 rows").click()
    page.run()
    finished(page.session_state[UPLOAD_JOB])
    page.run()
    assert not page.exception
    remarks = " ".join(str(each.proto) for each in page.info).replace("\\", "")
    assert [each for each in sentences if each.split("'")[-1] not in remarks] == []


def test_a_load_of_another_source_that_would_go_is_named_before_and_after(page, tmp_path) -> None:
    folder = tmp_path / "wh"
    mapping = with_source(uploads.look(Upload("a.csv", CSV)).mapping, "south")
    assert load(folder, mapping=mapping).error is None
    page.run()
    page.file_uploader[0].upload("a.csv", CSV, "text/csv").run()
    assert not page.exception
    box = next(each for each in page.selectbox if each.key.endswith(" source"))
    assert (box.options, box.value) == (["(none)", "south"], "south")  # as it was loaded
    assert not page.warning
    box.set_value("").run()
    assert not page.exception
    warning = str(page.warning[0].proto).replace("\\", "")
    assert "This replaces load 1" in warning
    assert "a.csv, loaded on" in warning
    assert "Its source is south; now it is (none). The rest of the mapping is the same." in warning
    assert "Its 3 events are taken out." in warning
    next(button for button in page.button if button.label == "Load 3 rows").click()
    page.run()
    finished(page.session_state[UPLOAD_JOB])
    page.run()
    assert not page.exception
    assert "a.csv: replaces load 1" in " ".join(str(each.proto) for each in page.info).replace("\\", "")
    assert any("`stepsight unload 2`" in caption.value for caption in page.caption)
    assert not page.warning  # the same again replaces nothing


def test_the_same_file_under_another_mapping_says_that_the_mapping_was_another(page, tmp_path) -> None:
    assert load(tmp_path / "wh", mapping=Mapping(constants={"team": "north"})).error is None
    page.run()
    page.file_uploader[0].upload("mine.csv", CSV, "text/csv").run()
    assert not page.exception
    assert "Its mapping was another one" in str(page.warning[0].proto)
    assert not [box for box in page.selectbox if box.key.endswith(" source")]  # the warehouse has none


def test_what_cannot_be_read_is_a_sentence(page) -> None:
    page.file_uploader[0].upload("mine.xlsx", b"no workbook", "application/octet-stream").run()
    assert not page.exception
    assert page.error


def test_the_uploaders_own_texts_are_in_the_readers_language(page) -> None:
    def styles() -> str:
        return " ".join(str(each.proto) for each in page.get("html"))

    assert "stFileUploaderDropzone" not in styles()
    next(box for box in page.selectbox if box.key == LANGUAGE).set_value("fr").run()
    assert not page.exception
    assert "Choisir un fichier" in styles()
