"""Loading: a file's rows through the gate into the archive, and from the archive into the warehouse."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import structlog

from etl.contract.instants import EARLIEST, Bounds
from etl.contract.workflows import Definition
from etl.errors import InvalidRequest, StepsightError, StorageFailed
from etl.mapping.effect import look_alike_remarks, without_effect
from etl.mapping.fit import header_remarks, zone_remarks
from etl.mapping.join import Lookups
from etl.mapping.mapping import Mapping
from etl.mapping.open_table import MappedTable, lookup_of, open_table, remarks_of_load, shared_among
from etl.mapping.stated_names import stated_names
from etl.messages import Message
from etl.privacy.phone_numbers import DEFAULT_REGIONS
from etl.privacy.pseudonyms import Pseudonyms
from etl.privacy.text_rules import TextRules
from etl.progress import Progress, quiet
from etl.sources.digest import digest
from etl.store.archive import Archive, DefinitionsRecord, LoadRecord, UnloadRecord
from etl.store.catch_up import as_if_taken_out, catch_up
from etl.store.deduplicate import deduplicate
from etl.store.erased_list import ErasedIds
from etl.store.file_names import name_to_keep, path_to_keep, without_ids, words_in
from etl.store.load_report import FileReport, LoadReport, UnloadResult
from etl.store.load_rules import rules_of_load
from etl.store.rejected_content import CONTENT_RULES, with_explanations
from etl.store.repeats import recounts_behind, take_over
from etl.store.replacement import FileReading, id_clash, is_read_anew
from etl.store.retention import without_old
from etl.store.stage import StageResult, stage
from etl.store.ticket_groups import Retention
from etl.store.unforeseen_errors import OF_THE_CONTENT, places_in_code


def load(
    paths: Sequence[Path],
    warehouse: duckdb.DuckDBPyConnection,
    archive: Archive,
    *,
    now: datetime,
    earliest: date = EARLIEST,
    mapping: Mapping | None = None,
    keep_free_text: bool = False,
    regions: Sequence[str] = DEFAULT_REGIONS,
    names: Collection[str] = (),
    replace: int | None = None,
    retention: Retention | None = None,
    allow_erased: bool = False,
    progress: Progress = quiet,
) -> LoadReport:
    """Load files one by one; a file that fails as a whole leaves nothing behind and does not stop the others.

    Nothing is taken from before `earliest`, nor from more than a day after `now`. A file that was loaded
    earlier with another mapping, or the one file that is to `replace` a load, takes the place of what it told
    then, unless none of its rows is accepted. Rows of who was erased (unless `allow_erased`), and of tickets
    that a purge by `retention` would take, are counted and not kept. `keep_free_text`, `regions` and the
    `names` that the settings state decide which texts stay as written (`TextRules`). The facts of the tickets
    that got new events are stale afterwards, and listed in `stale_tickets`.

    Raises:
        KeyMismatch: the key for pseudonyms is missing or another one.
        WarehouseDamaged: the list of who was erased cannot be read.
        StorageFailed: the disk is full or cannot be written; what was loaded before stays loaded.
        InvalidRequest: there is no load to `replace`, or several files are to.
    """
    catch_up(warehouse, archive)
    if replace is not None:
        _require_load(replace, archive)
        if len(paths) != 1:
            raise InvalidRequest("load.replace_one", load=replace, n=len(paths))
    bounds = Bounds.of_load(now, earliest)
    stated, lookups, pseudonyms = mapping or Mapping(), Lookups(paths), archive.pseudonyms()
    gate = _Gate(
        warehouse=warehouse,
        archive=archive,
        mapping=stated,
        lookups=lookups,
        pseudonyms=pseudonyms,
        now=now,
        bounds=bounds,
        rules=rules_of_load(archive, keep_free_text=keep_free_text, regions=regions, names=names),
        replace=replace,
        erased=None if allow_erased else ErasedIds(archive.directory.parent, pseudonyms),
        retention=retention,
        progress=progress,
        first=archive.next_load_id(),
    )
    files = [gate.load(path) for path in paths]
    archive.remove_unfinished()
    remarks = remarks_of_load({file.path: file.without_effect for file in files if file.read}, stated)
    return LoadReport.of(files, remarks)


def add_definitions(
    definitions: list[Definition], warehouse: duckdb.DuckDBPyConnection, archive: Archive
) -> None:
    """Keep workflow definitions, each in place of an older one of the same workflow version."""
    catch_up(warehouse, archive)
    archive.commit(DefinitionsRecord(load_id=archive.next_load_id(), definitions=definitions))
    catch_up(warehouse, archive)


def unload(load_id: int, warehouse: duckdb.DuckDBPyConnection, archive: Archive) -> UnloadResult:
    """Take a load out again, as if its file had never been loaded.

    Raises:
        InvalidRequest: there is no such load.
    """
    catch_up(warehouse, archive)
    gone = _require_load(load_id, archive)
    later = [
        record.load_id
        for record in archive.loads()
        if record.load_id > load_id and record.duplicates > 0 and record.width is None
    ]
    ((before,),) = warehouse.execute("SELECT count(*) FROM events").fetchall()
    recounts = take_over([load_id], warehouse, archive)
    archive.commit(UnloadRecord(load_id=archive.next_load_id(), unloads=[load_id], recounts=recounts))
    catch_up(warehouse, archive)
    ((after,),) = warehouse.execute("SELECT count(*) FROM events").fetchall()
    archive.remove_unused()
    return UnloadResult(load_id=load_id, file=gone.file, events=before - after, repeated_by=later)


def _require_load(load_id: int, archive: Archive) -> LoadRecord:
    loads = {record.load_id: record for record in archive.loads()}
    if load_id not in loads:
        raise InvalidRequest("load.unknown", load=load_id)
    return loads[load_id]


@dataclass(frozen=True)
class _Gate:
    """What every file of a load goes through. `first`: the number of its first load.

    `erased`: None where rows of who was erased are allowed.
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
    retention: Retention | None
    progress: Progress
    first: int

    def name_of(self, path: Path) -> str:
        """What is kept of a file's name."""
        name = name_to_keep(path.name, self.rules.contacts)
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
                erased=self.erased,
                progress=self.progress,
            )
            if self.retention:
                staged = without_old(staged, self.retention, self.archive, self.warehouse)
        except StorageFailed:
            raise
        except StepsightError as error:
            log.warning("file_rejected", **error.message.as_data())
            return FileReport(path=str(path), error=error.message)
        except OF_THE_CONTENT as error:  # no fault of one file may stop the next
            log.error("file_unforeseen", kind=type(error).__name__, at=places_in_code(error))  # noqa: TRY400 - its text may name somebody
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
        return FileReport.model_validate(record.model_dump() | {"path": str(path), "remarks": remarks})

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
            events=result.counts.events,
            conflicts=result.counts.conflicts,
            repeated=result.repeated,
            reasons=dict(staged.rejected["rule"].value_counts().sort("rule").iter_rows()),
            ignored_columns=[self.rules.contacts.masked(name) for name in opened.ignored_columns],
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
