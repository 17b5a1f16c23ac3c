"""However the server is ended, nothing is left of it: no process, no taken port, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from commands.server import bind
from tests.dashboard.browsing import ROOT, address_of, answering, stream
from tests.lengths import LONG

SERVE = [sys.executable, "-m", "stepsight", "serve", "--port", "0"]
DEMO = [sys.executable, "-m", "stepsight", "demo", "--port", "0", "--warehouse"]
MAKE = ["make", "--assume-old=.venv/.ready", "demo", "PORT=0"]
SECONDS = 20


def send_sigterm(process: subprocess.Popen[str]) -> None:
    """As `kill` and service managers do."""
    process.terminate()


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    """As a terminal does: every process in the foreground hears it."""
    os.killpg(process.pid, signal.SIGINT)


@contextmanager
def started(command: list[str | Path], **surroundings: Any) -> Iterator[subprocess.Popen[str]]:
    """A process with a group of its own, as a shell starts it; what a failed test leaves of it is killed."""
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **surroundings,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def on(warehouse: Path) -> dict[str, Any]:
    return {"cwd": ROOT, "env": os.environ | {"STEPSIGHT_WAREHOUSE": str(warehouse)}}


def assert_nothing_is_left(process: subprocess.Popen[str], address: str) -> str:
    """What the process said until its end."""
    said, _ = process.communicate(timeout=SECONDS)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    bind(int(address.rsplit(":")[-1])).close()
    assert "Traceback" not in said
    assert "leaked" not in said
    return said


WAYS = [(end, delay) for end in (send_sigterm, press_ctrl_c) for delay in (0.0, 0.5, 3.0)]
"""While it imports, while it starts, when it is at rest."""


@pytest.mark.sweep(9)
@pytest.mark.parametrize(("end", "delay"), WAYS if LONG else [WAYS[0], WAYS[5]])
def test_a_server_ends_at_once(
    end: Callable[[subprocess.Popen[str]], None], delay: float, warehouses: dict[str, Path]
) -> None:
    with started(SERVE, **on(warehouses["one ticket"])) as process:
        address = address_of(process)
        time.sleep(delay)
        end(process)
        assert_nothing_is_left(process, address)
    assert process.returncode == 0


@pytest.mark.long
@pytest.mark.parametrize("end", [send_sigterm, press_ctrl_c] if LONG else [send_sigterm])
def test_a_server_ends_while_a_page_is_worked_out(
    end: Callable[[subprocess.Popen[str]], None], warehouses: dict[str, Path]
) -> None:
    with started(SERVE, **on(warehouses["full"])) as process:
        address = address_of(process)
        with stream(address, origin=address) as page:
            page.send(BackMsg(rerun_script=ClientState()).SerializeToString())
            page.recv(timeout=60)
            end(process)
            assert_nothing_is_left(process, address)
    assert process.returncode == 0


LOADS_WITHOUT_END = """
import os, sys, time
from pathlib import Path
from commands.server import bind
from commands.signals import end_on_signals
from dashboard.server import run_server
from dashboard.views.your_data import upload_job, uploads
from etl.mapping.mapping import Mapping
from metrics.settings.model import Settings

os.mkfifo(pipe := Path(sys.argv[1]) / "pipe.csv")
uploads._only = lambda path: pipe.open() and path  # nobody writes into it: whoever opens it waits
upload_job.start(uploads.Upload("a.csv", b"a"), Mapping(), 1, Path(sys.argv[1]) / "warehouse", Settings())
while not list(Path(sys.argv[1]).glob("warehouse/uploads/*/a.csv")):
    time.sleep(0.05)
with end_on_signals(status=0), bind(0) as listener:
    print("http://{}:{}".format(*listener.getsockname()), flush=True)
    run_server(listener)
"""


@pytest.mark.parametrize("end", [send_sigterm, press_ctrl_c] if LONG else [send_sigterm])
def test_a_server_ends_though_a_file_is_being_loaded_and_removes_the_file(
    end: Callable[[subprocess.Popen[str]], None], tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    environment = {"STEPSIGHT_WAREHOUSE": str(warehouse), "PYTHONPATH": str(ROOT)}
    surroundings = {"cwd": ROOT, "env": os.environ | environment}
    with started([sys.executable, "-c", LOADS_WITHOUT_END, tmp_path], **surroundings) as process:
        address = answering(address_of(process), process)
        end(process)
        assert_nothing_is_left(process, address)
    assert process.returncode == 0
    assert list((warehouse / "uploads").iterdir()) == []


@pytest.mark.long  # else the wheel's demo is ended, and one that still loads
@pytest.mark.parametrize("end", [send_sigterm, press_ctrl_c])
def test_make_demo_leaves_nothing(end: Callable[[subprocess.Popen[str]], None], tmp_path: Path) -> None:
    with started(MAKE, **on(tmp_path / "demo")) as process:
        address = address_of(process)
        end(process)
        assert_nothing_is_left(process, address)


@pytest.mark.parametrize("end", [send_sigterm, press_ctrl_c] if LONG else [send_sigterm])
def test_a_demo_that_still_loads_ends_too(
    end: Callable[[subprocess.Popen[str]], None], tmp_path: Path
) -> None:
    """Nothing was loaded, which whoever started it must be able to tell."""
    with started([*DEMO, tmp_path / "demo"], cwd=ROOT) as process:
        while not (tmp_path / "demo" / "archive").exists():
            time.sleep(0.05)
        end(process)
        said, _ = process.communicate(timeout=SECONDS)
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    assert "Traceback" not in said
    assert "Stopped before the dashboard was open." in said
    assert process.returncode == 128 + (signal.SIGTERM if end is send_sigterm else signal.SIGINT)
