"""An axis for times from seconds to weeks: its steps widen as the times do, and each says what it is."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from dashboard.kit.charts.figure_template import plain
from dashboard.kit.charts.palette import Palette
from dashboard.language import time_words
from metrics.catalog.durations import EDGES

BEYOND = 2
"""So many times the last edge is as far as a picture reaches."""


@dataclass(frozen=True)
class TimeScale:
    """The bands from the `first` to before the `last` place of `EDGES`."""

    first: int
    last: int

    @property
    def bands(self) -> list[int]:
        """The lower end of each band, in minutes."""
        return list(EDGES[self.first : self.last])

    @property
    def ends(self) -> tuple[float, float]:
        """The first minute that is drawn, and the last."""
        return EDGES[self.first], EDGES[self.last] if self.last < len(EDGES) else EDGES[-1] * BEYOND

    def place(self, minutes: float) -> float:
        """Where a time lies, in bands from the left end; within a band evenly."""
        at = min(max(bisect_right(EDGES, minutes) - 1, self.first), self.last - 1)
        low, high = EDGES[at], EDGES[at + 1] if at + 1 < len(EDGES) else EDGES[at] * BEYOND
        within = min(max((minutes - low) / (high - low), 0.0), 1.0)
        return at - self.first + within

    def axis(self, palette: Palette) -> dict[str, Any]:
        """An axis of places, with the time at each end of a band; its unit below it, as on a phone."""
        size = self.last - self.first
        ends = [
            plain(time_words.edge(edge)).replace(" ", "<br>") if edge else "0"
            for edge in EDGES[self.first : self.last + 1]
        ]
        if len(ends) <= size:
            ends.append("…")
        return {
            "range": [0, size],
            "tickvals": list(range(size + 1)),
            "ticktext": ends,
            "tickfont": {"color": palette.muted, "size": 11},
            "ticks": "outside",
            "ticklen": 4,
            "tickcolor": palette.quiet,
            "showline": True,
        }


def spanning(times: list[float]) -> TimeScale:
    """The scale that holds all of these times, in minutes, and a few bands at least."""
    places = [max(bisect_right(EDGES, minutes) - 1, 0) for minutes in times] or [0]
    first, last = min(places), max(places) + 1
    return TimeScale(first if last - first >= 3 else max(0, last - 3), max(last, 3))
