"""An axis for times from seconds to weeks: its steps widen as the times do, and each says what it is."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from dashboard.charts.chart import Option
from dashboard.palette import Palette
from dashboard.sentences import time_words
from metrics.durations import EDGES

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

    def place(self, minutes: float) -> float:
        """Where a time lies, in bands from the left end; within a band evenly."""
        at = min(max(bisect_right(EDGES, minutes) - 1, self.first), self.last - 1)
        low, high = EDGES[at], EDGES[at + 1] if at + 1 < len(EDGES) else EDGES[at] * BEYOND
        within = min(max((minutes - low) / (high - low), 0.0), 1.0)
        return at - self.first + within

    def axes(self, palette: Palette) -> list[Option]:
        """An axis of bands for bars, one of places for everything else, and the one that is seen."""
        size = self.last - self.first
        ends = [time_words.edge(edge) if edge else "0" for edge in EDGES[self.first : self.last + 1]]
        if len(ends) <= size:
            ends.append("…")
        hidden: Option = {
            "show": False,
            "axisPointer": {"show": False},
            "axisLabel": {"show": False},  # else there is room for them
        }
        return [
            {"type": "category", "data": [str(band) for band in self.bands], **hidden},
            {"type": "value", "min": 0, "max": size, **hidden},
            {
                "type": "category",
                "position": "bottom",
                "boundaryGap": False,
                "data": ends,
                "axisPointer": {"show": False},
                "axisTick": {"show": True, "alignWithLabel": True},
                "axisLine": {"lineStyle": {"color": palette.grid}},
                "axisLabel": {"color": palette.muted, "hideOverlap": True, "interval": 0, "fontSize": 11},
            },
        ]


def spanning(times: list[float]) -> TimeScale:
    """The scale that holds all of these times, in minutes, and a few bands at least."""
    places = [max(bisect_right(EDGES, minutes) - 1, 0) for minutes in times] or [0]
    first, last = min(places), max(places) + 1
    return TimeScale(first if last - first >= 3 else max(0, last - 3), max(last, 3))
