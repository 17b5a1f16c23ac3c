"""The DuckDB file behind every number, and the read-only snapshots that readers open.

One process may write a DuckDB file *or* many may read it. So the loader owns `warehouse.duckdb`, and
publishes finished copies beside it by atomic rename; readers open the newest copy and never wait.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import duckdb
import structlog
from filelock import FileLock, Timeout

from etl.contract.events import STORED
from etl.errors import StorageFailed, WarehouseBusy, WarehouseDamaged
from etl.messages import os_reason
from etl.private_files import FILE_MODE, make_folder, private_files
from etl.store.database_files import (
    ASIDE,
    DATABASE,
    put_aside,
    remove_database,
    remove_leftovers,
)
from etl.store.erasure_plan import (
    Receipt,
    drop_snapshots,
    erase_from_archive,
    finish_if_released,
    pending_receipts,
)
from etl.store.places import TOP_NAMES
from etl.store.statements import run_statements
from etl.store.storage_failures import storage_failures
from etl.store.tables import SCHEMA_VERSION, TABLES
from etl.store.upload_folders import remove_stale_uploads

READER_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


def _in_utc(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # GLOBAL: cursors do not inherit a session's zone
    return connection


@contextmanager
def write_lock(directory: Path, *, carries_through: bool = True) -> Iterator[list[Receipt]]:
    """The right to change the warehouse in `directory`, which is made if missing.

    An erasure that was killed half-way is carried through first, unless a salvage comes before it; given are
    the receipts of those that were not over.

    A lock of our own: DuckDB's is lost as soon as this process closes any handle on the file, and publishing
    copies the file.

    Raises:
        WarehouseBusy: another process has it.
        StorageFailed: the folder cannot be written, or the disk fails while it is.
    """
    owner = directory / "writer.pid"
    with ExitStack() as held, storage_failures(directory):
        make_folder(directory)
        try:
            lock = FileLock(directory / "writer.lock", timeout=0, mode=FILE_MODE, fallback_to_soft=False)
            held.enter_context(lock)
        except Timeout as error:
            if owner.exists():
                raise WarehouseBusy(
                    "warehouse.busy_with", folder=directory, process=owner.read_text()
                ) from error
            raise WarehouseBusy("warehouse.busy", folder=directory) from error
        except NotImplementedError as error:
            raise StorageFailed("warehouse.no_locks", folder=directory) from error
        held.enter_context(private_files(directory, TOP_NAMES))
        owner.write_text(str(os.getpid()))
        held.callback(owner.unlink, missing_ok=True)
        remove_leftovers(directory)
        remove_stale_uploads(directory)
        receipts = pending_receipts(directory) if carries_through else []
        if receipts and not finish_if_released(directory):
            erase_from_archive(directory)
        yield receipts


@contextmanager
def open_writer(directory: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The one writing connection to the warehouse in `directory`, which is made if missing.

    A database file that is damaged, or of another version, is put aside and started anew: the archive has all
    that was in it (`etl.store.load.catch_up`).

    Raises:
        WarehouseBusy: another process is writing to it.
        StorageFailed: the folder cannot be written, or the disk fails while it is.
    """
    with write_lock(directory), open_with_lock(directory) as connection:
        yield connection


@contextmanager
def open_with_lock(directory: Path, name: str = DATABASE) -> Iterator[duckdb.DuckDBPyConnection]:
    """As `open_writer`, for who has the lock already; `name`: of another database in the folder."""
    file = directory / name
    connection = _usable(file)
    if connection is None:
        put_aside(directory)
        connection = duckdb.connect(str(file))
    with connection:
        # Rows have no order but that of their columns; keeping another one costs a quarter of the time.
        connection.execute("SET preserve_insertion_order = false")
        _spare_memory(connection)
        create_tables(_in_utc(connection))
        yield connection


WRITER_MEMORY = 4_000_000_000
"""Bytes: enough for ten million events at full speed; what needs more goes to the disk meanwhile."""
DUCKDB_SHARE = 0.8
"""The part of a machine's memory that DuckDB takes unless told otherwise."""


def _spare_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave a machine half of its memory, a large one more; docs/LOADING.md says what less would cost."""
    ((share,),) = connection.execute(
        "SELECT parse_formatted_bytes(current_setting('memory_limit'))"
    ).fetchall()
    half = int(share / DUCKDB_SHARE / 2)
    connection.execute(f"SET memory_limit = '{min(half, WRITER_MEMORY)}B'")


def _usable(file: Path) -> duckdb.DuckDBPyConnection | None:
    """A connection to the database file, or None where it is damaged or of another version."""
    log = structlog.get_logger().bind(file=str(file))
    try:
        connection = duckdb.connect(str(file))
        names = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
        if not names:
            return connection
        versions = []
        if "schema_version" in names:
            versions = connection.execute("SELECT version FROM schema_version").fetchall()
        if versions == [(SCHEMA_VERSION,)]:
            return connection
        log.warning("database_of_another_version", action="rebuild_from_archive")
        connection.close()
    except duckdb.Error as error:
        if _LOCKED in str(error):
            raise WarehouseBusy("warehouse.in_use", file=file) from error
        if os_reason(error).code != "os.unknown":  # the disk refuses, and the file may well be sound
            raise
        # Said in a line, not as a traceback: nothing is lost.
        log.error("database_damaged", action="rebuild_from_archive", detail=str(error))  # noqa: TRY400
    return None


_LOCKED = "Conflicting lock"


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # what failed may have ended the transaction itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that the loader fills, where they are missing."""
    connection.register("contract", STORED.to_frame())
    run_statements(connection, TABLES)
    connection.unregister("contract")
    connection.execute(
        "INSERT INTO schema_version SELECT $version WHERE NOT EXISTS (FROM schema_version)",
        {"version": SCHEMA_VERSION},
    )


def publish(connection: duckdb.DuckDBPyConnection, directory: Path) -> Path:
    """Copy the finished warehouse to a new snapshot and drop older ones; readers move on by themselves.

    An erasure is over then, once nobody has an older snapshot open.

    Raises:
        WarehouseBusy: of an erasure, where somebody does not let go; it is not over.
    """
    folder = directory / "snapshots"
    make_folder(folder)
    for unfinished in folder.glob("*.unfinished"):
        unfinished.unlink()  # of a process that was killed while publishing
    older = list(folder.glob("*.duckdb"))
    number, snapshot_id = max(map(_number, older), default=0) + 1, secrets.token_hex(16)
    snapshot = folder / f"{number:06}-{snapshot_id[:16]}.duckdb"
    connection.execute("CREATE OR REPLACE TABLE snapshot AS SELECT $id AS id", {"id": snapshot_id})
    connection.execute("CHECKPOINT")
    ((database,),) = connection.execute(_DATABASE_FILE).fetchall()
    unfinished = snapshot.with_suffix(".unfinished")
    shutil.copyfile(database, unfinished)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(snapshot)
    remove_database(directory, ASIDE)
    drop_snapshots(directory, snapshot)
    return snapshot


_DATABASE_FILE = "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"


def snapshot_id(connection: duckdb.DuckDBPyConnection, snapshot: Path | None) -> str | None:
    """What tells the content of a snapshot from that of any other one there ever was.

    None for one that an earlier version published, and for an empty warehouse.

    Raises:
        WarehouseDamaged: the snapshot cannot be read.
    """
    with _damaged_if_unreadable(snapshot):
        try:
            ((text,),) = connection.execute("FROM snapshot").fetchall()
        except duckdb.CatalogException:
            return None
    return str(text)


def _number(snapshot: Path) -> int:
    number = snapshot.stem.partition("-")[0]
    return int(number) if number.isdigit() else 0


def latest_snapshot(directory: Path) -> Path | None:
    """The newest published snapshot, or None where nothing has been loaded yet."""
    return max((directory / "snapshots").glob("*.duckdb"), key=_number, default=None)


def open_latest(directory: Path) -> duckdb.DuckDBPyConnection:
    """The newest snapshot, as `open_snapshot` opens it; a newer one may replace it at any time."""
    while True:
        snapshot = latest_snapshot(directory)
        try:
            return open_snapshot(snapshot)
        except WarehouseDamaged:
            if snapshot is None or snapshot.exists():
                raise  # else it was replaced between looking and opening: look again


def open_snapshot(snapshot: Path | None) -> duckdb.DuckDBPyConnection:
    """A hardened read-only connection: no file access, no writing, no settings.

    None gives an empty warehouse with all its tables, so that every question has an answer (null).

    Raises:
        WarehouseDamaged: the snapshot cannot be read.
    """
    with _damaged_if_unreadable(snapshot):
        if snapshot is None:
            connection = duckdb.connect(":memory:", config=READER_SETTINGS)
        else:
            connection = duckdb.connect(str(snapshot), read_only=True, config=READER_SETTINGS)
        if connection.execute("SELECT NOT current_setting('lock_configuration')").fetchall() == [(True,)]:
            # A snapshot opened a second time in this process is locked already, and in UTC.
            _in_utc(connection).execute("SET GLOBAL lock_configuration = true")
    if snapshot is None:
        create_tables(connection)
    return connection


def require_readable(snapshot: Path) -> None:
    """Read every value of every table of a snapshot, which opening it does not.

    Raises:
        WarehouseDamaged: a block of it is damaged, or it is cut short.
    """
    with _damaged_if_unreadable(snapshot), open_snapshot(snapshot) as connection:
        for (name,) in connection.execute("SHOW TABLES").fetchall():
            connection.table(name).aggregate("bit_xor(hash(COLUMNS(*)))").fetchall()


@contextmanager
def _damaged_if_unreadable(snapshot: Path | None) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise WarehouseDamaged("warehouse.damaged_snapshot", path=snapshot, detail=str(error)) from error
