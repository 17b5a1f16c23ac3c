"""What an erasure changes in the archive, written down first: one that was killed is carried through.

An erasure changes several records. With half of them changed nobody could tell any more which rows were of
the person, so all new records are planned first, in one file. It names nobody: the records say which files
hold what is left.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from etl.store.archive import Archive, Record, write_whole
from etl.store.database_files import discard_database


class ErasurePlan(BaseModel):
    """The records as they are to be, and the receipt: its file's name and its text."""

    records: list[Record]
    receipt_name: str
    receipt: str

    def write(self, directory: Path) -> None:
        """From here on the erasure happens, even if this process ends."""
        write_whole(_file(directory), self.model_dump_json().encode())

    def change_archive(self, directory: Path) -> None:
        """Make the planned records count, and remove what no record speaks of any more."""
        archive = Archive(directory / "archive")
        for record in self.records:
            archive.commit(record)
        archive.remove_unused()

    def write_receipt(self, directory: Path) -> Path:
        """Write the receipt; the erasure is over."""
        receipt = directory / "receipts" / self.receipt_name
        receipt.parent.mkdir(exist_ok=True)
        write_whole(receipt, self.receipt.encode())
        _file(directory).unlink()
        return receipt


def is_pending(directory: Path) -> bool:
    """Whether an erasure was begun in a warehouse's folder and is not over."""
    return _file(directory).exists()


def finish_erasure(directory: Path) -> Path:
    """Carry a planned erasure through, from wherever it was left; its receipt.

    The database and its snapshots are gone afterwards, which the archive makes anew, and a damaged database
    that was put aside.
    """
    plan = ErasurePlan.model_validate_json(_file(directory).read_bytes())
    plan.change_archive(directory)
    discard_database(directory)
    for file in directory.glob("damaged.duckdb*"):
        file.unlink(missing_ok=True)
    return plan.write_receipt(directory)


def _file(directory: Path) -> Path:
    return directory / "archive" / "erasure.json"
