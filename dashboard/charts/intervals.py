"""Dots on their 95 % intervals, the same in every chart: what stands out differs in shape and in colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from dashboard.charts.chart import Option
from dashboard.palette import Palette


def whiskers(
    ends: Iterable[tuple[float | None, float | None]],
    palette: Palette,
    *,
    along: Literal["x", "y"] = "x",
    width: int = 6,
) -> Option:
    """A line from the lower to the upper end of each row's interval, at the row's place on the other axis.

    No bar: one cannot begin on one side of zero and end on the other.
    """
    reaches = [
        [[low, place], [high, place]] if along == "x" else [[place, low], [place, high]]
        for place, (low, high) in enumerate(ends)
        if low is not None and high is not None
    ]
    return {
        "type": "lines",
        "coordinateSystem": "cartesian2d",
        "data": [{"coords": reach} for reach in reaches],
        "silent": True,
        "tooltip": {"show": False},
        "lineStyle": {"color": palette.quiet, "opacity": 0.4, "width": width, "cap": "round"},
    }


def dots(names: tuple[str, str], told: Sequence[str], palette: Palette) -> list[Option]:
    """The columns `ordinary` and `marked` over `place`, so named; `told` is read on pointing at one."""
    looks = (("ordinary", "circle", palette.main, 12), ("marked", "diamond", palette.alarm, 17))
    return [
        {
            "type": "scatter",
            "name": name,
            "encode": {"x": column, "y": "place", "tooltip": list(told)},
            "symbol": symbol,
            "symbolSize": size,
            "color": colour,
            "itemStyle": {"opacity": 1},
        }
        for name, (column, symbol, colour, size) in zip(names, looks, strict=True)
    ]


def upright(place: float, palette: Palette) -> Option:
    """A line from top to bottom at what all is measured by: no difference, or as many as before."""
    return {
        "type": "line",
        "data": [],
        "silent": True,
        "tooltip": {"show": False},
        "markLine": {
            "symbol": "none",
            "silent": True,
            "label": {"show": False},
            "lineStyle": {"color": palette.text, "type": "solid", "width": 1.2},
            "data": [{"xAxis": place}],
        },
    }
