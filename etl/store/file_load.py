"""One file of a load: its rows through the gate into the archive, and from there into the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import structlog

from etl.contract.instants import Bounds
from etl.errors import StepsightError, StorageFailed
from etl.mapping.effect import look_alike_remarks, without_effect
from etl.mapping.fit import header_remarks, zone_remarks
from etl.mapping.join import Lookups
from etl.mapping.mapping import Mapping
from etl.mapping.open_table import MappedTable, lookup_of, open_table, shared_among
from etl.mapping.stated_names import stated_names
from etl.messages import Message
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.text_rules import TextRules
from etl.progress import Progress
from etl.sources.digest import digest
from etl.store.archive import Archive, LoadRecord
from etl.store.catch_up import as_if_taken_out, catch_up
from etl.store.deduplicate import deduplicate
from etl.store.erased_list import ErasedIds
from etl.store.file_names import name_to_keep, path_to_keep, without_ids, words_in
from etl.store.load_report import FileReport
from etl.store.rejected_content import CONTENT_RULES, with_explanations
from etl.store.repeats import recounts_behind, take_over
from etl.store.replacement import FileReading, id_clash, is_read_anew
from etl.store.retention import without_old
from etl.store.stage import StageResult, stage
from etl.store.storage_failures import require_written
from etl.store.ticket_groups import Retention
from etl.store.unforeseen_errors import OF_THE_CONTENT, places_in_code


@dataclass(frozen=True)
class FileLoader:
    """Loads files one by one, all in one way. `first`: the number of the first load.

    `erased`: whose rows are not taken; none where all are allowed. `mentioned`: whose ids are not kept in
    rows of others.
    """

    warehouse: duckdb.DuckDBPyConnection
    archive: Archive
    mapping: Mapping
    lookups: Lookups
    pseudonyms: Pseudonyms
    now: datetime
    bounds: Bounds
    rules: TextRules
    replace: int | None
    erased: ErasedIds | None
    mentioned: ErasedIds
    retention: Retention | None
    progress: Progress
    first: int

    def name_of(self, path: Path) -> str:
        """What is kept of a file's name."""
        return self._without_erased(name_to_keep(path.name, self.rules.contacts))

    def _without_erased(self, name: str) -> str:
        ids = self.erased.among(words_in(name), self.mapping.source) if self.erased else ()
        return without_ids(name, ids)

    def load(self, path: Path) -> FileReport:
        """Take a file in, or say why it was rejected as a whole."""
        log = structlog.get_logger().bind(file=self.name_of(path))
        try:
            if lookup := lookup_of(path, self.mapping, self.lookups.paths):
                return FileReport(path=str(path), remarks=[lookup])
            loads = self.archive.loads()
            opened = open_table(path, self.mapping, self.lookups)
            staged = stage(
                opened.table,
                path.name,
                opened.mapping,
                self.archive.staging(),
                self.pseudonyms,
                bounds=self.bounds,
                rules=self.rules.with_names(stated_names(opened.mapping)),
                sources=frozenset(each.source for each in loads if each.source),
                erased=self.mentioned,
                takes_erased=self.erased is None,
                mentioned=self.mentioned,
                without_old=self._without_old,
                progress=self.progress,
            )
        except StorageFailed:
            raise
        except StepsightError as error:
            log.warning("file_rejected", **error.message.as_data())
            return FileReport(path=str(path), error=error.message)
        except OF_THE_CONTENT as error:  # no fault of one file may stop the next
            require_written(error, self.archive.directory.parent)
            # Without its text, which may name somebody.
            log.warning("file_unforeseen", kind=type(error).__name__, at=places_in_code(error))
            unforeseen = Message("file.unforeseen", {"file": path.name, "kind": type(error).__name__})
            return FileReport(path=str(path), error=unforeseen)
        log.info("file_checked", read=staged.read, rejected=staged.rejected.height)
        sha256 = digest(path)
        replaced = self._replaced(path, sha256, opened, staged, loads)
        others = [each for each in loads if each not in replaced]
        if clash := id_clash(path.name, opened.mapping.source, staged, others, self.warehouse):
            log.warning("file_rejected", **clash.as_data())
            return FileReport(path=str(path), error=clash)
        if self.erased:
            self.erased.learn(staged.of_erased)
        self.progress("archiving", staged.read)
        record = self._write_to_archive(path, sha256, opened, staged, replaced)
        log.info("file_archived", load_id=record.load_id, loaded=record.loaded, segments=len(record.segments))
        self.progress("loading", staged.read)
        catch_up(self.warehouse, self.archive)
        if record.replaces:
            self.archive.remove_unused()
        log.info("file_loaded", load_id=record.load_id)
        remarks = [
            *([] if staged.in_file else [Message("file.no_rows", {"file": path.name})]),
            *header_remarks(opened.mapping, opened.table.columns, path.name),
            *zone_remarks(opened.mapping, path.name, staged.stated, staged.local),
            *look_alike_remarks(staged.effect.look_alikes, path.name),
            *opened.join_result.remarks(path.name),
        ]
        return FileReport.of(record, path, remarks)

    def _without_old(self, staged: StageResult) -> StageResult:
        if self.retention is None:
            return staged
        return without_old(staged, self.retention, self.archive, self.warehouse)

    def _write_to_archive(
        self, path: Path, sha256: str, opened: MappedTable, staged: StageResult, replaced: list[LoadRecord]
    ) -> LoadRecord:
        replaces = [each.load_id for each in replaced]
        place = min((each.place or each.load_id for each in replaced), default=None)
        recounts = take_over(replaces, self.warehouse, self.archive) if replaces else []
        with as_if_taken_out(replaces, self.warehouse, self.archive):
            result = deduplicate(staged, self.warehouse, self.archive, place=place)
        idle_keys = without_effect(opened.mapping, staged.effect) if staged.read else []
        record = LoadRecord(
            load_id=self.archive.next_load_id(),
            sha256=sha256,
            mapping=opened.fingerprint(self.pseudonyms.salt),
            stated_mapping=self.mapping.fingerprint,
            replaces=replaces,
            recounts=recounts,
            place=place,
            width=staged.width,
            earliest=self.bounds.earliest.date(),
            file=self.name_of(path),
            source=opened.mapping.source,
            mapping_table=opened.name,
            guided=opened.mapping.guided,
            time_zone=opened.mapping.declared_zone,
            path=path_to_keep(path, self.pseudonyms),
            loaded_at=self.now,
            read=staged.read,
            loaded=result.counts.loaded,
            duplicates=staged.read - result.counts.loaded - staged.rejected.height - staged.skipped,
            rejected=staged.rejected.height,
            skipped=staged.skipped,
            erased=staged.erased,
            too_old=staged.too_old,
            allow_erased=self.erased is None,
            rows_of_erased=staged.rows_of_erased,
            events=result.counts.events,
            conflicts=result.counts.conflicts,
            repeated=result.repeated,
            reasons=dict(staged.rejected["rule"].value_counts().sort("rule").iter_rows()),
            ignored_columns=[
                self._without_erased(self.rules.contacts.masked(name)) for name in opened.ignored_columns
            ],
            without_effect=idle_keys,
            shared_without_effect=shared_among(idle_keys, self.mapping),
            segments=result.segments,
            repeats=result.repeats,
            is_plain=result.is_plain,
            has_seq=result.has_seq,
            rejected_file=self.archive.write_rejected(with_explanations(staged.rejected)),
            content_rules=CONTENT_RULES,
            key_fingerprint=self.pseudonyms.fingerprint,
            named_by="event",
        )
        if replaces:
            recounts = recounts_behind(record, self.warehouse, self.archive)
            record = record.model_copy(update={"recounts": recounts})
        for each in replaced:  # of another source, its names may be those of who is erased in this one
            names = {
                "file": self._without_erased(each.file),
                "ignored_columns": [self._without_erased(name) for name in each.ignored_columns],
            }
            if (renamed := each.model_copy(update=names)) != each:
                self.archive.commit(renamed)
        self.archive.commit(record)
        return record

    def _replaced(
        self, path: Path, sha256: str, opened: MappedTable, staged: StageResult, loads: list[LoadRecord]
    ) -> list[LoadRecord]:
        """The loads whose place a file takes; none where no row of it is accepted."""
        if staged.read == staged.rejected.height + staged.skipped:
            return []
        now = FileReading(
            path=path,
            name=self.name_of(path),
            mark=path_to_keep(path, self.pseudonyms),
            sha256=sha256,
            fingerprint=opened.fingerprint(self.pseudonyms.salt),
            source=opened.mapping.source,
            table=opened.name,
        )
        return [
            each
            for each in loads
            if each.load_id == self.replace or (each.load_id < self.first and is_read_anew(each, now))
        ]
