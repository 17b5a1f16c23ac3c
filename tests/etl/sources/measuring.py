"""Load one file in a process of its own, and say what it took."""

from __future__ import annotations

import re
import resource
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from etl.sources import files
from etl.store.archive import Archive
from etl.store.warehouse import open_writer
from tests.etl.desk import Desk
from tests.processes import PROCESSES


@dataclass(frozen=True)
class Taken:
    """What a load came to, in seconds (without starting Python) and mebibytes (with everything)."""

    report: dict[str, Any]
    seconds: float
    mebibytes: float


def measured_load(path: Path, home: Path) -> Taken:
    hears, says = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_load, args=(path, home, says))
    process.start()
    says.close()
    try:
        return Taken(*hears.recv())
    except EOFError:
        process.join()
        raise AssertionError(f"the load ended with {process.exitcode}") from None
    finally:
        process.join()


def _load(path: Path, home: Path, says: Connection) -> None:
    with open_writer(home) as connection:
        desk = Desk(home, connection, Archive(home / "archive"))
        start = time.process_time()
        reports = [desk.load(file) for file in files([path])]
        seconds = time.process_time() - start
    says.send((reports[0].model_dump(), seconds, peak_mebibytes()))


def peak_mebibytes() -> float:
    """Of this process alone: `ru_maxrss` begins with what the process that started this one had."""
    status = Path("/proc/self/status")
    if status.exists():
        (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(kilobytes) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS
