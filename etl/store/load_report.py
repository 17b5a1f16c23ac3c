"""What a load says of itself, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, Field

from etl.messages import Message
from etl.store.archive import LoadRecord


class FileReport(BaseModel):
    """What became of the rows of one file: read = loaded + duplicates + rejected + skipped.

    `load_id`: None where nothing was loaded, as of a lookup or a rejected file. `repeated`: those duplicates
    that say nothing but what rows further up in the file do. `conflicts`: events of which they say something
    else than another row. `reasons`: rows rejected, by the rule they broke. `skipped`: rows that tell no
    event by the mapping. `erased` and `too_old`: rows more that the file has, of who was erased and of
    tickets that `keep_months` does not keep. `rows_of_erased`: those read of who was erased, which was
    allowed. `error`: why the file as a whole was rejected; None where it was
    not. `remarks`: what of the mapping does not fit the file. `without_effect`: keys of the mapping that no
    row has, or that no event takes. `replaces`: the loads whose place it took.
    """

    path: str
    load_id: int | None = None
    read: int = 0
    loaded: int = 0
    duplicates: int = 0
    rejected: int = 0
    skipped: int = 0
    erased: int = 0
    too_old: int = 0
    rows_of_erased: int = 0
    repeated: int = 0
    conflicts: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)
    ignored_columns: list[str] = Field(default_factory=list)
    replaces: list[int] = Field(default_factory=list)
    without_effect: list[str] = Field(default_factory=list)
    error: Message | None = None
    remarks: list[Message] = Field(default_factory=list)

    @classmethod
    def of(cls, record: LoadRecord, path: Path, remarks: Sequence[Message] = ()) -> Self:
        """What the record of a load says; `path`: as the file was named."""
        return cls.model_validate(record.model_dump() | {"path": str(path), "remarks": list(remarks)})


class UnloadResult(BaseModel):
    """What was taken out. `repeated_by`: later loads by an earlier version, which noted no duplicates."""

    load_id: int
    file: str
    events: int
    repeated_by: list[int]


class LoadReport(BaseModel):
    """What became of all rows of all files. `remarks`: what of the mapping had no effect on any of them."""

    read: int
    loaded: int
    duplicates: int
    rejected: int
    skipped: int
    erased: int = 0
    too_old: int = 0
    files: list[FileReport]
    remarks: list[Message] = Field(default_factory=list)

    @classmethod
    def of(cls, files: list[FileReport], remarks: list[Message]) -> Self:
        """The report of these files."""
        counts = ("read", "loaded", "duplicates", "rejected", "skipped", "erased", "too_old")
        sums: dict[str, Any] = {name: sum(getattr(file, name) for file in files) for name in counts}
        return cls(**sums, files=files, remarks=remarks)

    @property
    def is_empty(self) -> bool:
        """Whether no row of any file was loaded, there already, or left out: something is wrong."""
        return not self.loaded + self.duplicates + self.skipped + self.erased + self.too_old
