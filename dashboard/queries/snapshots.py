"""The snapshot that this server reads, and how all of an older one goes: answers, figures, exports, handles.

A snapshot is known by the id inside it, which never comes again. Whoever asks next finds the newest one; what
was worked out from an older one is dropped as soon as no page is at work with it any more. Then its file is
closed, which is what an erasure waits for.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from weakref import WeakSet

import duckdb
import streamlit as st
import structlog

from dashboard.queries import downloads
from etl.errors import StepsightError, WarehouseDamaged
from etl.store.warehouse import latest_snapshot, open_snapshot, require_readable, snapshot_id
from etl.store.whole_files import FileVersion, version_of
from metrics.query import agents

LOOK_EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 6.0
"""How long a page may go on with an older snapshot before its queries are stopped."""
_PAGE = "ScriptRunner.scriptThread"
_MOST_FOLDERS = 4


@dataclass(eq=False)
class _OpenSnapshot:
    """A snapshot that is open. `key`: what tells it from any other one; `version`: of its file."""

    key: str
    path: Path | None
    version: FileVersion | None
    connection: duckdb.DuckDBPyConnection
    cursors: WeakSet[duckdb.DuckDBPyConnection] = field(default_factory=WeakSet)


@dataclass(eq=False)
class _Retired:
    """An older snapshot, and the pages that may still be at work with it."""

    snapshot: _OpenSnapshot
    pages: list[threading.Thread]
    since: float = field(default_factory=monotonic)

    @property
    def is_in_use(self) -> bool:
        """Whether a page or a file may still be made of it; after a while its queries are stopped."""
        is_at_work = any(page.is_alive() for page in self.pages) or downloads.is_under_way(self.snapshot.key)
        return is_at_work and monotonic() - self.since < PATIENCE_SECONDS

    def close(self) -> bool:
        """Whether its file is closed: not while a query runs, which is stopped then."""
        for cursor in list(self.snapshot.cursors):
            with suppress(duckdb.Error):
                cursor.interrupt()
        try:
            self.snapshot.connection.close()
        except duckdb.Error:
            return False
        return True


class Snapshots:
    """The newest snapshot of each folder, one of them in a server, open for all pages together."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._newest: dict[Path, _OpenSnapshot] = {}
        self._retired: list[_Retired] = []

    def newest(self, folder: Path) -> str:
        """The key of the newest snapshot in a folder, which is open from here on.

        Raises:
            WarehouseDamaged: it cannot be opened.
        """
        with self._lock:
            while True:
                path = latest_snapshot(folder)
                try:
                    version = None if path is None else version_of(path)
                    standing = self._newest.get(folder)
                    if standing is None or (standing.path, standing.version) != (path, version):
                        if standing is not None and standing.path == path:
                            downloads.drop(standing.key)
                            with suppress(duckdb.Error):  # a query that runs
                                standing.connection.close()  # else DuckDB takes the file that is gone
                        standing = self._replace(folder, _open(path, version))
                except (WarehouseDamaged, FileNotFoundError):
                    if path is None or path.exists():
                        raise  # else a newer one replaced it between looking and opening: look again
                else:
                    return standing.key

    def cursor(self, key: str) -> duckdb.DuckDBPyConnection | None:
        """A cursor for one call alone; None where the snapshot was replaced."""
        with self._lock:
            for snapshot in self._newest.values():
                if snapshot.key == key:
                    cursor = snapshot.connection.cursor()
                    snapshot.cursors.add(cursor)
                    return cursor
        return None

    def is_open(self, key: str) -> bool:
        """Whether it is the newest one of its folder."""
        return any(snapshot.key == key for snapshot in list(self._newest.values()))

    def release_older(self, folder: Path) -> bool:
        """Move on to the newest snapshot, and let go of older ones; whether nothing of them is left."""
        with suppress(StepsightError, OSError):
            self.newest(folder)
        with self._lock:
            retired = list(self._retired)
        if not retired:
            return True
        _forget(retired)
        for each in retired:
            if not each.is_in_use and each.close():
                with self._lock:
                    self._retired.remove(each)
        _forget(retired)  # what a page put there meanwhile
        return not self._retired

    def _replace(self, folder: Path, snapshot: _OpenSnapshot) -> _OpenSnapshot:
        pages = [thread for thread in threading.enumerate() if thread.name.startswith(_PAGE)]
        if (older := self._newest.pop(folder, None)) is not None:
            downloads.drop(older.key)
            self._retired.append(_Retired(older, pages))
        while len(self._newest) >= _MOST_FOLDERS:
            with suppress(duckdb.Error):
                self._newest.pop(next(iter(self._newest))).connection.close()
        self._newest[folder] = snapshot
        return snapshot


def _forget(retired: Sequence[_Retired]) -> None:
    """Drop what is left of older snapshots: answers, figures, and files for readers."""
    for each in retired:
        downloads.drop(each.snapshot.key)
    downloads.remove_files()
    st.cache_data.clear()
    st.cache_resource.clear()
    agents.clear_cache()


def _open(path: Path | None, version: FileVersion | None) -> _OpenSnapshot:
    connection = open_snapshot(path)
    # A folder that was copied has snapshots with the same ids.
    key = f"{snapshot_id(connection, path) or version} {path}"
    return _OpenSnapshot(key, path, version, connection)


def damage_of(folder: Path) -> WarehouseDamaged | None:
    """What is wrong with the newest snapshot, every value of which is read; None where nothing is."""
    path = latest_snapshot(folder)
    try:
        if path is not None:
            require_readable(path)
    except WarehouseDamaged as error:
        return error
    return None


SNAPSHOTS = Snapshots()


def watch(folder: Path, end: threading.Event) -> None:
    """Let go of older snapshots, whether somebody looks at a page or not, until the server ends."""
    failure = ""
    while not end.wait(LOOK_EVERY_SECONDS):
        try:
            SNAPSHOTS.release_older(folder)
        except Exception as error:  # it looks again: an erasure waits for it as long as the server runs
            if failure != str(error):  # once, not every second
                failure = str(error)
                structlog.get_logger().exception("snapshot_not_released", folder=str(folder))
