"""What an erasure changes in the archive, written down first: one that was killed is carried through.

An erasure changes several records. With half of them changed nobody could tell any more which rows were of
the person, so all new records are planned first, in one file. It names nobody: the records say which files
hold what is left.

It is over when readers have a new snapshot, nobody has an older one open, and the receipt is written. Until
the new one stands, they go on with the older one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from etl.errors import WarehouseBusy, WarehouseDamaged
from etl.privacy.key_file import next_key, read_key
from etl.private_files import make_folder, sync_folder
from etl.store.archive import Archive, LoadRecord, Record
from etl.store.database_files import (
    ASIDE,
    BESIDE,
    DAMAGED,
    remove,
    remove_database,
    remove_snapshot,
    remove_spilled,
)
from etl.store.erased_list import ErasedList, add_erased, write_erased
from etl.store.reader_notes import remove_notes
from etl.store.readers import SECONDS_TO_RELEASE, wait_until_released
from etl.store.whole_files import write_whole


@dataclass(frozen=True)
class Receipt:
    """What says that an erasure is over: its file, which is written then, and its text."""

    file: Path
    text: str

    @property
    def content(self) -> dict[str, Any]:
        """What happened (`act`), to what (`reference`), when, and counts of what went."""
        return dict(json.loads(self.text))

    @property
    def act(self) -> str:
        """The command that it is of."""
        return str(self.content.get("act", "forget"))


class ErasurePlan(BaseModel):
    """The records as they are to be, and the receipt: its file's name and its text.

    `erased`: who is to stay so. `notes`: hashes of readers' notes to remove; None where none are looked at.
    `key_file`: the file that gets the keys beside it. `earlier`: receipts of erasures before it, which are
    not over either. `snapshots`: the names of those from before it; None in a plan of an earlier version,
    which did not keep them.
    """

    records: list[Record]
    receipt_name: str
    receipt: str
    erased: ErasedList | None = None
    notes: list[str] | None = None
    key_file: str | None = None
    earlier: list[tuple[str, str]] = []
    snapshots: list[str] | None = None

    @property
    def receipts(self) -> list[tuple[str, str]]:
        """The name and the text of each receipt that is to be written, the oldest first."""
        return [*self.earlier, (self.receipt_name, self.receipt)]

    def write(self, directory: Path) -> None:
        """From here on the erasure happens, even if this process ends."""
        snapshots = [snapshot.name for snapshot in _published(directory)]
        plan = self.model_copy(update={"snapshots": snapshots})
        if is_pending(directory):
            before = _read(directory)
            plan = plan.model_copy(update={"earlier": before.receipts})
        write_whole(_file(directory), plan.model_dump_json().encode())

    def change_archive(self, directory: Path) -> None:
        """Make the planned records count, and remove what no record speaks of any more."""
        if self.notes is not None:
            remove_notes(self.notes, directory)
        self.adopt_key()
        if self.erased:
            keep = write_erased if self.key_file else add_erased  # a new key renews the list as a whole
            keep(directory, self.erased)
        self.commit_records(directory)
        Archive(directory / "archive").remove_unused()

    def adopt_key(self) -> None:
        """Put new keys in the place of the old ones; once there, they are no longer beside them.

        Raises:
            KeyMismatch: they are in neither place. Nothing was changed.
        """
        if self.key_file is None:
            return
        if next_key(Path(self.key_file)).exists():
            next_key(Path(self.key_file)).replace(self.key_file)
            sync_folder(Path(self.key_file).parent)
        for record in self.records:
            if isinstance(record, LoadRecord):
                read_key(Path(self.key_file), archive_fingerprint=record.key_fingerprint)
                return

    def commit_records(self, directory: Path) -> None:
        """Make the planned records count, whatever is wrong with the others."""
        archive = Archive(directory / "archive")
        for record in self.records:
            archive.commit(record)

    def with_records_of(self, archive: Archive) -> ErasurePlan:
        """The plan with its records as they are in the archive now."""
        return self.model_copy(update={"records": [archive.record(each.load_id) for each in self.records]})

    def former_snapshots(self, directory: Path, newest: Path) -> list[Path]:
        """The snapshots from before the erasure that are still there."""
        return [
            snapshot
            for snapshot in _published(directory)
            if snapshot != newest and (self.snapshots is None or snapshot.name in self.snapshots)
        ]

    def write_receipts(self, directory: Path) -> None:
        """Write the receipts; the erasure is over."""
        for name, text in self.receipts:
            receipt = receipt_path(directory, name)
            make_folder(receipt.parent)
            write_whole(receipt, text.encode())
        _file(directory).unlink()


def require_plan(directory: Path) -> None:
    """The plan of an erasure that is not over can be read.

    Raises:
        WarehouseDamaged: it cannot.
    """
    _read(directory)


def receipt_path(directory: Path, name: str) -> Path:
    """Where the receipt of an erasure is written."""
    return directory / "receipts" / name


def pending_receipts(directory: Path) -> list[Receipt]:
    """The receipts of the erasures that were begun and are not over, the oldest first."""
    if not is_pending(directory):
        return []
    return [Receipt(receipt_path(directory, name), text) for name, text in _read(directory).receipts]


def written_receipts(directory: Path) -> list[Receipt]:
    """The receipts of the erasures that are over and can be read."""
    files = sorted((directory / "receipts").glob("*.json"))
    return [Receipt(file, text) for file in files if _is_json(text := file.read_text("utf-8", "replace"))]


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def is_pending(directory: Path) -> bool:
    """Whether an erasure was begun in a warehouse's folder and is not over."""
    return _file(directory).exists()


def erase_from_archive(directory: Path) -> None:
    """Carry a planned erasure through in the archive, from wherever it was left.

    The database is gone afterwards, which the archive makes anew, and whatever was put aside: nobody can tell
    who is in a damaged file. Snapshots stay until a new one stands. Whoever calls this has the lock.
    """
    plan = _read(directory)
    plan.change_archive(directory)
    # What the archive holds from here on may be changed by others before readers let go of the old snapshot.
    done = plan.model_copy(update={"records": [], "erased": None, "notes": None, "key_file": None})
    write_whole(_file(directory), done.model_dump_json().encode())
    remove_database(directory)
    remove_put_aside(directory)


@contextmanager
def salvage_within_erasure(directory: Path) -> Iterator[None]:
    """The archive as an erasure plans it, to salvage; the erasure is carried through afterwards.

    What is salvaged takes its place in the plan, or the next command would bring back the damage.
    """
    if not is_pending(directory):
        yield
        return
    _read(directory).commit_records(directory)
    yield
    plan = _read(directory).with_records_of(Archive(directory / "archive"))
    write_whole(_file(directory), plan.model_dump_json().encode())
    erase_from_archive(directory)


def remove_put_aside(directory: Path) -> None:
    """Remove databases and files of the archive that were put aside, and what was made beside."""
    for name in (ASIDE, BESIDE):
        remove_database(directory, name)
    remove(directory / DAMAGED)


def drop_snapshots(directory: Path, newest: Path) -> None:
    """Drop all snapshots but the newest one, and finish an erasure that it was made after.

    Raises:
        WarehouseBusy: somebody still reads one from before the erasure; whoever writes next tries again.
    """
    former = _read(directory).former_snapshots(directory, newest) if is_pending(directory) else []
    for snapshot in _published(directory):
        if snapshot != newest and snapshot not in former:
            remove_snapshot(snapshot)
    if is_pending(directory) and not _finish(directory, former, SECONDS_TO_RELEASE):
        raise WarehouseBusy("forget.still_read", folder=directory)


def finish_if_released(directory: Path) -> bool:
    """Finish an erasure whose new snapshot stands, where nobody reads an older one; whether it is over.

    Whoever calls this has the lock. It waits for nobody.
    """
    plan = _read(directory)
    newest = max(_published(directory), default=None)
    if newest is None or plan.snapshots is None or newest.name in plan.snapshots:
        return False
    return _finish(directory, plan.former_snapshots(directory, newest), 0)


def _finish(directory: Path, former: list[Path], seconds: float) -> bool:
    """Remove the snapshots that nobody has open, and write the receipts once all are gone."""
    for snapshot in former:
        if wait_until_released([snapshot], 0):
            remove_snapshot(snapshot)
    if not wait_until_released(former, seconds):
        return False
    for snapshot in former:
        remove_snapshot(snapshot)
    if any(snapshot.exists() for snapshot in former):  # somebody has just opened one
        return False
    remove_spilled(directory)
    _read(directory).write_receipts(directory)
    return True


def _published(directory: Path) -> list[Path]:
    return list((directory / "snapshots").glob("*.duckdb"))


def _read(directory: Path) -> ErasurePlan:
    try:
        return ErasurePlan.model_validate_json(_file(directory).read_bytes())
    except ValueError:
        # Nothing of what is wrong: pydantic repeats what stands there.
        raise WarehouseDamaged("forget.plan_damaged", path=_file(directory)) from None


def _file(directory: Path) -> Path:
    return directory / "archive" / "erasure.json"
