"""A command that looks whether Stepsight can run here, and says what to do where it cannot."""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Annotated

import typer
from packaging.requirements import Requirement

from commands.options import Port, Warehouse
from commands.places import DEFAULT_WAREHOUSE, SAMPLE
from commands.printing import print_lines
from commands.server import bind
from commands.warehouses import archive_of, settings_file, settings_of
from etl.archive import LoadRecord
from etl.errors import InvalidRequest, KeyMismatch, StepsightError, StorageFailed
from etl.privacy import key_path, read_key
from etl.warehouse import latest_snapshot, open_latest

app = typer.Typer()
GIBIBYTE = 1 << 30
LEAST_FREE_BYTES = GIBIBYTE
COPIES = 2
"""A load changes the database and publishes a copy of it."""

OTHERS = 0o077


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what holds, or what is wrong and what to do."""

    name: str
    value: str | None
    problem: str | None = None


@app.callback()
def _group() -> None:
    """Typer takes a lone command for the whole."""


@app.command()
def doctor(
    port: Port = 8501,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Look whether Stepsight can run here: versions, places, key, settings, space and port."""
    checks = [
        _check(name, look)
        for name, look in {
            "python": _python,
            "packages": _packages,
            "sample": _sample,
            "warehouse": lambda: _warehouse(warehouse),
            "space": lambda: _space(warehouse),
            "key": lambda: _key(warehouse),
            "settings": lambda: _settings(warehouse),
            "snapshot": lambda: _snapshot(warehouse),
            "port": lambda: _port(port),
        }.items()
    ]
    problems = [check for check in checks if check.problem]
    if as_json:
        versions = {"stepsight": version("stepsight"), "python": platform.python_version(), **_versions()}
        found = {"ok": not problems, "versions": versions, "checks": [asdict(check) for check in checks]}
        print(json.dumps(found, indent=2))  # noqa: T201
    else:
        print_lines([f"stepsight {version('stepsight')}", *(_in_words(check) for check in checks)])
        print_lines([f"{len(problems)} to mend" if problems else "Nothing is wrong"])
    if problems:
        raise typer.Exit(1)


def _in_words(check: Check) -> str:
    return f"  wrong  {check.problem}" if check.problem else f"  ok     {check.name}: {check.value}"


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, look())
    except StepsightError as error:
        return Check(name, None, str(error))
    except (OSError, ValueError) as error:  # a file that cannot be read, or is none of ours
        return Check(name, None, f"The {name} cannot be looked at: {error}. Mend what this names.")


def _python() -> str:
    return f"{platform.python_version()} on {platform.platform()}"


def _versions() -> dict[str, str | None]:
    """The installed version of each package that Stepsight asks for; None where it is missing."""
    return {requirement.name: _installed(requirement.name) for requirement in _requirements()}


def _requirements() -> list[Requirement]:
    asked = [Requirement(line) for line in requires("stepsight") or []]
    return [each for each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _packages() -> str:
    versions = _versions()
    for requirement in _requirements():
        found = versions[requirement.name]
        if found is None or not requirement.specifier.contains(found, prereleases=True):
            raise InvalidRequest(
                f"The package {requirement.name} is {'missing' if found is None else f'of version {found}'}, "
                f"but Stepsight needs {requirement}. Install the versions it was tested with: "
                "pip install --require-hashes -r requirements.txt"
            )
    shown = ", ".join(f"{name} {versions[name]}" for name in ("duckdb", "polars", "streamlit"))
    return f"{len(versions)} as required ({shown})"


def _sample() -> str:
    if not (SAMPLE / "events.parquet").is_file():
        raise InvalidRequest(f"The sample is missing in {SAMPLE}. Install Stepsight again.")
    return str(SAMPLE)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there already."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _warehouse(warehouse: Path) -> str:
    folder = _existing(warehouse.absolute())
    try:
        with tempfile.TemporaryFile(dir=folder):
            return str(warehouse)
    except OSError as error:
        raise StorageFailed(
            f"The warehouse {warehouse} cannot be written: {folder}: {error.strerror}. "
            "Mend its permissions, or name another folder with --warehouse or STEPSIGHT_WAREHOUSE."
        ) from error


def _space(warehouse: Path) -> str:
    database = warehouse / "warehouse.duckdb"
    size = database.stat().st_size if database.is_file() else 0
    needed = max(LEAST_FREE_BYTES, COPIES * size)
    folder = _existing(warehouse.absolute())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageFailed(
            f"Only {free / GIBIBYTE:.1f} GiB are free in {folder}, but a load needs "
            f"{needed / GIBIBYTE:.1f} GiB. Make room there, or name another folder with --warehouse."
        )
    return f"{free / GIBIBYTE:.1f} GiB are free in {folder}"


def _key(warehouse: Path) -> str:
    named = os.environ.get("STEPSIGHT_KEY")
    key = Path(named) if named else key_path(warehouse)
    if _has_loads(warehouse):
        archive_of(warehouse).pseudonyms()
    elif not key.exists():
        return f"the first load makes {key}"
    else:
        read_key(key, archive_fingerprint=None)
    if os.name == "posix" and key.stat().st_mode & OTHERS:
        raise KeyMismatch(
            f"Others on this machine can read the key {key}, and could tell who is behind a pseudonym. "
            f"Take that away: chmod 600 {key}"
        )
    return str(key)


def _has_loads(warehouse: Path) -> bool:
    if not (warehouse / "archive").is_dir():
        return False
    return any(isinstance(record, LoadRecord) for record in archive_of(warehouse).records(after=0))


def _settings(warehouse: Path) -> str:
    settings_of(warehouse)
    return str(settings_file(warehouse) or "no stepsight.toml: the defaults hold")


def _snapshot(warehouse: Path) -> str:
    open_latest(warehouse).close()
    return str(latest_snapshot(warehouse) or "nothing has been loaded yet")


def _port(port: int) -> str:
    with bind(port) as listener:
        return f"{listener.getsockname()[1]} is free"
