"""Results of the evaluation, kept desk by desk, so that a run that was stopped goes on where it stood."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Protocol

import polars as pl

ROOT = Path(__file__).parents[2]
_MEASURED = ("etl/simulator", "metrics", "tests/evaluation")
_MEASURED_FILES = ("tests/metrics/statistics/other_desk.py", "tests/metrics/releases/planted.py")

Frames = dict[str, pl.DataFrame]


class Job(Protocol):
    """One desk, or one line of the counts: its name, and its results when it is called."""

    @property
    def name(self) -> str: ...
    def __call__(self) -> Frames: ...


def folder() -> Path:
    """Where this state of the code keeps its results: other code has other results."""
    parts = (
        path for part in _MEASURED for path in (ROOT / part).rglob("*") if path.suffix in (".py", ".sql")
    )
    files = sorted([*parts, *(ROOT / name for name in _MEASURED_FILES)])
    state = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"stepsight-evaluation-{state}"


def results(jobs: Iterable[Job], pool: Executor, store: Path) -> Iterator[tuple[str, Frames]]:
    """The results of every job in their order; the missing are worked out first, a line printed for each."""
    jobs = list(jobs)
    store.mkdir(parents=True, exist_ok=True)
    missing = [job for job in jobs if not (store / job.name).exists()]
    began = time.monotonic()
    futures = {pool.submit(_work_out, job, store): job for job in missing}
    for done, future in enumerate(as_completed(futures), 1):
        future.result()
        took = time.monotonic() - began
        left = took / done * (len(missing) - done)
        name = futures[future].name
        print(f"{done} of {len(missing)}: {name}, {took:.0f} s, {left:.0f} s left", flush=True)  # noqa: T201
    for job in jobs:
        yield job.name, _read(store / job.name)


def _work_out(job: Job, store: Path) -> None:
    _write(store / job.name, job())


def _write(place: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """All frames or none: a folder that is moved into place when it is whole."""
    half = place.with_name(f"{place.name}.half-{os.getpid()}")
    half.mkdir()
    for name, frame in frames.items():
        frame.write_parquet(half / f"{name}.parquet")
    half.rename(place)


def _read(place: Path) -> Frames:
    return {path.stem: pl.read_parquet(path) for path in sorted(place.iterdir())}
