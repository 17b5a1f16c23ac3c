"""Whoever is forgotten is gone from a dashboard that is being served: its files, its answers, its pages."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard.queries import warehouse
from dashboard.queries.snapshots import SNAPSHOTS
from etl.store.warehouse import latest_snapshot
from tests.attacks.desk import ADA, BEN, desk, event_ids, run
from tests.attacks.served import TICKET, open_snapshots, page, serving
from tests.dashboard.browsing import stream
from tests.warehouses import Templates

SECONDS_TO_RELEASE = 10


@pytest.mark.sweep(2)
@pytest.mark.parametrize("command", [["forget", "--customer", ADA], ["purge", "--months", "7"]])
def test_nothing_of_who_is_forgotten_is_served_once_there_is_a_receipt(
    templates: Templates, tmp_path: Path, command: list[str]
) -> None:
    folder = desk(templates, tmp_path)
    before = latest_snapshot(folder)
    with serving(folder) as (server, address), stream(address, origin=address) as session:
        assert TICKET in page(session, "tickets")
        assert before is not None
        assert open_snapshots(server) == {before.name}
        began = time.monotonic()
        assert run(*command, warehouse=folder) == 0
        assert time.monotonic() - began < SECONDS_TO_RELEASE + 5
        after = latest_snapshot(folder)
        assert after is not None
        assert list((folder / "receipts").iterdir())
        assert open_snapshots(server) <= {after.name}
        assert [file.name for file in (folder / "snapshots").iterdir()] == [after.name]
        for query in ("", "ticket=ada-ticket-1"):
            assert TICKET not in page(session, "tickets", query)
        with stream(address, origin=address) as newcomer:
            assert TICKET not in page(newcomer, "tickets")


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
        reader.communicate(b"")
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
