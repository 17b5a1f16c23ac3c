"""A load killed at any instant loses nothing: the last snapshot is served, and loading again completes it."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import signal
import time
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import polars as pl
import pytest

import stepsight
from etl.simulator import simulate
from etl.store.warehouse import latest_snapshot, open_snapshot
from tests.lengths import LONG

DONE = (0, "")
CARRIED_THROUGH = (
    "stepsight: An interrupted command was carried through: load 2 (second.parquet) is in the numbers now.\n"
)
KILLS = 60 if LONG else 1
TABLES = ("events", "conflicts", "tickets", "runs", "visits", "fluent_times", "workflow_steps")
PROCESSES = multiprocessing.get_context(
    "spawn"
)  # a forked one would inherit locks of threads it does not have
READY = "ready\n"


def run(warehouse: Path, files: list[Path], says: Connection, largest_file: int | None = None) -> None:
    """`stepsight load`, in a process that may be killed; what it says to people goes through a pipe."""
    os.dup2(says.fileno(), 2)
    os.write(2, READY.encode())
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if largest_file is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that writing fails instead of ending the process
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    stepsight.main(["load", *map(str, files), "--warehouse", str(warehouse)])


def start(
    warehouse: Path, *files: Path, **how: int
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    hears, says = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=run, args=(warehouse, list(files), says), kwargs=how)
    process.start()
    says.close()
    assert os.read(hears.fileno(), len(READY)) == READY.encode()
    return process, hears


def finished(warehouse: Path, *files: Path, **how: int) -> tuple[int | None, str]:
    """How a load ended, and what it said."""
    process, hears = start(warehouse, *files, **how)
    said = b""
    while part := os.read(hears.fileno(), 65_536):
        said += part
    process.join()
    return process.exitcode, said.decode()


def content(warehouse: Path) -> dict[str, pl.DataFrame]:
    """What readers are served, without the numbers of loads and places in files."""
    reader = open_snapshot(latest_snapshot(warehouse))
    frames = {name: reader.table(name).pl().drop("load_id", "position", strict=False) for name in TABLES}
    return {name: frame.sort(frame.columns) for name, frame in frames.items()}


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, frame in one.items():
        assert frame.equals(other[name]), name


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A history in two files, each without what happened in the other."""
    folder = tmp_path_factory.mktemp("history")
    events = simulate(tickets=600 if LONG else 200, seed=5, weeks=4, start=date(2026, 1, 5)).events.sort(
        "occurred_at", "event_id"
    )
    files = [folder / "first.parquet", folder / "second.parquet"]
    half = events.height // 2
    for file, part in zip(files, (events[:half], events[half:]), strict=True):
        part.write_parquet(file)
    return files


@pytest.fixture(scope="module")
def warehouses(months: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One with the first file, and one with both, loaded undisturbed and with the same key."""
    folder = tmp_path_factory.mktemp("warehouses")
    first, both = folder / "first", folder / "both"
    assert finished(first, months[0]) == DONE
    copy(first, both)
    assert finished(both, months[1]) == DONE
    return first, both


def copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target)
    shutil.copy(source.with_name(f"{source.name}.key"), target.with_name(f"{target.name}.key"))


@pytest.mark.long
def test_a_load_killed_at_any_instant_is_completed_by_loading_again(
    months: list[Path], warehouses: tuple[Path, Path], tmp_path: Path
) -> None:
    first, both = warehouses
    before, after = content(first), content(both)
    copy(first, tmp_path / "measured")
    process, _hears = start(tmp_path / "measured", months[1])
    began = time.monotonic()
    process.join()
    usual = time.monotonic() - began
    dice, killed = random.Random(7), 0  # noqa: S311 - instants, not secrets
    for attempt in range(KILLS):
        warehouse = tmp_path / str(attempt)
        copy(first, warehouse)
        process, _hears = start(warehouse, months[1])
        time.sleep(dice.uniform(0, usual))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        served = content(warehouse)
        assert_same(served, after if served["events"].height == after["events"].height else before)
        assert finished(warehouse, months[1]) in (DONE, (0, CARRIED_THROUGH))
        assert_same(content(warehouse), after)
        assert not list(warehouse.rglob("*.unfinished"))
        shutil.rmtree(warehouse)
    assert killed >= KILLS // 2


@pytest.mark.long
@pytest.mark.parametrize("largest_file", [0, 20_000, 200_000, 2_000_000] if LONG else [200_000])
def test_a_full_disk_is_said_in_a_sentence_and_loses_nothing(
    months: list[Path],
    warehouses: tuple[Path, Path],
    tmp_path: Path,
    largest_file: int,
) -> None:
    first, both = warehouses
    warehouse = tmp_path / "full"
    copy(first, warehouse)
    exit_code, said = finished(warehouse, months[1], largest_file=largest_file)
    assert exit_code == 1
    assert "cannot be written" in said, said
    assert "Traceback" not in said
    assert_same(content(warehouse), content(first))
    assert finished(warehouse, months[1]) in (DONE, (0, CARRIED_THROUGH))
    assert_same(content(warehouse), content(both))
