"""Axes and legends, the same in every chart: amounts as the reader writes them, names that fold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, floor, log10
from typing import Literal
from unicodedata import east_asian_width

from dashboard import words
from dashboard.charts.chart import Option
from dashboard.language import _
from dashboard.palette import Palette

PHONE = 520
"""Up to so many pixels a chart is drawn as on a phone."""
NAMES, NAMES_ON_A_PHONE = 250, 140
_STEPS = 6
_LETTER = 7


def grid(*, top: int, right: int = 24, bottom: int = 4) -> Option:
    """The edges of a chart; what its axes need for their texts comes on top."""
    return {"left": 8, "right": right, "top": top, "bottom": bottom, "containLabel": True}


def legend(names: Sequence[str], palette: Palette) -> Option:
    """Above the chart, from the left; nothing where no name is given."""
    return {
        "show": bool(names),
        "top": 0,
        "left": 0,
        "itemWidth": 14,
        "itemHeight": 12,
        "textStyle": {"color": palette.muted},
        "data": list(names),
    }


def amounts(
    reached: Iterable[float | None],
    palette: Palette,
    *,
    side: Literal["left", "bottom"],
    suffix: str = "",
    whole: bool = False,
) -> list[Option]:
    """An axis from zero to what is reached on either side of it, in round steps, whole ones if need be.

    ECharts writes numbers the English way only, so their texts stand on a second axis, at equal steps.
    """
    known = [0.0, *(amount for amount in reached if amount is not None)]
    low, high = min(known), max(known)
    step = _round_step((high - low) / _STEPS, least=1.0 if whole else 0.0)
    first = floor(round(low / step, 9))
    last = max(ceil(round(high / step, 9)), first + 1)
    digits = max(0, -floor(log10(step)))
    return [
        {
            "type": "value",
            "position": side,
            "min": first * step,
            "max": last * step,
            "interval": step,
            "axisLabel": {"show": False},
            "splitLine": {"lineStyle": {"color": palette.grid}},
        },
        {
            "type": "category",
            "position": side,
            "boundaryGap": False,
            "data": [words.decimal(place * step, digits) + suffix for place in range(first, last + 1)],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisPointer": {"show": False},
            "axisLabel": {"color": palette.muted},
        },
    ]


def _round_step(about: float, *, least: float) -> float:
    """The least of 1, 2, 5, 10, 20 … (or .1, .2, .5 …) that is no less."""
    about = max(about, least) or 1.0
    power = 10.0 ** floor(log10(about))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= about * (1 - 1e-9))


def days(named: Iterable[date], palette: Palette) -> Option:
    """Days from left to right; those named have their date below, as far as there is room."""
    return {
        "type": "time",
        "axisTick": {"show": False},
        "axisLabel": {
            "formatter": _("{d} {MMM}"),
            "customValues": [f"{day}" for day in named],
            "hideOverlap": True,
            "color": palette.muted,
        },
        "axisLine": {"lineStyle": {"color": palette.grid}},
    }


def names(lines: Sequence[str], palette: Palette, *, widest: int = NAMES) -> Option:
    """Names from top to bottom, in as much room as the longest needs."""
    return {
        "type": "category",
        "inverse": True,
        "data": list(lines),
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {
            "color": palette.text,
            "lineHeight": 16,
            "width": min(widest, _width(lines)),
            "overflow": "truncate",
        },
    }


def folded(lines: Sequence[str], *, widest: int = NAMES_ON_A_PHONE) -> list[Option]:
    """What of a chart with `names` is otherwise on a phone."""
    narrow = {"yAxis": {"axisLabel": {"width": min(widest, _width(lines))}}}
    return [{"query": {"maxWidth": PHONE}, "option": narrow}]


def _width(lines: Sequence[str]) -> int:
    """About so many pixels the longest line takes."""
    parts = [part for line in lines for part in line.split("\n")]
    letters = [sum(2 if east_asian_width(sign) in "WF" else 1 for sign in part) for part in parts]
    return _LETTER * max(letters, default=1)
