"""The table of an XES log: one row per event, in the order of the file.

Columns: the standard's own (`STANDARD`), which are there in every log and null where it does not say; every
other attribute by its key, with `case:` before it if it is the trace's, a nested one as `outer.inner`; a key
that one event has several times as a JSON list. Besides, what only the order of events can tell:

- `:step`: `entered` where the event begins an activity (a `start`; a `complete` of what was not started
  before, as in logs that record completions only; a transition that is the log's own), `left` where a started
  one is completed, otherwise the transition.
- `:place`: `first` and `last` of a trace, `only` where it has one event, `between` otherwise.
- `:ordinal`: how many events before it in its trace equal it in the standard's columns; empty for none.

The order of events is that of their times; of equal ones, and where one has none, that of the file.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC

import polars as pl

from etl.contract.instants import instant_of
from etl.errors import UnreadableFile
from etl.sources.limits import FREE_BYTES, MOST_COLUMNS, MOST_REPEATED
from etl.sources.table import ORDINAL, PLACE, POSITION, require_size, unlike_ours

STANDARD = (
    *("case:concept:name", "concept:name", "time:timestamp"),
    *("org:resource", "org:group", "lifecycle:transition"),
)
STEP = ":step"
_OF_THE_STANDARD = frozenset(
    {
        *("schedule", "assign", "reassign", "withdraw", "suspend", "resume"),
        *("pi_abort", "ate_abort", "autoskip", "manualskip"),
    }
)
_EVENTS_AT_ONCE = 20_000

Attributes = dict[str, str | None]


class Rows:
    """Takes events as the parser meets them, and gives them as one frame."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._names: dict[str, None] = dict.fromkeys(
            (STEP, PLACE, ORDINAL, *(f"={name}" for name in STANDARD))
        )
        self._frames: list[pl.DataFrame] = []
        self._rows: list[Attributes] = []
        self._trace: Attributes = {}
        self._events: list[Attributes] = []
        self._event: Attributes = {}
        self._repeated: dict[str, list[str | None]] = {}
        self._count = self._characters = 0

    def start_trace(self) -> None:
        """A trace begins; its attributes may come before or behind its events."""
        self._trace, self._events, self._repeated = {}, [], {}

    def start_event(self) -> None:
        """An event begins."""
        self._event, self._repeated = {}, {}

    def trace_attribute(self, key: str, value: str | None) -> None:
        """The open trace has an attribute."""
        self._add(self._trace, f"case:{key}", value)

    def event_attribute(self, key: str, value: str | None) -> None:
        """The open event has an attribute."""
        self._add(self._event, key, value)

    def end_event(self) -> None:
        """The open event is whole."""
        self._events.append(self._event)
        self._characters += sum(map(_length, self._event.values()))

    def end_trace(self) -> None:
        """All events of the open trace are known, and what their order tells."""
        self._characters += len(self._events) * sum(map(_length, self._trace.values()))
        self._count += len(self._events)
        started: Counter[tuple[str | None, str | None]] = Counter()
        meant: dict[int, Attributes] = {}
        equal: Counter[tuple[str | None, ...]] = Counter()
        for place, at in enumerate(_order(self._events)):
            event = self._events[at]
            meant[at] = {
                STEP: _step(event, started),
                PLACE: _place(place, len(self._events)),
                ORDINAL: _ordinal(event, equal),
            }
        for at, event in enumerate(self._events):
            # An event's own attribute wins over one of its trace that has the same column.
            self._rows.append({**meant[at], **self._trace, **event})
            if len(self._rows) == _EVENTS_AT_ONCE:
                self._flush()
        self._trace, self._events = {}, []

    def require_room(self, size: int) -> None:
        """Refuse a log whose table is far larger than the file: traces that say much of many events."""
        most = max(4 * FREE_BYTES, MOST_REPEATED * size)
        waiting = self._characters + len(self._events) * sum(map(_length, self._trace.values()))
        if waiting > most:
            raise UnreadableFile("file.long_traces", file=self._source, bytes=most)
        require_size(self._source, columns=len(self._names), rows=self._count, most_cells=size)

    def frame(self) -> pl.DataFrame:
        """All events; `POSITION` is their number in the file."""
        self._flush()
        rows = pl.concat(self._frames, how="diagonal").with_row_index(POSITION, offset=1)
        ours = {POSITION, STEP, PLACE, ORDINAL}
        names = unlike_ours(name[1:] for name in rows.columns if name not in ours)
        renamed = dict(zip([name for name in rows.columns if name not in ours], names, strict=True))
        return rows.rename(renamed)

    def _add(self, attributes: Attributes, key: str, value: str | None) -> None:
        name = f"={key}"
        if name in attributes:
            values = self._repeated.setdefault(name, [attributes[name]])
            values.append(value)
            value = json.dumps(values, ensure_ascii=False)
        attributes[name] = value
        if name not in self._names:
            self._names[name] = None
            if len(self._names) > MOST_COLUMNS:
                require_size(self._source, columns=len(self._names))

    def _flush(self) -> None:
        schema = dict.fromkeys(self._names, pl.String)
        columns = {name: [row.get(name) for row in self._rows] for name in self._names}
        self._frames.append(pl.DataFrame(columns, schema=schema))
        self._rows = []


def _order(events: list[Attributes]) -> list[int]:
    """The places of a trace's events, sorted by their times as far as all have one."""
    places = list(range(len(events)))
    texts = [(event.get("=time:timestamp") or "").strip() for event in events]
    times = [instant_of(text) for text in texts]
    if any(time is None for time in times):
        return places
    instants = [time if time.tzinfo else time.replace(tzinfo=UTC) for time in times if time]
    return sorted(places, key=instants.__getitem__)


def _step(event: Attributes, started: Counter[tuple[str | None, str | None]]) -> str:
    """What the event means for the flow; the standard compares transitions without regard to case."""
    transition = (event.get("=lifecycle:transition") or "complete").lower()
    activity = (event.get("=concept:name"), event.get("=concept:instance"))
    if transition == "start":
        started[activity] += 1
        return "entered"
    if transition == "complete":
        if not started[activity]:
            return "entered"
        started[activity] -= 1
        return "left"
    return transition if transition in _OF_THE_STANDARD else "entered"


def _ordinal(event: Attributes, equal: Counter[tuple[str | None, ...]]) -> str | None:
    """How many events of the trace so far are the same to the standard; None for the first."""
    content = tuple(event.get(f"={name}") for name in STANDARD)
    equal[content] += 1
    return str(equal[content] - 1) if equal[content] > 1 else None


def _place(place: int, events: int) -> str:
    if events == 1:
        return "only"
    return "first" if place == 0 else "last" if place == events - 1 else "between"


def _length(value: str | None) -> int:
    return len(value) if value else 0
