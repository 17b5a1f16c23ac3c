"""Commands that open the dashboard: on one's own data, or on the sample."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from commands.data import load_paths, print_report
from commands.options import Port, Warehouse
from commands.places import DEFAULT_WAREHOUSE, DEMO_WAREHOUSE, SAMPLE
from commands.signals import end_on_signals
from commands.warehouses import refresh_older, settings_file, writing
from dashboard.language.messages import say
from etl.contract.workflows import read_definitions
from etl.errors import InvalidRequest, StorageFailed, WarehouseBusy
from etl.messages import Message, os_reason
from etl.settings.file import NAME as SETTINGS_FILE
from etl.store.load import add_definitions
from etl.store.upload_folders import remove_stale_uploads

app = typer.Typer()
UPLOADS, MEGABYTES = "STEPSIGHT_ALLOW_UPLOADS", "STEPSIGHT_UPLOAD_MEGABYTES"
LOOPBACK, CONNECTIONS_IN_LINE = "127.0.0.1", 128


@app.command()
def serve(
    port: Port = 8501,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    allow_uploads: Annotated[
        bool,
        typer.Option("--allow-uploads", envvar=UPLOADS, help="Let readers load files on the page Your data."),
    ] = False,
    upload_megabytes: Annotated[
        int, typer.Option(min=1, max=4000, envvar=MEGABYTES, help="How large such a file may be.")
    ] = 200,
) -> None:
    """Open the dashboard on this machine."""
    with bind(port) as listener:
        with suppress(WarehouseBusy, StorageFailed):  # pages say then what to do
            refresh_older(warehouse)
        with suppress(OSError):  # a folder that is not there, or cannot be written
            remove_stale_uploads(warehouse)
        _run(listener, warehouse, upload_megabytes if allow_uploads else None)


@app.command()
def demo(port: Port = 8501, warehouse: Warehouse = DEMO_WAREHOUSE) -> None:
    """Load the sample and open the dashboard."""
    with end_on_signals(stopped=Message("server.interrupted")), bind(port) as listener:
        with writing(warehouse) as (connection, archive):
            add_definitions(read_definitions(SAMPLE / "workflows.json"), connection, archive)
            if not (warehouse / SETTINGS_FILE).exists():
                shutil.copyfile(SAMPLE / SETTINGS_FILE, warehouse / SETTINGS_FILE)
        print_report(load_paths([SAMPLE / "events.parquet"], warehouse, None))
        _run(listener, warehouse)


def bind(port: int) -> socket.socket:
    """A socket that nobody but this machine reaches; port 0 takes one that is free.

    Raises:
        InvalidRequest: the port is in use, or only the administrator may use it.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(CONNECTIONS_IN_LINE)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise InvalidRequest("server.port_in_use", port=port) from error
        raise InvalidRequest("server.port_refused", port=port, reason=os_reason(error)) from error
    return listener


def _run(listener: socket.socket, warehouse: Path, upload_megabytes: int | None = None) -> None:
    """The dashboard on this warehouse, in this process; uploads only where a size is given."""
    host, port = listener.getsockname()
    # Pages are scripts: what they need to know reaches them through the environment.
    os.environ["STEPSIGHT_WAREHOUSE"] = str(warehouse.resolve())
    os.environ[UPLOADS] = "0" if upload_megabytes is None else "1"
    if upload_megabytes is not None:
        os.environ[MEGABYTES] = str(upload_megabytes)
    if file := settings_file(warehouse):
        os.environ["STEPSIGHT_SETTINGS"] = str(file.resolve())
    with end_on_signals(status=0):
        print(say(Message("server.address", {"address": f"http://{host}:{port}"})), flush=True)  # noqa: T201
        from dashboard.server import run_server  # imports Streamlit, which no other command needs

        run_server(listener, upload_megabytes)
