"""The server of the dashboard: Streamlit's, with our settings, on a socket that is already bound.

It runs in the process that calls it, so that what ends the process ends the server. What pages need is
imported while the first reader is still on the way: importing takes longer than the first page's numbers do,
and a page is only run once somebody asks for it.
"""

from __future__ import annotations

import atexit
import os
import sys
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from socket import socket
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from time import monotonic
from typing import Any

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

import dashboard
from dashboard.access.middleware import AllowedHosts, SafeHeaders
from dashboard.server_settings import apply_settings, server_options

APP = Path(__file__).with_name("app.py")
SECONDS_TO_CLOSE = 3
PACKED = 5
"""How hard to pack what is sent, of 9: more takes longer and saves little."""
_OURS, _PAGE = "stepsight.", "ScriptRunner.scriptThread"
_RUN_BY_STREAMLIT = (".app", ".view")
_IMPORTED_WHERE_NEEDED = ("scipy.stats", "scipy.optimize")  # commands would start later with them


def run_server(listener: socket, upload_megabytes: int | None = None) -> None:
    """Answer on the socket until SIGTERM or SIGINT; files larger than the size given are not taken."""
    options = server_options()
    host, port = listener.getsockname()[:2]
    changes: dict[str, Any] = {"server.address": host, "server.port": port}
    if upload_megabytes is not None:
        changes["server.maxUploadSize"] = upload_megabytes
    apply_settings(changes)
    middleware = [
        Middleware(SafeHeaders),
        Middleware(AllowedHosts, hosts=options["server.allowedHosts"]),
        # Streamlit sends what it serves as it is, and plotly.js is large: a third of it is left.
        Middleware(GZipMiddleware, compresslevel=PACKED),
    ]
    app = st.App(APP, middleware=middleware, lifespan=_warm_up)
    settings = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=options["server.maxMessageSize"] * 10**6,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    try:
        uvicorn.Server(settings).run(sockets=[listener])
    finally:
        _let_threads_finish()


@asynccontextmanager
async def _warm_up(_app: st.App) -> AsyncGenerator[None]:
    Thread(target=make_ready, name=f"{_OURS}warm_up", daemon=True).start()
    end = Event()
    watch = (end, get_running_loop())
    Thread(target=_watch_snapshots, args=watch, name=f"{_OURS}snapshots", daemon=True).start()
    yield
    end.set()


def _watch_snapshots(end: Event, loop: AbstractEventLoop) -> None:
    from dashboard.queries import downloads, snapshots, warehouse

    downloads.draw_from(loop)
    snapshots.watch(warehouse.folder(), end)


def _let_threads_finish() -> None:
    """Wait a moment for pages, which are told to stop; what still runs then ends with the process.

    Python would wait for a query however long, and DuckDB complains of what still runs when Python ends. A
    load that ends at any instant loses nothing. Files that readers sent are removed before.
    """
    deadline = monotonic() + SECONDS_TO_CLOSE
    threads = [thread for thread in enumerate_threads() if thread.name.startswith((_OURS, _PAGE))]
    for thread in threads:
        thread.join(max(deadline - monotonic(), 0))
    if any(thread.is_alive() for thread in threads):
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def make_ready() -> None:
    """Import all that pages import, read the facts' definitions, and open the newest snapshot."""
    for module in walk_packages(dashboard.__path__, "dashboard."):
        if not module.name.endswith(_RUN_BY_STREAMLIT):
            import_module(module.name)
    from dashboard.queries import warehouse
    from etl.errors import StepsightError
    from metrics.facts.relations import relations

    relations()
    with suppress(StepsightError):  # a page says it, where somebody reads it
        warehouse.snapshot()
    for name in _IMPORTED_WHERE_NEEDED:
        import_module(name)
