"""Load one file in a process of its own, and say what it took."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Taken:
    """What a load came to, in seconds (without starting Python) and mebibytes (with everything)."""

    report: dict[str, Any]
    seconds: float
    mebibytes: float


def measured_load(path: Path, home: Path) -> Taken:
    process = subprocess.run(
        [sys.executable, "-m", "tests.etl.sources.measuring", str(path), str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return Taken(**json.loads(process.stdout.splitlines()[-1]))


def main(path: Path, home: Path) -> None:
    from etl.sources import files
    from etl.store.archive import Archive
    from etl.store.warehouse import open_writer
    from tests.etl.desk import Desk

    with open_writer(home) as connection:
        desk = Desk(home, connection, Archive(home / "archive"))
        start = time.process_time()
        reports = [desk.load(file) for file in files([path])]
        seconds = time.process_time() - start
    report = reports[0].model_dump()
    print(json.dumps({"report": report, "seconds": seconds, "mebibytes": peak_mebibytes()}))  # noqa: T201


def peak_mebibytes() -> float:
    """Of this process alone: `ru_maxrss` begins with what the process that started this one had."""
    status = Path("/proc/self/status")
    if status.exists():
        (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(kilobytes) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
