"""The moves of a process map as lines: how thick, in which way, and bent past what lies between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any

import polars as pl

from dashboard import words
from dashboard.charts.chart import Option
from dashboard.charts.layers import Layout, Place
from dashboard.language import N_, _
from dashboard.palette import Palette

WAYS = {
    "allowed": N_("allowed"),
    "not allowed": N_("not allowed"),
    "went back": N_("went back"),
    "began": N_("runs begin"),
    "finished": N_("runs end"),
    "given up": N_("given up"),
    "not known": N_("no definition"),
}
BENT_MOST = 0.45
"""ECharts' curveness; more, and a line begins in the wrong direction."""
OUTSIDE = {"began": "\0start", "finished": "\0end", "given up": "\0given up"}


@dataclass(frozen=True)
class Sized:
    """How large things are drawn, in pixels; `width` is a guess of how wide the map is."""

    width: int
    box: int
    height: int
    layer: int
    font: int
    lines: int
    labels: bool


def lines(
    placed: Layout,
    kept: pl.DataFrame,
    titles: Mapping[str, str],
    sized: Sized,
    lane: float,
    palette: Palette,
    *,
    by_time: bool,
) -> Option:
    """One line per move drawn; `lane`: pixels from one lane to the next."""
    rows = kept.to_dicts()
    measure = "seconds" if by_time else "moves"
    most = max((row[measure] or 0 for row in rows), default=0)
    return {
        "type": "lines",
        "coordinateSystem": "cartesian2d",
        "name": _("Moves"),
        "silent": False,
        "selectedMode": False,
        "cursor": "default",
        "z": 2,
        "symbol": ["none", "arrow"],
        "symbolSize": 8,
        "label": {
            "show": sized.labels,
            "position": "middle",
            "rotate": 0,
            "formatter": "{c}",
            "fontSize": 11,
            "opacity": 1,  # not that of its line
            "color": palette.text,
            "backgroundColor": palette.background,
            "padding": [1, 3],
        },
        "emphasis": {"lineStyle": {"opacity": 1}},
        "data": [
            _line(
                row,
                placed,
                titles,
                sized,
                lane,
                palette,
                width=_width(row[measure] or 0, most),
                by_time=by_time,
            )
            for row in rows
            if row["step"] != row["next_step"]
        ],
    }


def _width(value: float, most: float) -> float:
    """In pixels; with the square root, as rare moves matter too."""
    return 1.2 + 6 * sqrt(value / most) if most > 0 else 1.2


def _line(
    row: Mapping[str, Any],
    placed: Layout,
    titles: Mapping[str, str],
    sized: Sized,
    lane: float,
    palette: Palette,
    *,
    width: float,
    by_time: bool,
) -> Option:
    one, other = _ends(row)
    start, end = placed.places[one], placed.places[other]
    is_back = end.layer <= start.layer
    (x1, y1), (x2, y2) = _ports(start, end, sized, lane, is_back=is_back, is_outside=_is_outside(row))
    passing = placed.passing.get((one, other))
    bend = _bend(x1, y1, x2, y2, sized, lane, is_back=is_back, passing=passing)
    colour, shape = {
        "not allowed": (palette.alarm, "dashed"),
        "went back": (palette.second, "dotted"),
        "given up": (palette.quiet, "dashed"),
    }.get(row["way"], (palette.quiet, "solid"))
    shown = words.minutes(_minutes(row["seconds"])) if by_time else words.count(row["moves"])
    return {
        "name": said(row, titles),
        "coords": [[x1, y1], [x2, y2]],
        "lineStyle": {
            "color": colour,
            "type": shape,
            "width": round(width, 1),
            "opacity": 0.75,
            "curveness": bend,
        },
        "label": {"formatter": "" if by_time and row["seconds"] is None else shown},
    }


def said(row: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """A move in a line: from where to where, how often, how long."""
    told = {
        "step": titles.get(row["step"], _("Start")),
        "next_step": titles.get(row["next_step"], _("End")),
        "n": words.count(row["moves"]),
        "share": words.share(row["share"]),
        "way": _(WAYS[row["way"]]),
    }
    if row["seconds"] is None:
        return _("{step} → {next_step}: {n} ({share}), {way}", **told)
    return _(
        "{step} → {next_step}: {n} ({share} of all ways out), {way}, median {time}",
        **told,
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
    start: Place, end: Place, sized: Sized, lane: float, *, is_back: bool, is_outside: tuple[bool, bool]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a line leaves and enters, in lanes and layers: below and above, at the left when it goes up."""
    half_height = [10 / sized.layer if small else sized.height / 2 / sized.layer for small in is_outside]
    if is_back:
        half = min(sized.box, lane - 10) / 2 / lane
        return (start.lane - half, start.layer), (end.lane - half, end.layer)
    return (start.lane, start.layer + half_height[0]), (end.lane, end.layer - half_height[1])


def _bend(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    sized: Sized,
    lane: float,
    *,
    is_back: bool,
    passing: float | None,
) -> float:
    """ECharts' curveness: twice how far the line's middle is off the straight one, in parts of its length."""
    length = hypot((x2 - x1) * lane, (y2 - y1) * sized.layer)
    if not length:
        return 0.0
    if is_back:
        off = min(0.35 * lane, 26 + 0.06 * length)
    elif passing is None:
        return 0.0
    else:
        off = (passing - (x1 + x2) / 2) * lane * abs(y2 - y1) * sized.layer / length
    return round(max(-BENT_MOST, min(BENT_MOST, 2 * off / length)), 3)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60
