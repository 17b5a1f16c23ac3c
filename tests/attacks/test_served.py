"""Whoever is forgotten is gone from a dashboard that is being served: its files, its answers, its pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from dashboard.queries import warehouse
from dashboard.queries.snapshots import SNAPSHOTS, watch
from etl.store.warehouse import latest_snapshot
from tests.attacks.desk import ADA, BEN, copy, desk, event_ids, months_since_march, run
from tests.attacks.served import (
    OTHER,
    TICKET,
    click,
    downloads,
    get,
    messages,
    open_snapshots,
    page,
    serving,
)
from tests.dashboard.browsing import stream
from tests.warehouses import Templates

SECONDS_TO_RELEASE, FOR_A_BUSY_MACHINE = 10, 5


@dataclass(frozen=True)
class Served:
    """A server on a folder; `template`: the warehouse that is put there."""

    folder: Path
    template: Path
    server: subprocess.Popen[str]
    address: str
    log: Path

    def put_back(self) -> None:
        """The warehouse as it was at first, in place of what is there."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)


@pytest.fixture(scope="module")
def served(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    template = desk(templates, tmp_path_factory.mktemp("template"))
    folder = copy(template, tmp_path_factory.mktemp("served") / "warehouse")
    log = folder.with_name("log")
    with serving(folder, log=log) as (server, address):
        yield Served(folder, template, server, address, log)


@pytest.mark.sweep(9)
@pytest.mark.parametrize(
    "command", [["forget", "--customer", ADA], ["purge", "--months", str(months_since_march())]]
)
def test_nothing_of_who_is_forgotten_is_served_once_there_is_a_receipt(
    served: Served, command: list[str]
) -> None:
    folder, address = served.folder, served.address
    served.put_back()
    before = latest_snapshot(folder)
    with (
        stream(address, origin=address) as session,
        stream(address, origin=address) as reader,
        stream(address, origin=address) as other,
    ):
        buttons, others = (downloads(messages(each, "tickets")) for each in (reader, other))
        for _ in range(
            10
        ):  # what was put back is new to the server, and what is made while it turns to that goes
            files = [click(reader, buttons[label]) for label in ("CSV", "Excel", "Report")]
            if (states := [get(address, file)[0] for file in files]) == [200] * 3:
                break
            time.sleep(1)
        assert states == [200] * 3
        assert TICKET in get(address, files[0])[1]
        assert TICKET in page(session, "tickets")
        assert before is not None
        assert before.name in open_snapshots(served.server)
        assert run(*command, warehouse=folder) == 0
        after = latest_snapshot(folder)
        assert after is not None
        (receipt,) = (folder / "receipts").iterdir()
        seconds = receipt.stat().st_mtime - after.stat().st_mtime
        assert seconds < SECONDS_TO_RELEASE + FOR_A_BUSY_MACHINE
        assert [get(address, file)[0] for file in files] == [404] * 3
        assert open_snapshots(served.server) <= {after.name}
        assert [file.name for file in (folder / "snapshots").iterdir()] == [after.name]
        for query in ("", "ticket=ada-ticket-1"):
            assert TICKET not in page(session, "tickets", query)
        with stream(address, origin=address) as newcomer:
            assert TICKET not in page(newcomer, "tickets")
        for tab, button in ((reader, buttons["CSV"]), (other, others["Report"])):  # open since before
            status, content = get(address, click(tab, button))
            assert (status, TICKET in content) == (200, False)
            assert OTHER in content or command[0] == "purge"
        assert "Traceback" not in served.log.read_text()


def test_a_warehouse_that_is_removed_and_put_back_under_a_server_is_shown_again(served: Served) -> None:
    served.put_back()
    with stream(served.address, origin=served.address) as session:
        assert OTHER in page(session, "tickets")
        shutil.rmtree(served.folder)
        assert OTHER not in page(session, "tickets")
        served.put_back()
        assert OTHER in page(session, "tickets")
        assert run("unload", 1, warehouse=served.folder) == 0
        assert OTHER not in page(session, "tickets")
    assert event_ids(served.folder) == ["e2", "e5", "e6"]


HOLD = """
import sys
import duckdb
held = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.read()
"""


def test_there_is_no_receipt_while_anybody_has_the_old_numbers_open(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = desk(templates, tmp_path)
    old = latest_snapshot(folder)
    monkeypatch.setattr("etl.store.erasure_plan.SECONDS_TO_RELEASE", 0.3)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(old)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        assert run("forget", "--customer", ADA, warehouse=folder) == 1
        assert "no receipt yet" in capsys.readouterr().err
        assert not (folder / "receipts").exists()
        assert event_ids(folder) == ["e3", "e5", "e6"]
        assert (
            run("refresh", warehouse=folder) == 1
        )  # it waits for the one from before alone, and drops the rest
        served = latest_snapshot(folder)
        assert sorted((folder / "snapshots").iterdir()) == [old, served]
        assert run("metrics", "tickets_opened", warehouse=folder) == 0
        assert "An erasure in" in capsys.readouterr().err
        assert latest_snapshot(folder) == served  # who only reads makes nothing anew
        assert run("doctor", "--port", "0", warehouse=folder) == 1
        assert "An erasure in" in capsys.readouterr().out
        reader.communicate(b"")
    assert run("metrics", "tickets_opened", warehouse=folder) == 0
    assert len(list((folder / "receipts").iterdir())) == 1
    assert latest_snapshot(folder) == served
    assert run("forget", "--customer", BEN, warehouse=folder) == 0
    assert len(list((folder / "receipts").iterdir())) == 2
    assert list((folder / "snapshots").iterdir()) == [latest_snapshot(folder)]


def test_answers_of_an_older_snapshot_go_with_it(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = desk(templates, tmp_path)
    monkeypatch.setenv("STEPSIGHT_WAREHOUSE", str(folder))
    key = warehouse.snapshot()
    newest = warehouse.newest_event(key)
    assert run("refresh", warehouse=folder) == 0
    assert warehouse.newest_event(key) == newest  # until somebody looks
    assert SNAPSHOTS.release_older(folder)
    assert not warehouse.is_open(key)
    with pytest.raises(LookupError):
        warehouse.newest_event(key)
    assert warehouse.newest_event(warehouse.snapshot()) == newest


def test_a_server_goes_on_to_look_for_new_snapshots_whatever_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    end, looks = threading.Event(), list[Path]()

    def fail(folder: Path) -> bool:
        looks.append(folder)
        if len(looks) == 2:
            end.set()
        raise duckdb.InternalException("the database was invalidated")

    monkeypatch.setattr("dashboard.queries.snapshots.LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(SNAPSHOTS, "release_older", fail)
    watch(Path("warehouse"), end)
    assert len(looks) == 2


LONG_QUERY = "SELECT sum(a.range * b.range) FROM range(1000000) AS a, range(1000000) AS b"


def test_a_page_that_works_on_with_older_numbers_is_stopped_after_a_while(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, errors = desk(templates, tmp_path), list[Exception]()
    monkeypatch.setenv("STEPSIGHT_WAREHOUSE", str(folder))
    monkeypatch.setattr("dashboard.queries.snapshots.PATIENCE_SECONDS", 0.2)
    cursor = warehouse.cursor(warehouse.snapshot())

    def work() -> None:
        try:
            cursor.execute(LONG_QUERY).fetchall()
        except duckdb.Error as error:
            errors.append(error)

    page_at_work = threading.Thread(target=work, name="ScriptRunner.scriptThread", daemon=True)
    page_at_work.start()
    assert run("refresh", warehouse=folder) == 0
    assert not SNAPSHOTS.release_older(folder)
    deadline = time.monotonic() + 10
    while not SNAPSHOTS.release_older(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    page_at_work.join(5)
    assert len(errors) == 1
    assert SNAPSHOTS.release_older(folder)
