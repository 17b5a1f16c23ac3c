"""What readers send is gone from the disk, whatever ends the server; what cannot be kept is a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.your_data import uploads
from dashboard.views.your_data.uploads import Upload
from etl.errors import StorageFailed
from etl.mapping.mapping import Mapping
from etl.store import upload_folders
from etl.store.upload_folders import remove_stale_uploads
from metrics.settings.model import Settings
from tests.attacks.desk import ADA, FIRST, THIRD, content, desk, event_ids, is_same, run
from tests.dashboard.browsing import ROOT
from tests.dashboard.test_pages import open_page
from tests.warehouses import Templates

UPLOAD = Upload("third.csv", THIRD.encode() + f"e8,soon,x,opened,{ADA},,,\n".encode())
NOW = datetime(2026, 6, 1, tzinfo=UTC)
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from dashboard.views.your_data import uploads
from etl.mapping.mapping import Mapping
from metrics.settings.model import Settings
folder, moment = Path(sys.argv[1]), sys.argv[2]
upload = uploads.Upload("third.csv", sys.stdin.buffer.read())
def end(event, values):
    if event == "os.rename" and str(values[1]).endswith(moment):
        os.kill(os.getpid(), 9)
if moment == "looked at":
    with uploads.on_disk(upload, folder):
        os.kill(os.getpid(), 9)
sys.addaudithook(end)
uploads.keep(upload, Mapping(), folder, Settings(), now=datetime(2026, 6, 1, tzinfo=UTC))
"""


@pytest.mark.sweep(2)
@pytest.mark.parametrize("moment", ["looked at", "000004.json", ".duckdb"])
def test_a_server_killed_over_an_upload_loses_nothing_and_leaves_nothing(
    templates: Templates, tmp_path: Path, moment: str
) -> None:
    warehouse = desk(templates, tmp_path)
    before = content(warehouse)
    subprocess.run(
        [sys.executable, "-c", KILLED, warehouse, moment], cwd=ROOT, input=UPLOAD.content, check=False
    )
    assert [file.name for file in warehouse.rglob("third.csv")] == ["third.csv"]
    assert is_same(content(warehouse), before)
    assert run("refresh", warehouse=warehouse) == 0
    assert list((warehouse / "uploads").iterdir()) == []
    assert ("e7" in event_ids(warehouse)) == (moment == ".duckdb")  # its record is what makes a load count


def test_an_upload_that_another_process_looks_at_stays(tmp_path: Path) -> None:
    with uploads.on_disk(UPLOAD, tmp_path) as path:
        remove_stale_uploads(tmp_path)
        assert path.exists()
    assert not path.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="folders have other rights there")
def test_an_upload_into_a_folder_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="cannot be written"):
        uploads.keep(UPLOAD, Mapping(), tmp_path / "file" / "w", Settings(), now=NOW)


def test_a_folder_that_is_removed_before_it_is_locked_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, remaining = upload_folders._lock, list[int]()

    def remove_first(descriptor: int) -> None:
        if not remaining:
            remove_stale_uploads(tmp_path)
            remaining.append(len(list(tmp_path.glob("uploads/*"))))
        lock(descriptor)

    monkeypatch.setattr(upload_folders, "_lock", remove_first)
    with uploads.on_disk(UPLOAD, tmp_path) as path:
        assert path.exists()
    assert remaining == [0]


def test_a_folder_that_may_not_be_looked_into_stops_no_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = tmp_path / "uploads" / "stale"
    stale.mkdir(parents=True)

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(upload_folders, "_remove_if_free", refuse)
    remove_stale_uploads(tmp_path)
    assert stale.exists()


@pytest.fixture
def after_an_erasure(templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page *Your data* of a desk of which Ada was erased."""
    warehouse = desk(templates, tmp_path)
    assert run("forget", "--customer", ADA, warehouse=warehouse) == 0
    monkeypatch.setenv(uploads.ALLOWED, "1")
    return open_page(monkeypatch, warehouse, "your_data")


def test_before_a_load_nobody_is_shown_who_was_erased(after_an_erasure: AppTest) -> None:
    app = after_an_erasure
    first, *rest = FIRST.splitlines(keepends=True)
    more = [
        f"e8,2026-03-02T09:00Z,ada-ticket-2,opened,{ADA},,,\n",
        "e9,2026-03-02T09:01Z,ada-ticket-2,held,,,,\n",
    ]
    app.file_uploader[0].upload("mine.csv", "".join([first, *more, *rest]).encode(), "text/csv").run()
    assert not app.exception
    shown = " ".join(str(each.value) for each in app.markdown).replace("\\", "")
    assert "1 of 1 row would be loaded" in shown
    assert "5 rows more would not be taken: their customers or tickets were erased" in shown
    tables = "".join(table.value.to_csv() for table in app.dataframe)
    assert "ben-ticket-1" in tables
    assert ADA not in tables
    assert "ada-ticket" not in tables


def test_before_a_load_no_question_names_who_was_erased(after_an_erasure: AppTest) -> None:
    """An activity may be called after somebody; whose a new ticket is, any row of the file may say."""
    app = after_an_erasure
    activities = ["open", "note", f"close {ADA}", ADA, "see ada-ticket-2", "wait", "close"]
    rows = [f"ben-1,2026-03-02T09:0{n}Z,{name},\n" for n, name in enumerate(activities)]
    rows += [f"ada-ticket-2,2026-03-03T09:0{n}Z,note,{who}\n" for n, who in enumerate(["", "", ADA])]
    log = "case,time,activity,requester\n" + "".join(rows)
    app.file_uploader[0].upload("log.csv", log.encode(), "text/csv").run()
    labels = [each.label for each in app.multiselect]
    assert {"open", "note", "wait", "close"} <= {*labels}
    texts = [*labels, *(str(each.value) for each in (*app.markdown, *app.info, *app.warning))]
    app.segmented_control[0].select("Write it as text (TOML)").run()
    assert not app.exception
    (mapping,) = (each.value for each in app.text_area)
    assert "close = " in mapping
    texts += [mapping, *(table.value.to_csv() for table in app.dataframe)]
    shown = "".join(texts).replace("\\", "")
    assert "ben-1" in shown
    assert ADA not in shown
    assert "ada-ticket" not in shown
