"""A command that looks whether Stepsight can run here, and says what to do where it cannot."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from typing import Annotated

import typer
from packaging.requirements import Requirement

from commands.options import Port, Warehouse
from commands.output import print_json, print_lines
from commands.places import DEFAULT_WAREHOUSE, SAMPLE, STEPSIGHT, installed
from commands.server import bind
from commands.warehouses import archive_of, settings_file, settings_of
from dashboard.language.messages import say
from dashboard.language.words import UNKNOWN
from etl.errors import InvalidRequest, StepsightError, StorageFailed, WarehouseBusy, WarehouseDamaged
from etl.messages import Message, os_reason
from etl.privacy.key_file import key_path, read_key
from etl.store.archive import Archive, LoadRecord
from etl.store.archive_check import require_sound
from etl.store.database_files import DAMAGED
from etl.store.erased_list import read_erased, read_of_keys
from etl.store.erasure_plan import is_pending, require_plan
from etl.store.file_names import pseudonyms_if_any
from etl.store.salvage import last_applied
from etl.store.warehouse import latest_snapshot, require_readable

app = typer.Typer()
GIBIBYTE = 1 << 30
LEAST_FREE_BYTES = GIBIBYTE
COPIES = 2
"""A load changes the database and publishes a copy of it."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what holds, or what is wrong and what to do."""

    name: str
    message: Message
    ok: bool


@app.callback()
def _group() -> None:
    """Typer takes a lone command for the whole."""


@app.command()
def doctor(
    port: Port = 8501,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Check that Stepsight can run here: versions, places, key, settings, space and port."""
    looks = {
        "packages": _packages,
        "sample": _sample,
        "warehouse": lambda: _warehouse(warehouse),
        "space": lambda: _space(warehouse),
        "key": lambda: _key(warehouse),
        "archive": lambda: _archive(warehouse),
        "damaged": lambda: _damaged(warehouse),
        "erasures": lambda: _erasures(warehouse),
        "settings": lambda: _settings(warehouse),
        "snapshot": lambda: _snapshot(warehouse),
        "port": lambda: _port(port),
    }
    checks = [_check(name, look) for name, look in looks.items()]
    problems = [check for check in checks if not check.ok]
    if as_json:
        versions = {"python": platform.python_version(), **_versions()}
        print_json({"ok": not problems, "versions": versions, "checks": checks})
    else:
        end = Message("doctor.problems", {"n": len(problems)}) if problems else Message("doctor.fine")
        head = f"stepsight {installed(STEPSIGHT) or UNKNOWN}, Python {platform.python_version()}"
        print_lines([f"{head}, {platform.platform()}", *map(_line, checks), say(end)])
    if problems:
        raise typer.Exit(1)


def _line(check: Check) -> str:
    return f"  {'✓' if check.ok else '✗'} {say(check.message)}"


def _check(name: str, look: Callable[[], Message]) -> Check:
    try:
        return Check(name, look(), ok=True)
    except StepsightError as error:
        return Check(name, error.message, ok=False)
    except (OSError, ValueError) as error:  # a file that is none of ours is a wrong value
        return Check(name, Message("doctor.failed", {"check": name, "reason": os_reason(error)}), ok=False)


def _versions() -> dict[str, str | None]:
    """The installed version of Stepsight and of each package that it asks for; None where it is missing."""
    return {each.name: installed(each.name) for each in _requirements()}


def _requirements() -> list[Requirement]:
    requirements = [Requirement(line) for line in (requires(STEPSIGHT) or [] if installed(STEPSIGHT) else [])]
    relevant = [each for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})]
    return [Requirement(STEPSIGHT), *relevant]


def _packages() -> Message:
    versions = _versions()
    for each in _requirements():
        version = versions[each.name]
        if version is None or not each.specifier.contains(version, prereleases=True):
            raise InvalidRequest("doctor.package", name=each.name, version=version, needed=str(each))
    main = [f"{name} {versions[name]}" for name in ("duckdb", "polars", "streamlit")]
    return Message("doctor.packages", {"n": len(versions) - 1, "main": main})


def _sample() -> Message:
    if not (SAMPLE / "events.parquet").is_file():
        raise InvalidRequest("doctor.sample_missing", folder=SAMPLE)
    return Message("doctor.sample", {"folder": SAMPLE})


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there already."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _warehouse(warehouse: Path) -> Message:
    folder = _existing(warehouse.absolute())
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Message("doctor.warehouse", {"folder": warehouse})
    except OSError as error:
        raise StorageFailed(
            "doctor.warehouse_not_writable", warehouse=warehouse, folder=folder, reason=os_reason(error)
        ) from error


def _space(warehouse: Path) -> Message:
    database = warehouse / "warehouse.duckdb"
    size = database.stat().st_size if database.is_file() else 0
    needed = max(LEAST_FREE_BYTES, COPIES * size)
    folder = _existing(warehouse.absolute())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageFailed(
            "doctor.space_short", free_gib=_gibibytes(free), folder=folder, needed_gib=_gibibytes(needed)
        )
    return Message("doctor.space", {"free_gib": _gibibytes(free), "folder": folder})


def _gibibytes(size: int) -> float:
    return round(size / GIBIBYTE, 1)


def _key(warehouse: Path) -> Message:
    key_file = os.environ.get("STEPSIGHT_KEY")
    key = Path(key_file) if key_file else key_path(warehouse)
    if _has_loads(warehouse):
        Archive(warehouse / "archive", key).pseudonyms()
    elif not key.exists():
        return Message("doctor.key_later", {"file": key})
    else:
        read_key(key, archive_fingerprint=None)
    return Message("doctor.key", {"file": key})


def _has_loads(warehouse: Path) -> bool:
    if not (warehouse / "archive").is_dir():
        return False
    return any(isinstance(record, LoadRecord) for record in Archive(warehouse / "archive").records(after=0))


def _archive(warehouse: Path) -> Message:
    if not _has_loads(warehouse):
        return Message("doctor.archive_none")
    archive = Archive(warehouse / "archive")
    require_sound(archive, applied=last_applied(warehouse, latest_snapshot(warehouse)), counts=True)
    return Message("doctor.archive", {"load": max(archive.load_ids())})


def _damaged(warehouse: Path) -> Message:
    if (folder := warehouse / DAMAGED).exists():
        raise WarehouseDamaged("doctor.damaged", folder=folder)
    return Message("doctor.damaged_none")


def _erasures(warehouse: Path) -> Message:
    if is_pending(warehouse):
        require_plan(warehouse)
        raise WarehouseBusy("forget.pending", folder=warehouse)
    erased = read_erased(warehouse)
    # Without the key nobody can tell whether the list is of it; that the key is lost, another line says.
    if erased and _has_loads(warehouse) and (pseudonyms := pseudonyms_if_any(archive_of(warehouse))):
        read_of_keys(warehouse, pseudonyms)
    return Message("doctor.erasures")


def _settings(warehouse: Path) -> Message:
    settings_of(warehouse)
    file = settings_file(warehouse)
    return Message("doctor.settings", {"file": file}) if file else Message("doctor.settings_default")


def _snapshot(warehouse: Path) -> Message:
    file = latest_snapshot(warehouse)
    if file is None:
        return Message("doctor.snapshot_none")
    require_readable(file)
    return Message("doctor.snapshot", {"file": file})


def _port(port: int) -> Message:
    with bind(port) as listener:
        return Message("doctor.port", {"port": listener.getsockname()[1]})
