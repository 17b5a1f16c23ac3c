"""However the server is ended, nothing is left of it: no process, no taken port, no traceback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from tests.dashboard.browsing import ROOT, address_of, stream

MAKE = ["make", "--assume-old=.venv/.ready", "demo", "PORT=0"]
SECONDS = 20


def send_to(process: subprocess.Popen[str]) -> None:
    """As `kill` and service managers do."""
    process.terminate()


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    """As a terminal does: every process in the foreground hears it."""
    os.killpg(process.pid, signal.SIGINT)


def start(command: list[str], warehouse: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"STEPSIGHT_WAREHOUSE": str(warehouse)}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def assert_nothing_is_left(process: subprocess.Popen[str], address: str) -> str:
    """What the process said until its end."""
    said, _ = process.communicate(timeout=SECONDS)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    with socket.socket() as again:
        again.bind(("127.0.0.1", int(address.rsplit(":")[-1])))
    assert "Traceback" not in said
    assert "leaked" not in said
    return said


@pytest.mark.parametrize("end", [send_to, press_ctrl_c])
@pytest.mark.parametrize("delay", [0.0, 0.5, 3.0])  # while it imports, while it starts, when it is at rest
def test_a_server_ends_at_once(
    end: Callable[[subprocess.Popen[str]], None], delay: float, warehouses: dict[str, Path]
) -> None:
    process = start([sys.executable, "-m", "stepsight", "serve", "--port", "0"], warehouses["one ticket"])
    address = address_of(process)
    time.sleep(delay)
    end(process)
    assert_nothing_is_left(process, address)
    assert process.returncode == 0


@pytest.mark.parametrize("end", [send_to, press_ctrl_c])
def test_a_server_ends_while_a_page_is_worked_out(
    end: Callable[[subprocess.Popen[str]], None], warehouses: dict[str, Path]
) -> None:
    process = start([sys.executable, "-m", "stepsight", "serve", "--port", "0"], warehouses["full"])
    address = address_of(process)
    with stream(address, origin=address) as page:
        page.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        page.recv(timeout=60)
        end(process)
        assert_nothing_is_left(process, address)
    assert process.returncode == 0


@pytest.mark.parametrize("end", [send_to, press_ctrl_c])
def test_make_demo_leaves_nothing(end: Callable[[subprocess.Popen[str]], None], tmp_path: Path) -> None:
    process = start(MAKE, tmp_path / "demo")
    address = address_of(process)
    end(process)
    assert_nothing_is_left(process, address)


@pytest.mark.parametrize("end", [send_to, press_ctrl_c])
def test_a_demo_that_still_loads_ends_too(
    end: Callable[[subprocess.Popen[str]], None], tmp_path: Path
) -> None:
    process = start(MAKE, tmp_path / "demo")
    while not (tmp_path / "demo" / "archive").exists():
        time.sleep(0.05)
    end(process)
    said, _ = process.communicate(timeout=SECONDS)
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
