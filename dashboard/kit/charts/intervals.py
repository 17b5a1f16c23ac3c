"""Dots on their 95 % intervals, the same in every chart: what stands out differs in shape and in colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from dashboard.kit.charts.figure_template import add_layout, translucent, upright
from dashboard.kit.charts.palette import Palette


@dataclass(frozen=True)
class Dot:
    """One dot: where it lies, from where to where its interval reaches, and what a reader sees on pointing.

    `thing` is what a click on it names.
    """

    value: float
    low: float | None
    high: float | None
    row: int
    hover: str
    is_marked: bool = False
    thing: Sequence[str] | None = None


def add_dots(
    figure: go.Figure, dots: Sequence[Dot], names: tuple[str, str], palette: Palette, *, upright: bool = False
) -> None:
    """The dots, those marked as diamonds; `names` call the unmarked and the marked ones in the legend.

    With `upright` the values run upwards and the rows are places from left to right.
    """
    along, across = ("y", "x") if upright else ("x", "y")
    for is_marked, name, symbol, colour, size in (
        (False, names[0], "circle", palette.main, 11),
        (True, names[1], "diamond", palette.alarm, 14),
    ):
        group = [dot for dot in dots if dot.is_marked == is_marked]
        if not group:
            continue
        things = [dot.thing for dot in group]
        figure.add_scatter(
            **{along: [dot.value for dot in group], across: [dot.row for dot in group]},
            **{f"error_{along}": _interval(group, palette)},
            mode="markers",
            name=name,
            marker={"symbol": symbol, "color": colour, "size": size, "opacity": 1},
            customdata=things if all(thing is not None for thing in things) else None,
            hovertext=[dot.hover for dot in group],
            cliponaxis=False,
        )


def _interval(dots: Sequence[Dot], palette: Palette) -> dict[str, object]:
    reaches = [
        (0.0, 0.0) if dot.low is None or dot.high is None else (dot.high - dot.value, dot.value - dot.low)
        for dot in dots
    ]
    return {
        "type": "data",
        "symmetric": False,
        "array": [above for above, _below in reaches],
        "arrayminus": [below for _above, below in reaches],
        "thickness": 6,
        "width": 0,
        "color": translucent(palette.quiet, 0.4),
    }


def add_reference(figure: go.Figure, place: float, palette: Palette) -> None:
    """A line from top to bottom at what all is measured by: no difference, or as many as before."""
    add_layout(figure, shapes=[upright(place, color=palette.text, width=1.2)])


def add_band(
    figure: go.Figure,
    places: Sequence[Any],
    low: Sequence[float | None],
    high: Sequence[float | None],
    palette: Palette,
    *,
    shape: str = "linear",
) -> None:
    """The interval along a line, as a band between its lower and its upper ends."""
    edge = {"mode": "lines", "line": {"width": 0, "shape": shape}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(x=places, y=low, **edge)
    figure.add_scatter(x=places, y=high, **edge, fill="tonexty", fillcolor=translucent(palette.main, 0.16))
