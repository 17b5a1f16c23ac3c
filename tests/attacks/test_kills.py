"""Whatever command is killed at whatever instant: something is served, and the next one completes it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
import typer

from commands import main
from etl.store.archive import Archive, LoadRecord
from tests.attacks.desk import ADA, content, copy, desk, files, is_same, months_since_march, run, upload
from tests.dashboard.browsing import ROOT
from tests.lengths import LONG
from tests.warehouses import Templates

KILLS = 20 if LONG else 1
SLOWER = 1.3
"""A process of its own takes longer than the one that runs the tests: the last instants count, too."""


def damage(warehouse: Path) -> None:
    """Replace the segment of the first load by another one."""
    record = Archive(warehouse / "archive").record(1)
    assert isinstance(record, LoadRecord)
    segment = warehouse / "archive" / "segments" / record.segments[0]
    pl.read_parquet(segment).head(1).write_parquet(segment)


def change_settings(warehouse: Path) -> None:
    (warehouse / "stepsight.toml").write_text("time_zone = 'Europe/Paris'\n")


def make_older(warehouse: Path) -> None:
    """Leave a database as another version would."""
    (warehouse / "warehouse.duckdb").write_bytes(b"of another version" * 500)


@dataclass(frozen=True)
class Writing:
    """A command that writes to a warehouse; `prepare`: what happens to the warehouse before."""

    arguments: str
    prepare: Callable[[Path], None] = lambda _: None


WRITING = {
    "load": Writing("load {folder}/third.csv"),
    "upload": Writing("upload {folder}/third.csv"),
    "load into an older database": Writing("load {folder}/third.csv", make_older),
    "load in place of another": Writing("load {folder}/first.csv --mapping {folder}/mapping.toml"),
    "unload": Writing("unload 1"),
    "workflows add": Writing("workflows add {folder}/workflows.json"),
    "rebuild": Writing("rebuild"),
    "rebuild what is damaged": Writing("rebuild --salvage", damage),
    "refresh": Writing("refresh", change_settings),
    "forget": Writing(f"forget --customer {ADA}"),
    "purge": Writing(f"purge --months {months_since_march()}"),
    "rekey": Writing("rekey"),
}
PAGES = {"upload"}
"""What is no command, but done by a page."""
SERVED = {"serve": "it writes by uploads", "demo": "workflows add, load, serve"}
READING = {
    *("loads", "inspect", "health", "rejected", "workflows list", "settings", "simulate", "doctor"),
    "export-person",
    *("metrics", "explain", "backlog", "change", "trend", "breaches"),
    *("hotspots", "training", "diagnose", "versions", "flow", "causes", "conformance", "outcomes"),
}
"""Those that write nothing into a warehouse, but for what a command before them left undone."""

CHILD = """
import sys
from importlib import import_module
import stepsight
from commands.main import COMMANDS
for module in COMMANDS:
    import_module(module)
import metrics.refresh.statements
from tests.attacks.desk import upload
print("ready", flush=True)
if sys.argv[1] == "upload":
    upload(sys.argv[2], sys.argv[4])
else:
    stepsight.main(sys.argv[1:])
"""


def perform(arguments: list[str], warehouse: Path) -> int:
    """What is killed below, undisturbed; the status that it ends with."""
    if arguments[0] == "upload":
        upload(arguments[1], warehouse)
        return 0
    return run(*arguments, warehouse=warehouse)


def commands() -> Iterator[str]:
    """Every command there is, by its full name."""
    group = typer.main.get_command(main.app)
    context = typer.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield from (f"{name} {part}" for part in command.commands) if hasattr(command, "commands") else [name]


def test_every_command_that_writes_is_killed_below() -> None:
    killed = {next(name for name in commands() if each.startswith(name)) for each in WRITING.keys() - PAGES}
    assert set(commands()) == killed | READING | SERVED.keys()


@contextmanager
def started(warehouse: Path, arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, everything imported."""
    command = [sys.executable, "-c", CHILD, *arguments, "--warehouse", str(warehouse)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def leftovers(warehouse: Path) -> list[str]:
    patterns = ("*.unfinished", "*.tmp", "anew*", "damaged.duckdb*", "erasure.json", "*.wal")
    return [file.name for pattern in patterns for file in warehouse.rglob(pattern)]


@pytest.mark.sweep(12)
@pytest.mark.parametrize("name", WRITING)
def test_killed_at_any_instant_something_is_served_and_the_next_command_completes(
    templates: Templates, tmp_path: Path, name: str
) -> None:
    template, dice = desk(templates, tmp_path / "template"), random.Random(name)  # noqa: S311 - instants
    files(tmp_path / "inputs")
    arguments = WRITING[name].arguments.format(folder=tmp_path / "inputs").split()
    before = content(template)
    undisturbed = copy(template, tmp_path / "undisturbed")
    WRITING[name].prepare(undisturbed)
    began = time.monotonic()
    assert perform(arguments, undisturbed) == 0
    usual, after = time.monotonic() - began, content(undisturbed)
    for attempt in range(KILLS):
        warehouse = copy(template, tmp_path / str(attempt) / "warehouse")
        WRITING[name].prepare(warehouse)
        with started(warehouse, arguments) as process:
            time.sleep(dice.uniform(0, SLOWER * usual))
            process.kill()
        served = content(warehouse)
        assert any(is_same(served, state) for state in (before, after)), served
        if name != "rebuild what is damaged":  # what is not sound stops every other command
            assert run("refresh", warehouse=warehouse) == 0
        if not is_same(content(warehouse), after):
            assert perform(arguments, warehouse) == 0
        assert is_same(content(warehouse), after)
        assert leftovers(warehouse) == []
        assert list(warehouse.glob("uploads/*")) == []


@pytest.mark.sweep(9)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_command_says_so_and_shows_no_traceback(
    templates: Templates, tmp_path: Path, number: int
) -> None:
    template, dice = desk(templates, tmp_path), random.Random(7)  # noqa: S311 - instants
    statuses = set()
    for attempt in range(KILLS):
        warehouse = copy(template, tmp_path / str(attempt) / "warehouse")
        with started(warehouse, ["rebuild"]) as process:
            time.sleep(dice.uniform(0.05, 0.3))
            for _ in range(2):
                os.kill(process.pid, number)
            _, err = process.communicate(timeout=60)
        statuses.add(process.returncode)
        assert "Traceback" not in err
        assert ("Stopped." in err) == (process.returncode == 128 + number), err
        assert is_same(content(warehouse), content(template))
    assert statuses & {128 + number}
