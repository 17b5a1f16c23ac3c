"""Loading: a file's rows through the gate into the archive, and from the archive into the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import structlog
from pydantic import BaseModel, Field

from etl.contract.events import COLUMNS
from etl.contract.instants import EARLIEST, Bounds
from etl.contract.workflows import Definition, store_definitions
from etl.errors import StepsightError, StorageFailed
from etl.mapping.mapping import Mapping, zone_remarks
from etl.messages import Message, rejection
from etl.privacy.pseudonyms import Pseudonyms
from etl.progress import Progress, quiet
from etl.sources import Table, read
from etl.sources.table import OURS
from etl.store.archive import Archive, DefinitionsRecord, LoadRecord
from etl.store.deduplicate import apply, keep
from etl.store.stage import Staged, stage
from etl.store.warehouse import transaction


class FileReport(BaseModel):
    """What became of the rows of one file: read = loaded + duplicates + rejected.

    `conflicts`: those duplicates that contradict the event of their id. `reasons`: rows refused, by the rule
    they broke. `error`: why the file as a whole was rejected; None where it was not. `remarks`: what in the
    mapping has no effect.
    """

    path: str
    read: int = 0
    loaded: int = 0
    duplicates: int = 0
    rejected: int = 0
    conflicts: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)
    ignored_columns: list[str] = Field(default_factory=list)
    error: Message | None = None
    remarks: list[Message] = Field(default_factory=list)


class LoadReport(BaseModel):
    """What became of all rows of all files."""

    read: int
    loaded: int
    duplicates: int
    rejected: int
    files: list[FileReport]


def load(
    paths: Sequence[Path],
    warehouse: duckdb.DuckDBPyConnection,
    archive: Archive,
    *,
    now: datetime,
    earliest: date = EARLIEST,
    mapping: Mapping | None = None,
    keep_free_text: bool = False,
    progress: Progress = quiet,
) -> LoadReport:
    """Load files one by one; a file that fails as a whole leaves nothing behind and does not stop the others.

    Nothing is taken from before `earliest`, nor from more than a day after `now`. The facts of the tickets
    that got new events are stale afterwards, and listed in `stale_tickets`.

    Raises:
        KeyMismatch: the key for pseudonyms is missing or another one.
        StorageFailed: the disk is full or cannot be written; what was loaded before stays loaded.
    """
    catch_up(warehouse, archive)
    bounds = Bounds.of_load(now, earliest)
    gate = _Gate(
        warehouse, archive, mapping or Mapping(), archive.pseudonyms(), now, bounds, keep_free_text, progress
    )
    files = [gate.load(path) for path in paths]
    return LoadReport(
        read=sum(file.read for file in files),
        loaded=sum(file.loaded for file in files),
        duplicates=sum(file.duplicates for file in files),
        rejected=sum(file.rejected for file in files),
        files=files,
    )


def add_definitions(
    definitions: list[Definition], warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> None:
    """Keep workflow definitions, each in place of an older one of the same workflow version."""
    catch_up(warehouse, archive)
    archive.commit(DefinitionsRecord(load_id=archive.next_load_id(), definitions=definitions))
    catch_up(warehouse, archive)


def catch_up(warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    """Bring the warehouse up to the archive: a load killed half-way is completed, a lost file made anew."""
    ((done,),) = warehouse.execute("SELECT coalesce(max(load_id), 0) FROM applied").fetchall()
    for record in archive.records(after=done):
        with transaction(warehouse):
            if isinstance(record, LoadRecord):
                _apply_load(record, warehouse, archive)
            else:
                store_definitions(warehouse, record.definitions)
            warehouse.execute("INSERT INTO applied VALUES (?)", [record.load_id])


_OF_THE_CONTENT = (
    *(pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException),
    *(ArithmeticError, LookupError, TypeError, ValueError, RecursionError),
)
"""What libraries raise over values that nobody thought of; a failing disk is none of these."""


@dataclass(frozen=True)
class _Gate:
    """What every file of a load goes through."""

    warehouse: duckdb.DuckDBPyConnection
    archive: Archive
    mapping: Mapping
    pseudonyms: Pseudonyms
    now: datetime
    bounds: Bounds
    keep_free_text: bool
    progress: Progress

    def load(self, path: Path) -> FileReport:
        """Take a file in, or say why it was rejected as a whole."""
        log = structlog.get_logger().bind(path=str(path))
        try:
            table = read(path, self.mapping.form)
            staged = stage(
                table,
                path.name,
                self.mapping,
                self.archive.staging(),
                self.pseudonyms,
                bounds=self.bounds,
                keep_free_text=self.keep_free_text,
                progress=self.progress,
            )
        except StorageFailed:
            raise
        except StepsightError as error:
            log.warning("file_rejected", **error.message.as_data())
            return FileReport(path=str(path), error=error.message)
        except _OF_THE_CONTENT as error:  # no fault of one file may stop the next
            log.exception("file_unforeseen")
            unforeseen = Message("file.unforeseen", {"file": path.name, "kind": type(error).__name__})
            return FileReport(path=str(path), error=unforeseen)
        log.info("file_checked", read=staged.read, rejected=staged.refused.height)
        self.progress("archiving", staged.read)
        record = self._archived(path, table, staged)
        log.info("file_archived", load_id=record.load_id, loaded=record.loaded, segments=len(record.segments))
        self.progress("loading", staged.read)
        catch_up(self.warehouse, self.archive)
        log.info("file_loaded", load_id=record.load_id)
        remarks = zone_remarks(self.mapping, path.name, staged.stated, staged.local)
        return FileReport.model_validate(record.model_dump() | {"path": str(path), "remarks": remarks})

    def _archived(self, path: Path, table: Table, staged: Staged) -> LoadRecord:
        kept = keep(staged, self.warehouse, self.archive)
        refused = _not_kept_yet(staged.refused, path.name, self.warehouse)
        record = LoadRecord(
            load_id=self.archive.next_load_id(),
            source=path.name,
            path=str(path),
            loaded_at=self.now,
            read=staged.read,
            loaded=kept.loaded,
            duplicates=staged.read - kept.loaded - staged.refused.height,
            rejected=staged.refused.height,
            events=kept.events,
            conflicts=kept.conflicts,
            reasons=dict(staged.refused["rule"].value_counts().sort("rule").iter_rows()),
            ignored_columns=_ignored_columns(table, self.mapping),
            segments=kept.segments,
            is_plain=kept.is_plain,
            refused=self.archive.write_rejected(_explained(refused)),
            key_fingerprint=self.pseudonyms.fingerprint,
        )
        self.archive.commit(record)
        return record


def _not_kept_yet(refused: pl.DataFrame, source: str, warehouse: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Refused rows but for those that an earlier load of the same file has kept already."""
    warehouse.register("refused", refused)
    new = warehouse.sql(_NEWLY_REFUSED, params={"source": source}).to_arrow_table()
    warehouse.unregister("refused")
    return pl.DataFrame(new)


def _explained(refused: pl.DataFrame) -> pl.DataFrame:
    """The rows with what their rule wants in a sentence, for whoever reads the archive without Stepsight."""
    sentences = {rule: str(rejection(rule)) for rule in refused["rule"].unique()}
    return refused.with_columns(explanation=pl.col("rule").replace_strict(sentences, return_dtype=pl.String))


_NEWLY_REFUSED = """
SELECT refused.*
FROM refused
ANTI JOIN (SELECT * FROM rejected WHERE source = $source) AS kept USING (position, rule, content)
ORDER BY position
"""


def _ignored_columns(table: Table, mapping: Mapping) -> list[str]:
    theirs = [name for name in table.columns if not name.startswith(OURS)]
    return [name for name in theirs if name not in mapping.source_columns and name not in COLUMNS]


def _apply_load(record: LoadRecord, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> None:
    warehouse.execute(
        "INSERT INTO loads BY NAME SELECT unnest($record)",
        {"record": record.model_dump(include=_LOADS_COLUMNS)},
    )
    apply(
        [archive.segment(name) for name in record.segments],
        record.load_id,
        warehouse,
        is_plain=record.is_plain,
    )
    if record.refused:
        warehouse.execute(
            "INSERT INTO rejected BY NAME "
            "SELECT *, $load_id AS load_id, $source AS source FROM read_parquet($refused)",
            {
                "refused": str(archive.rejected(record.refused)),
                "load_id": record.load_id,
                "source": record.source,
            },
        )


_LOADS_COLUMNS = {
    *("load_id", "source", "path", "loaded_at", "ignored_columns"),
    *("read", "loaded", "duplicates", "rejected", "events", "conflicts"),
}
