"""Files that pages offer: each is made when a reader asks for it, and gone with the snapshot of its page.

Streamlit keeps a file that was made in memory, for whoever has its address. What a page of an older snapshot
offers is not made any more: that page is drawn anew in its reader's browser, and the same file of the new one
is given.
"""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf
from time import monotonic, sleep
from weakref import WeakSet

import duckdb
from streamlit import runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from dashboard.language import _, spoken_later
from dashboard.language.messages import say
from etl.errors import StepsightError

SECONDS_TO_DRAW = 15.0
SECONDS_TO_STORE = 1.0
"""How long Streamlit may take to put a file that was made where it can be dropped."""
LOOK_EVERY_SECONDS = 0.05


@dataclass(eq=False)
class _Offer:
    """A file on offer. `key`: of its button; `page`: whose it is; `run`: the thread that drew it.

    `make` is None once the snapshot is gone; `drop`: drops what else the page keeps of it. `busy_until`: the
    instant until which a file of the snapshot may be on its way.
    """

    key: str
    snapshot: str | None
    make: Callable[[], bytes] | None
    drop: Callable[[], object] | None
    page: ScriptRunContext | None
    run: threading.Thread = field(default_factory=threading.current_thread)
    since: float = field(default_factory=monotonic)
    busy_until: float = 0

    def content(self) -> bytes | None:
        """The file; None where its snapshot is gone, also where it went meanwhile."""
        self.busy_until = inf
        try:
            content = self.make() if self.make else None
        except (LookupError, duckdb.Error):
            if self.make:
                raise
            content = None
        finally:
            self.busy_until = monotonic() + SECONDS_TO_STORE
        return content if self.make else None

    def is_followed_by(self, other: _Offer) -> bool:
        """Whether the other one is of the same reader's page, which is drawn anew as a whole."""
        if self.page is None or other.page is None or not other.make or other.run.is_alive():
            return False
        return self.page.session_id == other.page.session_id and self.since < other.since


_LOCK = threading.Lock()
_OFFERS: WeakSet[_Offer] = WeakSet()
_LOOPS: list[AbstractEventLoop] = []
"""That of the server, which pages are drawn from."""


def draw_from(loop: AbstractEventLoop) -> None:
    """Tell how pages are asked to be drawn anew: by the loop that the server runs in."""
    _LOOPS[:] = [loop]


def offer(
    key: str,
    make: Callable[[], bytes],
    *,
    snapshot: str | None,
    instead: Callable[[str], bytes],
    drop: Callable[[], object] | None = None,
) -> Callable[[], bytes]:
    """What gives the file of a button, in the language of the page.

    `instead`: a file of that kind that says a sentence alone; it must keep nothing of the snapshot.
    """
    own = _Offer(key, snapshot, spoken_later(make), drop, get_script_run_ctx())
    with _LOCK:
        _OFFERS.add(own)
    return spoken_later(lambda: _content(own, instead))


def drop(snapshot: str) -> None:
    """Make nothing of a snapshot any more, and keep nothing that would be made of it."""
    for each in _offers():
        if each.snapshot == snapshot:
            each.make = None
            if each.drop:
                each.drop()


def remove_files() -> None:
    """Take all files that were made out of Streamlit's memory; their addresses lead nowhere then."""
    if runtime.exists():
        files = runtime.get_instance().media_file_mgr
        for _round in ("mark", "remove"):
            files.remove_orphaned_files()


def is_under_way(snapshot: str) -> bool:
    """Whether a file of a snapshot may come into Streamlit's memory any moment."""
    return any(each.snapshot == snapshot and monotonic() < each.busy_until for each in _offers())


def _offers() -> list[_Offer]:
    with _LOCK:
        return list(_OFFERS)


def _content(own: _Offer, instead: Callable[[str], bytes]) -> bytes:
    try:
        if (content := own.content()) is not None:
            return content
        for successor in _successors(own):
            if (content := successor.content()) is not None:
                return content
    except StepsightError as error:
        return instead(say(error))
    return instead(
        _("The data has changed since this page was opened. Reload the page, then ask for this file again.")
    )


def _successors(stale: _Offer) -> Iterator[_Offer]:
    """What the page offers in place of what is gone, once it is drawn anew; nothing where it is late."""
    is_requested, end = False, monotonic() + SECONDS_TO_DRAW
    while monotonic() < end:
        newer = [each for each in _offers() if stale.is_followed_by(each)]
        successors = [each for each in newer if each.key == stale.key]
        if successors:
            yield max(successors, key=lambda each: each.since)
        elif newer or not (is_requested or _draw_anew(stale.page)):
            return
        is_requested = True
        sleep(LOOK_EVERY_SECONDS)


def _draw_anew(page: ScriptRunContext | None) -> bool:
    """Have a page drawn again with what its reader has chosen; whether there is somebody to draw it for."""
    if page is None or not _LOOPS or not runtime.exists():
        return False
    session = runtime.get_instance().get_app_session(page.session_id)
    if session is None:
        return False
    state = ClientState(query_string=page.query_string, page_script_hash=page.page_script_hash)
    state.widget_states.widgets.extend(session.session_state.get_widget_states())
    if page.context_info:
        state.context_info.CopyFrom(page.context_info)
    _LOOPS[0].call_soon_threadsafe(session.request_rerun, state)
    return True
