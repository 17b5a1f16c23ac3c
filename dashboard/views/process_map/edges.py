"""The moves of a process map as lines: how thick, in which way, and bent past what lies between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts.figure_template import hover
from dashboard.kit.charts.palette import Palette
from dashboard.kit.tables.move_table import WAYS
from dashboard.language import _, words
from dashboard.views.process_map.layers import Layout, Place

BENT_MOST = 0.45
"""More, and a line begins in the wrong direction."""
PAST = 0.55
"""Lanes from the middle of a box to a line that goes past it."""
PAST_MOST = 3.0
"""As `BENT_MOST`, of a line that leaves its own lane for a box in its way, and is short."""
OUTSIDE = {"began": "\0start", "finished": "\0end", "given up": "\0given up"}


Point = tuple[float, float]
_POINTS = 28


@dataclass(frozen=True)
class Scale:
    """Pixels of a lane (about) and of a layer; a box's width in lanes and its height in layers."""

    lane: float
    layer: float
    box: float
    height: float


def add_moves(
    figure: go.Figure,
    placed: Layout,
    moves: pl.DataFrame,
    titles: Mapping[str, str],
    scale: Scale,
    palette: Palette,
    *,
    by_time: bool,
) -> None:
    """One line with an arrow per move drawn, and on each a label that can be pointed at and clicked."""
    rows = [row for row in moves.to_dicts() if row["step"] != row["next_step"]]
    measure = "seconds" if by_time else "moves"
    most = max((row[measure] or 0 for row in moves.to_dicts()), default=0)
    labels = []
    for row in rows:
        x, y = _course(row, placed, scale)
        colour, dash = {
            "not allowed": (palette.alarm, "dash"),
            "went back": (palette.second, "dot"),
            "given up": (palette.quiet, "dash"),
        }.get(row["way"], (palette.quiet, "solid"))
        width = round(_width(row[measure] or 0, most), 1)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines+markers",
            opacity=0.75,
            line={"color": colour, "dash": dash, "width": width},
            marker={
                "symbol": "arrow",
                "angleref": "previous",
                "color": colour,
                "size": [0] * (len(x) - 1) + [10 + 1.3 * width],
            },
            hoverinfo="skip",
        )
        at = len(x) // 2
        middle = (x[at], y[at]) if len(x) > 2 else ((x[0] + x[1]) / 2, (y[0] + y[1]) / 2)
        labels.append((*middle, row))
    lines = [
        words.minutes(_minutes(row["seconds"])) if by_time else words.count(row["moves"])
        for _x, _y, row in labels
    ]
    figure.add_scatter(
        x=[x for x, _y, _row in labels],
        y=[y for _x, y, _row in labels],
        mode="markers+text",
        text=lines,
        textfont={"size": 11, "color": palette.text},
        marker={"symbol": "square", "size": 16, "color": palette.background},
        customdata=[["move", row["step"] or "", row["next_step"] or ""] for _x, _y, row in labels],
        hovertext=[hover(label(row, titles)) for _x, _y, row in labels],
    )


def _width(value: float, most: float) -> float:
    """In pixels; with the square root, as rare moves matter too."""
    return 1.2 + 6 * sqrt(value / most) if most > 0 else 1.2


def _course(row: Mapping[str, Any], placed: Layout, scale: Scale) -> tuple[list[float], list[float]]:
    """The points of a move's line, in lanes and layers."""
    one, other = _ends(row)
    start, end = placed.places[one], placed.places[other]
    is_back = end.layer <= start.layer
    first, last = _ports(start, end, scale, is_back=is_back, is_outside=_is_outside(row))
    passing, most = placed.passing.get((one, other)), BENT_MOST
    if passing is None and not is_back:
        passing, most = _free_lane(start, end, placed, scale), PAST_MOST
    bend = _bend(first, last, scale, is_back=is_back, passing=passing, most=most)
    return _curve(first, last, bend, scale)


def _free_lane(start: Place, end: Place, placed: Layout, scale: Scale) -> float | None:
    """On which lane a line goes past the boxes that it would cross; None where none is in its way."""
    slope = (end.lane - start.lane) / (end.layer - start.layer)
    crossed = [
        place.lane
        for place in placed.places.values()
        if start.layer < place.layer < end.layer
        and abs(place.lane - start.lane - slope * (place.layer - start.layer)) < scale.box / 2
    ]
    if not crossed:
        return None
    middle = (start.lane + end.lane) / 2
    beside = (max(crossed) + PAST, min(crossed) - PAST)
    return min(beside, key=lambda lane: abs(lane - middle))


def label(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """A move in a line: from where to where, how often, how long."""
    parts = {
        "step": titles.get(row["step"], _("Start")),
        "next_step": titles.get(row["next_step"], _("End")),
        "n": words.count(row["moves"]),
        "share": words.share(row["share"]),
        "way": _(WAYS[row["way"]]),
    }
    if row["seconds"] is None:
        return _("{step} → {next_step}: {n} ({share}), {way}", **parts)
    return _(
        "{step} → {next_step}: {n} ({share} of all ways out), {way}, median {time}",
        **parts,
        time=words.minutes(_minutes(row["seconds"])),
    )


def _ends(row: Mapping[str, Any]) -> tuple[str, str]:
    outside = OUTSIDE.get(row["way"], "")
    return row["step"] if row["step"] is not None else outside, (
        row["next_step"] if row["next_step"] is not None else outside
    )


def _is_outside(row: Mapping[str, Any]) -> tuple[bool, bool]:
    return row["step"] is None, row["next_step"] is None


def _ports(
    start: Place, end: Place, scale: Scale, *, is_back: bool, is_outside: tuple[bool, bool]
) -> tuple[Point, Point]:
    """Where a line leaves and enters: below and above a box, at its left when the line goes up."""
    half_height = [10 / scale.layer if small else scale.height / 2 for small in is_outside]
    if is_back:
        half = scale.box / 2
        return (start.lane - half, start.layer), (end.lane - half, end.layer)
    return (start.lane, start.layer + half_height[0]), (end.lane, end.layer - half_height[1])


def _bend(
    first: Point, last: Point, scale: Scale, *, is_back: bool, passing: float | None, most: float
) -> float:
    """How far the curve's control point is off the middle, in parts of the line's length in pixels."""
    (x1, y1), (x2, y2) = first, last
    length = hypot((x2 - x1) * scale.lane, (y2 - y1) * scale.layer)
    if not length:
        return 0.0
    if is_back:
        off = min(0.35 * scale.lane, 26 + 0.06 * length)
    elif passing is None:
        return 0.0
    else:
        off = (passing - (x1 + x2) / 2) * scale.lane * abs(y2 - y1) * scale.layer / length
    return max(-most, min(most, 2 * off / length))


def _curve(first: Point, last: Point, bend: float, scale: Scale) -> tuple[list[float], list[float]]:
    """A quadratic Bézier curve as points; a straight line has only its ends."""
    (x1, y1), (x2, y2) = first, last
    if not bend:
        return [x1, x2], [y1, y2]
    left, top, right, bottom = x1 * scale.lane, y1 * scale.layer, x2 * scale.lane, y2 * scale.layer
    across = (left + right) / 2 - (top - bottom) * bend
    down = (top + bottom) / 2 - (right - left) * bend
    along = [place / _POINTS for place in range(_POINTS + 1)]
    return (
        [((1 - t) ** 2 * left + 2 * t * (1 - t) * across + t * t * right) / scale.lane for t in along],
        [((1 - t) ** 2 * top + 2 * t * (1 - t) * down + t * t * bottom) / scale.layer for t in along],
    )


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60
