"""Loading: a file's rows through the gate into the archive, and from the archive into the warehouse."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from etl.contract.instants import EARLIEST, Bounds
from etl.contract.workflows import Definition
from etl.errors import InvalidRequest, StepsightError
from etl.mapping.join import Lookups
from etl.mapping.mapping import Mapping
from etl.mapping.open_table import remarks_of_load
from etl.privacy.phone_numbers import DEFAULT_REGIONS
from etl.progress import Progress, quiet
from etl.sources.digest import digest
from etl.store.archive import Archive, DefinitionsRecord, LoadRecord, UnloadRecord
from etl.store.catch_up import catch_up
from etl.store.erased_list import ErasedIds, bring_to_last_key
from etl.store.file_load import FileLoader
from etl.store.interrupted import replacement_of
from etl.store.load_report import FileReport, LoadReport, UnloadResult
from etl.store.load_rules import rules_of_load
from etl.store.repeats import take_over
from etl.store.ticket_groups import Retention


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
    resumes: bool = False,
    progress: Progress = quiet,
) -> LoadReport:
    """Load files one by one; a file that fails as a whole leaves nothing behind and does not stop the others.

    Nothing is taken from before `earliest`, nor from more than a day after `now`. A file that was loaded
    earlier with another mapping, or the one file that is to `replace` a load, takes the place of what it told
    then, unless none of its rows is accepted. Rows of who was erased (unless `allow_erased`), and of tickets
    that a purge by `retention` would take, are counted and not kept. Mentions of the erased in other rows
    become pseudonyms. `keep_free_text`, `regions` and the `names` that the settings state decide which texts
    stay as written (`TextRules`). The facts of the tickets that got new events are stale afterwards, and
    listed in `stale_tickets`. `resumes`: what a command that was killed put in the place of the load to
    `replace`, before readers had it, is reported where it is this file.

    Raises:
        KeyMismatch: the key for pseudonyms is missing or another one.
        WarehouseDamaged: the list of who was erased cannot be read.
        StorageFailed: the disk is full or cannot be written; what was loaded before stays loaded.
        InvalidRequest: there is no load to `replace`, or several files are to.
    """
    catch_up(warehouse, archive)
    stated = mapping or Mapping()
    if replace is not None:
        if len(paths) != 1:
            raise InvalidRequest("load.replace_one", load=replace, n=len(paths))
        if resumes and (replacement := _interrupted_replacement(replace, archive)):
            if _is_of(replacement, paths[0], stated):
                return LoadReport.of([FileReport.of(replacement, paths[0])], [])
            replace = replacement.load_id
        _require_load(replace, archive)
    bounds = Bounds.of_load(now, earliest)
    lookups, pseudonyms = Lookups(paths), archive.pseudonyms()
    bring_to_last_key(archive.directory.parent, pseudonyms)
    erased = ErasedIds(archive.directory.parent, pseudonyms)
    loader = FileLoader(
        warehouse=warehouse,
        archive=archive,
        mapping=stated,
        lookups=lookups,
        pseudonyms=pseudonyms,
        now=now,
        bounds=bounds,
        rules=rules_of_load(archive, keep_free_text=keep_free_text, regions=regions, names=names),
        replace=replace,
        erased=None if allow_erased else erased,
        mentioned=erased,
        retention=retention,
        progress=progress,
        first=archive.next_load_id(),
    )
    files = [loader.load(path) for path in paths]
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


def _interrupted_replacement(load_id: int, archive: Archive) -> LoadRecord | None:
    """What has taken the place of a load, by a command that was killed before readers had it."""
    is_there = any(each.load_id == load_id for each in archive.loads())
    return None if is_there else replacement_of(load_id, archive)


def _is_of(record: LoadRecord, path: Path, mapping: Mapping) -> bool:
    """Whether a load is of this file, read with this mapping."""
    try:
        return (record.sha256, record.stated_mapping) == (digest(path), mapping.fingerprint)
    except (OSError, StepsightError):  # said where the file is opened
        return False


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
    if load_id in loads:
        return loads[load_id]
    records = list(archive.records(after=load_id))
    if any(isinstance(each, UnloadRecord) and load_id in each.unloads for each in records):
        raise InvalidRequest("load.taken_out", load=load_id)
    for record in records:
        if isinstance(record, LoadRecord) and load_id in record.replaces:
            raise InvalidRequest("load.replaced", load=load_id, by=record.load_id)
    raise InvalidRequest("load.unknown", load=load_id)
