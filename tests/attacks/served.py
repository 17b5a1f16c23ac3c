"""A server on a warehouse, what it sends a session for a page, and what it has open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg, DeferredFileRequestPayload
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

from tests.dashboard.browsing import ROOT, address_of, answering

TICKET, OTHER = b"ada-ticket-1", b"ben-ticket-1"


@contextmanager
def serving(
    warehouse: Path, *options: str, log: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on the warehouse, and its address; `log`: the file that gets what it says of itself."""
    command = [sys.executable, "-m", "stepsight", "serve", "--port", "0", "--warehouse", str(warehouse)]
    with (
        log.open("w") if log else nullcontext() as stderr,
        subprocess.Popen(
            [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True
        ) as server,
    ):
        try:
            yield server, answering(address_of(server), server)
        finally:
            server.terminate()
            server.wait(20)


def messages(session: ClientConnection, name: str, query: str = "") -> list[ForwardMsg]:
    """All messages that the server sends a session for a page."""
    client = ClientState(page_name=name, query_string=query)
    session.send(BackMsg(rerun_script=client).SerializeToString())
    received: list[ForwardMsg] = []
    while True:
        part = session.recv(timeout=60)
        assert isinstance(part, bytes)
        message = ForwardMsg.FromString(part)
        if message.WhichOneof("type") == "delta":
            assert message.delta.new_element.WhichOneof("type") != "exception", message
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return received
            continue
        received.append(message)


def page(session: ClientConnection, name: str, query: str = "") -> bytes:
    """All that the server sends a session for a page."""
    return b"".join(message.SerializeToString() for message in messages(session, name, query))


def downloads(page_messages: list[ForwardMsg]) -> dict[str, BackendOperationRequest]:
    """The files that a page offers: by the label of the button what a browser sends at a click."""
    (session_id,) = {
        each.new_session.initialize.session_id
        for each in page_messages
        if each.WhichOneof("type") == "new_session"
    }
    elements = (each.delta.new_element for each in page_messages if each.WhichOneof("type") == "delta")
    buttons = [each.download_button for each in elements if each.WhichOneof("type") == "download_button"]
    return {
        button.label: BackendOperationRequest(
            request_id=button.label,
            session_id=session_id,
            deferred_file=DeferredFileRequestPayload(file_id=button.deferred_file_id),
        )
        for button in buttons
    }


def click(session: ClientConnection, request: BackendOperationRequest) -> str:
    """The path at which the server has the file of a button that was clicked."""
    session.send(BackMsg(backend_operation_request=request).SerializeToString())
    while True:
        message = ForwardMsg.FromString(session.recv(timeout=60))  # type: ignore[arg-type]
        if message.WhichOneof("type") == "backend_operation_response":
            response = message.backend_operation_response
            assert not response.error_msg, response
            return response.deferred_file.url


def get(address: str, path: str) -> tuple[int, bytes]:
    """The status and the content at a path."""
    try:
        with urlopen(f"{address}{path}") as answer:  # noqa: S310
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, b""


def open_snapshots(server: subprocess.Popen[str]) -> set[str]:
    """The snapshots that the server has open, by name; also those that are removed."""
    links = set()
    for link in Path(f"/proc/{server.pid}/fd").iterdir():
        try:
            links.add(str(link.readlink()))
        except OSError:
            continue
    return {Path(link).name for link in links if "/snapshots/" in link}
