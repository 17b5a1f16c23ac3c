"""The warehouse, archive, settings and progress behind the commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import Progress as RichProgress
from rich.progress import SpinnerColumn, TimeElapsedColumn

from commands.global_options import SETTINGS_OPTION, SNAPSHOT
from commands.output import print_aside, print_lines, print_notice
from dashboard.language import _, words
from dashboard.language.messages import say
from etl.errors import InvalidRequest, StorageFailed, WarehouseBusy, WarehouseDamaged
from etl.messages import Message
from etl.privacy.contact_details import ContactDetails
from etl.privacy.key_file import next_key
from etl.progress import Progress
from etl.settings.file import find_settings, read_settings
from etl.store.archive import Archive, LoadRecord, Record
from etl.store.archive_check import require_sound
from etl.store.catch_up import Outside, catch_up
from etl.store.database_files import BESIDE, DATABASE, swap_in
from etl.store.earlier_records import hide_paths, shape_rejected_rows
from etl.store.erasure_plan import Receipt, finish_if_released, is_pending, pending_receipts
from etl.store.interrupted import messages, unpublished
from etl.store.salvage import end_salvage, is_salvage_pending, last_applied, salvage
from etl.store.storage_failures import DISK_ERRORS
from etl.store.warehouse import latest_snapshot, open_latest, open_with_lock, write_lock
from metrics.refresh.facts import bring_up_to_date, has_facts, is_of_this_version, is_up_to_date
from metrics.settings.model import Settings


def archive_of(warehouse: Path) -> Archive:
    """The archive of a warehouse, with the key that STEPSIGHT_KEY names or the one beside it."""
    key = os.environ.get("STEPSIGHT_KEY")
    return Archive(
        warehouse / "archive", Path(key) if key else None, earliest=settings_of(warehouse).earliest
    )


@contextmanager
def writing(warehouse: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Archive]]:
    """The warehouse to change; afterwards its facts are brought up to date and readers get a new snapshot."""
    with _lock(warehouse), _up_to_date(warehouse) as (connection, archive):
        yield connection, archive


@contextmanager
def _lock(warehouse: Path, *, carries_through: bool = True) -> Iterator[list[Receipt]]:
    """As `write_lock`; says at the end which erasures were carried through, of those still on the list."""
    with write_lock(warehouse, carries_through=carries_through) as receipts:
        if not carries_through:
            receipts += pending_receipts(warehouse)
        try:
            yield receipts
        finally:
            for receipt in receipts:
                if receipt.file.exists():
                    values = {"act": receipt.act, "receipt": receipt.file}
                    print_notice(Message("interrupted.erasure", values))


@contextmanager
def _up_to_date(
    warehouse: Path, database: str = DATABASE
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Archive]]:
    """As `writing`, for who has the lock already.

    A database of another version has been put aside then, so all that the archive holds is taken in before. A
    salvage that was killed is carried through first.
    """
    archive = archive_of(warehouse)
    is_salvaging = database == DATABASE and is_salvage_pending(archive)
    if is_salvaging:
        _salvage(warehouse)
    left = archive.unpublished = unpublished(archive)  # before a database is made where there is none
    with _later_loads_named(archive), open_with_lock(warehouse, database) as connection:
        for line in _outside_lines(catch_up(connection, archive)):
            print_aside(line)
        if not is_pending(warehouse):
            with suppress(OSError):  # of a `rekey` that ended before it had planned anything
                next_key(archive.key_file.resolve()).unlink(missing_ok=True)
        try:
            yield connection, archive
        except InvalidRequest:  # what was left by another command has nothing to do with it
            if left:
                _publish(connection, warehouse, archive, left)
            raise
        _publish(connection, warehouse, archive, left)
        if is_salvaging:
            end_salvage(archive)


@contextmanager
def _later_loads_named(archive: Archive) -> Iterator[None]:
    """Where the disk takes no more, a notice names the loads that are archived and come in later."""
    try:
        yield
    except (StorageFailed, OSError, *DISK_ERRORS):
        for record in unpublished(archive):
            if isinstance(record, LoadRecord):
                values = {"load": record.load_id, "file": record.file}
                print_notice(Message("interrupted.archived", values))
        raise


def _publish(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, archive: Archive, left: Sequence[Record]
) -> None:
    """Bring facts up to date and give readers a new snapshot; says what of it other commands had `left`."""
    bring_up_to_date(connection, warehouse, settings_of(warehouse))
    for message in messages(left, archive):
        print_notice(message)


@contextmanager
def locked_there(warehouse: Path, *, carries_through: bool = True) -> Iterator[list[Receipt]]:
    """The right to change a warehouse that is there; a mistyped folder is not made into one.

    `carries_through`: as `write_lock` has it. Given are the receipts of erasures that another command had
    begun: who takes one from the list says that it is over, else it is said at the end.

    Raises:
        InvalidRequest: there is no warehouse.
    """
    if not (warehouse / "archive").is_dir():
        raise InvalidRequest("warehouse.not_there", folder=warehouse)
    with _lock(warehouse, carries_through=carries_through) as receipts:
        yield receipts


def make_anew(warehouse: Path) -> None:
    """What the database lacks of its archive, facts and a snapshot; whoever calls this has the lock."""
    with _up_to_date(warehouse):
        pass


def _salvage(warehouse: Path) -> None:
    """Keep what is sound of the archive, and say what is lost."""
    print_lines(map(say, salvage(warehouse, archive_of(warehouse), latest_snapshot(warehouse))))


def rebuild_from_archive(warehouse: Path, *, salvages: bool = False) -> None:
    """Make the database anew beside the one in use, and put it in its place; the caller has the lock.

    `salvages`: of a damaged archive, keep what is sound.

    Raises:
        WarehouseDamaged: the archive is; the database and what readers have stay as they are.
    """
    if salvages or is_salvage_pending(archive_of(warehouse)):
        _salvage(warehouse)
    applied = last_applied(warehouse, latest_snapshot(warehouse))
    require_sound(archive_of(warehouse), applied=applied, counts=True)
    privacy = settings_of(warehouse).privacy
    hide_paths(archive_of(warehouse), ContactDetails(privacy.regions))
    if not privacy.keep_free_text:
        shape_rejected_rows(archive_of(warehouse))
    with _up_to_date(warehouse, BESIDE):
        pass
    swap_in(warehouse)
    end_salvage(archive_of(warehouse))


def _outside_lines(outside: list[Outside]) -> list[str]:
    """What of the archive was rejected: an earlier version had no bounds for instants."""
    return [
        _(
            "{file}: {rows} in the archive, {rule}",
            file=each.file,
            rows=words.counted(each.rows, "rejected row"),
            rule=each.rule,
        )
        for each in outside
    ]


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A line on a terminal that says stage, rows and rate; nothing elsewhere."""
    columns = (SpinnerColumn(), "{task.description}", TimeElapsedColumn())
    with RichProgress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(_("starting"), total=None)

        def show(stage: str, rows: int) -> None:
            bar.update(task, completed=rows)
            bar.update(task, description=_under_way(stage, rows, bar.tasks[task].speed))

        yield show


def _under_way(stage: str, rows: int, speed: float | None) -> str:
    if not speed:
        return f"{_(stage)} {words.counted(rows, 'row')}"
    return _(
        "{stage} {rows} ({speed} rows/s)",
        stage=_(stage),
        rows=words.counted(rows, "row"),
        speed=words.count(speed),
    )


def open_reader(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """The newest snapshot; says so where its facts were made with other settings.

    Facts that another version of Stepsight made are made anew before. An erasure whose new numbers stand is
    finished where nobody reads the old ones; else a notice says what to do.

    Raises:
        InvalidRequest: nothing has been loaded there.
    """
    if is_pending(warehouse):
        _finish_erasure(warehouse)
    if latest_snapshot(warehouse) is None:
        raise InvalidRequest("warehouse.nothing_loaded", folder=warehouse)
    refresh_older(warehouse)
    connection = open_newest(warehouse)
    if has_facts(connection) and not is_up_to_date(connection, settings_of(warehouse)):
        print_notice(Message("settings.newer_than_numbers"))
    return connection


def _finish_erasure(warehouse: Path) -> None:
    with (
        suppress(WarehouseBusy, WarehouseDamaged, StorageFailed),  # who only reads waits for nobody
        write_lock(warehouse, carries_through=False),
    ):
        if is_pending(warehouse):
            finish_if_released(warehouse)
    if is_pending(warehouse):
        print_notice(Message("forget.pending", {"folder": warehouse}))


def open_newest(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """The newest snapshot; where a later query fails, `commands.main` looks whether it is damaged."""
    SNAPSHOT.set(latest_snapshot(warehouse))
    return open_latest(warehouse)


def refresh_older(warehouse: Path) -> None:
    """Facts that another version made are made anew, so that the queries of this one fit them."""
    with closing(open_newest(warehouse)) as connection:
        if is_of_this_version(connection):
            return
    print_aside(_("Another version of Stepsight made these numbers. They are made anew, which happens once."))
    with writing(warehouse):
        pass


def settings_file(warehouse: Path) -> Path | None:
    """The settings named, else stepsight.toml in the warehouse's or the current folder."""
    return find_settings(SETTINGS_OPTION.get(), [warehouse, Path.cwd()])


def settings_of(warehouse: Path) -> Settings:
    """The settings that hold for a warehouse."""
    return read_settings(settings_file(warehouse), Settings)


def hourly_cost_of(option: float | None, warehouse: Path) -> float | None:
    """What an hour costs: as chosen, else as the settings say."""
    return settings_of(warehouse).hourly_cost if option is None else option
