"""A server of the dashboard on a warehouse of its own, and the browser that looks at it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as TookTooLong
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
VIEWS = sorted(view.parent.name for view in (ROOT / "dashboard" / "views").glob("*/view.py"))
"""Every page there is."""


@contextmanager
def serving(warehouse: Path) -> Iterator[str]:
    """The address at which `stepsight serve` answers on this warehouse."""
    command = [sys.executable, "-m", "stepsight", "serve", "--port", "0", "--warehouse", str(warehouse)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield answering(address_of(server), server)
    finally:
        server.terminate()
        server.wait(20)
        assert server.stdout is not None
        server.stdout.close()


def address_of(server: subprocess.Popen[str]) -> str:
    """The address that the server prints when it starts."""
    assert server.stdout is not None
    for line in server.stdout:
        if address := re.search(r"http://[\w.]+:\d+", line):
            return address.group()
    raise AssertionError("the server ended without naming its address")


def answering(address: str, server: subprocess.Popen[str]) -> str:
    for _ in range(120):
        assert server.poll() is None, "the dashboard ended while starting"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health"):  # noqa: S310
                return address
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the dashboard did not answer within a minute")


def stream(address: str, host: str | None = None, origin: str | None = None) -> ClientConnection:
    """The connection that a page has; the host and the origin are what a browser would say."""
    place = address.removeprefix("http://")
    to = socket.create_connection((place.split(":")[0], int(place.split(":")[1])))
    return connect(f"ws://{host or place}/_stcore/stream", sock=to, origin=origin, open_timeout=60)  # type: ignore[arg-type]


def first_page(address: str) -> NewSession:
    """What the server tells a reader of its first page before all else; the page itself must succeed."""
    session = NewSession()
    with stream(address, origin=address) as connection:
        connection.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        while True:
            message = ForwardMsg.FromString(connection.recv(timeout=60))  # type: ignore[arg-type]
            match message.WhichOneof("type"):
                case "new_session":
                    session.CopyFrom(message.new_session)
                case "delta":
                    element = message.delta.new_element.WhichOneof("type")
                    assert element != "exception", message.delta.new_element.exception.message
                case "script_finished":
                    assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                    return session


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser without a window; where there is none, the tests are skipped with a notice."""
    if not (path := shutil.which("chromium")):
        pytest.skip("no chromium on this machine: the pages were not opened in a real browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


def settle(page: Page) -> None:
    """Wait until the page has been worked out and its pictures and tables have come to rest."""
    page.wait_for_function(_AT_REST, polling=150, timeout=PATIENCE)


_AT_REST = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const runs = app?.dataset.testScriptState !== 'notRunning';
    const moves = document.getAnimations().some((one) => isFinite(one.effect.getComputedTiming().endTime));
    if (runs || moves || document.querySelector('[data-testid=stSkeleton]')) return false;
    const figures = [...document.querySelectorAll('[data-testid=stPlotlyChart]')];
    if (figures.some((figure) => !figure.querySelector('svg.main-svg'))) return false;
    const look = [...document.querySelectorAll('canvas')]
        .map((canvas) => canvas.getBoundingClientRect().top + canvas.toDataURL())
        .concat(figures.map((figure) => JSON.stringify(figure.getBoundingClientRect())));
    if (String(look) !== window.look) [window.look, window.since] = [String(look), performance.now()];
    return performance.now() - window.since > 400;
}"""


def until(page: Page, arrived: Callable[[float], object], click: Callable[[], object]) -> None:
    """Click on a picture, which says nothing of hearing clicks yet, until what the click leads to is there.

    `arrived` waits so many milliseconds for it.
    """
    for patience in (10_000, 20_000, 30_000):
        settle(page)
        click()
        with suppress(TookTooLong):
            arrived(patience)
            return
    raise AssertionError("the click led nowhere")


def click_on(drawn: Locator) -> None:
    """Click into the middle of something drawn in a figure; plotly.js listens on a layer above it."""
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box is not None
    drawn.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
