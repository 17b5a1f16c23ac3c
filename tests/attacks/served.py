"""A server on a warehouse, what it sends a session for a page, and what it has open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from tests.dashboard.browsing import ROOT, address_of, answering

TICKET, OTHER = b"ada-ticket-1", b"ben-ticket-1"


@contextmanager
def serving(warehouse: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on the warehouse, and its address."""
    command = [sys.executable, "-m", "stepsight", "serve", "--port", "0", "--warehouse", str(warehouse)]
    with subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server, answering(address_of(server), server)
        finally:
            server.terminate()
            server.wait(20)


def page(session: ClientConnection, name: str, query: str = "") -> bytes:
    """All that the server sends a session for a page."""
    client = ClientState(page_name=name, query_string=query)
    session.send(BackMsg(rerun_script=client).SerializeToString())
    sent = b""
    while True:
        part = session.recv(timeout=60)
        assert isinstance(part, bytes)
        message = ForwardMsg.FromString(part)
        if message.WhichOneof("type") == "delta":
            assert message.delta.new_element.WhichOneof("type") != "exception", message
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return sent
            continue
        sent += part


def open_snapshots(server: subprocess.Popen[str]) -> set[str]:
    """The snapshots that the server has open, by name; also those that are removed."""
    links = set()
    for link in Path(f"/proc/{server.pid}/fd").iterdir():
        try:
            links.add(str(link.readlink()))
        except OSError:
            continue
    return {Path(link).name for link in links if "/snapshots/" in link}
