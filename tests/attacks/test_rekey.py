"""A new key: what is kept tells nobody anything by the old one, and who comes again is the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from etl.errors import KeyMismatch
from etl.privacy.key_file import key_path, next_key, read_key
from etl.privacy.pseudonyms import Pseudonyms
from etl.store.archive import Archive, LoadRecord
from tests.attacks.byte_search import everything_in, files_with, files_with_any
from tests.attacks.desk import ADA, BEN, FIRST, HEADER, content, desk, event_ids, is_same, run
from tests.attacks.test_erased import load
from tests.dashboard.browsing import ROOT
from tests.lengths import LONG
from tests.warehouses import Templates

NAMELESS = f"""{HEADER.removeprefix("event_id,").strip()},custom_note,value,run_id,workflow,version,step
2026-03-02T09:00Z,ben-ticket-5,opened,{BEN},phone,,,write to ben@example.org,,,,,
2026-03-02T09:05Z,ben-ticket-5,replied,,,eve,agent,,,,,,
2026-03-02T09:06Z,ben-ticket-5,answered,,,eve,agent,,ben@example.org,r1,w,1,Call 0800 123 4567
soon,ben-ticket-5,replied,{BEN},,eve,agent,,,,,,
"""


@pytest.fixture
def warehouse(templates: Templates, tmp_path: Path) -> Path:
    """The desk with events without ids, and without Ada."""
    folder = desk(templates, tmp_path)
    load(folder, NAMELESS, name="nameless.csv")
    assert run("forget", "--customer", ADA, warehouse=folder) == 0
    return folder


def pseudonyms(warehouse: Path) -> Pseudonyms:
    return Archive(warehouse / "archive").pseudonyms()


def traces(of: Pseudonyms, warehouse: Path) -> list[str]:
    """What the old key makes of those who are kept, in any file."""
    words = [of.of(BEN, "customer"), of.of("eve", "agent"), of.of("ben@example.org", "text")]
    words += [of.of_erased(ADA, "customer"), of.of_erased("ada-ticket-1", "ticket")]
    return files_with_any(words, warehouse)


def require_same(warehouse: Path, events: list[str], old: Pseudonyms) -> None:
    """Nobody is known by the old key; the same files again bring nothing, and the erased stay so."""
    new = pseudonyms(warehouse)
    assert new.fingerprint != old.fingerprint
    assert new.of(BEN, "customer") == new.renewed(old.of(BEN, "customer"))
    assert traces(old, warehouse) == []
    assert len(traces(new, warehouse)) > 5
    assert not any(each in everything for each in events for everything in event_ids(warehouse))
    again = load(warehouse, NAMELESS, name="nameless.csv")
    assert (again.read, again.duplicates, again.rejected) == (4, 3, 1)
    first = load(warehouse, FIRST)
    assert (first.duplicates, first.erased) == (1, 3)
    record = Archive(warehouse / "archive").record(1)
    assert isinstance(record, LoadRecord)
    assert record.key_fingerprint == new.fingerprint


def made_ids(warehouse: Path) -> list[str]:
    return [each for each in event_ids(warehouse) if len(each) == 32]


def test_a_new_key_leaves_nothing_of_the_old_one_and_knows_who_comes_again(warehouse: Path) -> None:
    keys, first_key = 2 if LONG else 1, key_path(warehouse).read_text()
    first = pseudonyms(warehouse).fingerprint
    for _ in range(keys):
        old, events, before = pseudonyms(warehouse), made_ids(warehouse), content(warehouse)
        assert len(events) == 3
        assert len(traces(old, warehouse)) > 5
        assert run("rekey", warehouse=warehouse) == 0
        assert content(warehouse)["tickets"].drop("custom").equals(before["tickets"].drop("custom"))
        assert list((warehouse / "receipts").glob("rekey-*.json"))
        assert not next_key(key_path(warehouse)).exists()
        assert key_path(warehouse).stat().st_mode & 0o077 == 0
        require_same(warehouse, events, old)
    text = key_path(warehouse).read_text()
    assert (len(text.splitlines()), text.startswith(first_key)) == (1 + keys, True)
    with pytest.raises(KeyMismatch, match="sed 1q "):  # as a backup of before would say
        read_key(key_path(warehouse), archive_fingerprint=first)
    assert run("forget", "--customer", BEN, warehouse=warehouse) == 0
    assert event_ids(warehouse) == []
    assert files_with(pseudonyms(warehouse).of(BEN, "customer"), warehouse) == []


KILLED = """
import os, sys
from pathlib import Path
import stepsight
warehouse, moment = sys.argv[1:]
def end(event, values):
    if event == "os.rename" and Path(values[1]).name == moment:
        os._exit(9)
sys.addaudithook(end)
stepsight.main(["rekey", "--warehouse", warehouse])
"""


@pytest.mark.sweep(20)
@pytest.mark.parametrize("moment", ["erasure.json", "warehouse.key", "erased.json", "000001.json"])
def test_killed_anywhere_the_old_key_stands_or_the_next_command_completes(
    warehouse: Path, moment: str
) -> None:
    old, events, before = pseudonyms(warehouse), made_ids(warehouse), content(warehouse)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, warehouse, moment], cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == 9
    assert run("refresh", warehouse=warehouse) == 0
    if moment == "erasure.json":
        assert not next_key(key_path(warehouse)).exists()
        assert pseudonyms(warehouse).fingerprint == old.fingerprint
        assert is_same(content(warehouse), before)
        assert run("rekey", warehouse=warehouse) == 0
    require_same(warehouse, events, old)


def test_where_no_key_can_be_written_nothing_is_changed(
    warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything_in(warehouse)
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    key = Path(shutil.move(key_path(warehouse), secrets / "key"))
    next_key(key).mkdir()  # what a read-only mount would refuse, this refuses for anybody
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "STEPSIGHT_KEY", str(key))
        assert run("rekey", warehouse=warehouse) == 1
    assert "No new key can be written" in capsys.readouterr().err
    assert everything_in(warehouse).keys() == before.keys()
