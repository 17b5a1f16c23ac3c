"""A workflow version as a map: steps as boxes in layers, moves as lines, confusion as tint, mark and words.

Drawn on a plane without axes rather than as a graph series: its lines end at the middle of a box's edges, and
the plane stretches to the width there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten, wrap
from typing import Any

import polars as pl

from dashboard import words
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.layers import Layout, Place, layout
from dashboard.charts.map_moves import Sized, lines
from dashboard.language import _
from dashboard.palette import Palette

START, END, GIVEN_UP = "\0start", "\0end", "\0given up"
WIDE = Sized(width=760, box=178, height=58, layer=104, font=12, lines=2, labels=True)
NARROW = Sized(width=346, box=128, height=64, layer=104, font=10, lines=3, labels=False)
MIDDLE = Sized(width=470, box=150, height=60, layer=104, font=11, lines=2, labels=True)
SIZES = ((780, MIDDLE), (480, NARROW))
"""Up to which width of the chart another size than `WIDE` is drawn."""
EDGE = 0.25
"""Of the way from one layer to the next, what is free above the first and below the last."""
DEEPEST_TINT, TINTED_FULLY = 0.5, 0.3
"""Of a step with this share of confused visits, so much of the colour shows through."""


@dataclass(frozen=True)
class Map:
    """One workflow version: its steps and how they stand, its moves, and the order of steps."""

    steps: pl.DataFrame
    """Step, title, visits, confused, hotspot; `again`: visits that came straight from the step itself."""
    moves: pl.DataFrame
    """As `metrics.process_map.moves`, of one workflow version."""
    order: tuple[str, ...]
    defined: tuple[tuple[str, str], ...]


def process_map(drawn: Map, *, kept: pl.DataFrame, by_time: bool, headline: str, palette: Palette) -> Chart:
    """`kept`: the moves that are drawn; `by_time`: lines by median time instead of number of moves."""
    there = [step for step in drawn.order if step in set(kept["step"]) | set(kept["next_step"])]
    if not there:
        return empty(
            headline,
            _("No run of this version moved in this selection. Choose a longer period or remove a filter."),
        )
    placed = _placed(drawn, kept, there)
    rows = drawn.steps.filter(pl.col("step").is_in(there)).to_dicts()
    titles = {row["step"]: words.label(row["title"] or row["step"]) for row in rows}
    lowest = max(place.layer for place in placed.places.values())
    return Chart(
        headline=headline,
        alt=_alt(headline, kept, titles),
        option=_option(WIDE, placed, rows, kept, titles, palette, by_time=by_time)
        | {
            "media": [
                {
                    "query": {"maxWidth": width},
                    "option": _option(sized, placed, rows, kept, titles, palette, by_time=by_time),
                }
                for width, sized in SIZES
            ]
        },
        height=round((lowest + 1 + 2 * EDGE) * WIDE.layer),
        note=_(
            "The more tinted a step, the more of its visits are confused; ◆ and a thick edge: beyond chance. "
            "Dashed: a move that the definition does not allow. Dotted, bent: going back. "
            "Thicker lines: {measure}.",
            measure=_("longer median times") if by_time else _("more moves"),
        ),
    )


def _placed(drawn: Map, kept: pl.DataFrame, there: list[str]) -> Layout:
    """The definition's places; without one, those of the moves that lead onwards in the order of visits."""
    rank = {step: place for place, step in enumerate(drawn.order)}
    pairs = list(drawn.defined)
    defined = {step for pair in pairs for step in pair}
    for step, other, way in kept["step", "next_step", "way"].rows():
        is_onward = step in rank and other in rank and way != "went back" and rank[step] < rank[other]
        if is_onward and not {step, other} <= defined:
            pairs.append((step, other))
    found = layout(there, pairs)
    first = kept.filter(way="began")["next_step"].head(1).to_list()
    deepest = max(place.layer for place in found.places.values())
    top = found.places[first[0]].lane if first and first[0] in found.places else 0.0
    ends = kept.filter(way="finished")["step"].head(1).to_list()
    bottom = found.places[ends[0]].lane if ends and ends[0] in found.places else 0.0
    outside = {START: Place(-1, top), END: Place(deepest + 1, bottom)}
    if kept.filter(way="given up").height:
        lanes = [place.lane for place in found.places.values()]
        outside[GIVEN_UP] = Place(deepest + 1, bottom + 1 if bottom + 1 <= max(lanes) + 0.5 else bottom - 1)
    return Layout({**found.places, **outside}, found.passing)


def _option(
    sized: Sized,
    placed: Layout,
    rows: list[dict[str, Any]],
    kept: pl.DataFrame,
    titles: Mapping[str, str],
    palette: Palette,
    *,
    by_time: bool,
) -> Option:
    lanes = [place.lane for place in placed.places.values()]
    layers = [place.layer for place in placed.places.values()]
    # Lines that lead back at the left of steps, or past them, stay within the picture, too.
    least = min([min(lanes) - 0.7, *placed.passing.values()])
    most = max([max(lanes) + 0.7, *placed.passing.values()])
    box = min(sized.box, round(sized.width / (most - least)) - 10)
    hidden = {"type": "value", "show": False}
    return {
        "animation": False,
        # Boxes have a width in pixels, so the plane has one, too; on a phone it is nearly that of the chart.
        "grid": {"left": "center", "width": sized.width, "top": 4, "bottom": 4},
        "tooltip": {"trigger": "item", "formatter": "{b}", "confine": True},
        "xAxis": {**hidden, "min": least, "max": most},
        "yAxis": {**hidden, "min": min(layers) - EDGE, "max": max(layers) + EDGE, "inverse": True},
        "series": [
            {
                "type": "scatter",
                "name": _("Steps"),
                "data": [_step(row, placed.places[row["step"]], sized, box, palette) for row in rows],
                "symbol": "rect",
                "symbolSize": [box, sized.height],
                "z": 4,
            },
            {
                "type": "scatter",
                "data": _outside(placed, sized, palette),
                "silent": True,
                "z": 4,
            },
            lines(placed, kept, titles, sized, sized.width / (most - least), palette, by_time=by_time),
        ],
    }


def _step(row: Mapping[str, Any], place: Place, sized: Sized, box: int, palette: Palette) -> Option:
    rate = row["confused"] / row["visits"] if row["visits"] else 0.0
    title = words.label(row["title"] or row["step"])
    is_hot = bool(row["hotspot"])
    letters = max(8, int((box - 6) / (sized.font * 0.53)))
    said = [*_wrapped(f"◆ {title}" if is_hot else title, letters, sized.lines), ""]
    said[-1] = _("{share} of {n}", share=words.share(rate), n=words.count(row["visits"]))
    if row["again"]:
        said[-1] += f" · ↻ {words.count(row['again'])}"
    return {
        "name": _(
            "{step}: {share} of {visits} confused",
            step=title,
            share=words.share(rate),
            visits=words.counted(row["visits"], "visit"),
        ),
        "value": [place.lane, place.layer],
        "itemStyle": {"color": "transparent"},
        # The box is that of the label: a symbol this wide would have its edge stretched with it.
        "label": {
            "show": True,
            "position": "inside",
            "align": "center",
            "width": box - 8,
            "padding": [(sized.height - len(said) * (sized.font + 4)) / 2, 4],
            "opacity": 1,
            "backgroundColor": tint(palette, rate),
            "borderColor": palette.alarm if is_hot else palette.quiet,
            "borderWidth": 3 if is_hot else 1,
            "borderRadius": 8,
            "formatter": "\n".join(line.translate(_PLAIN) for line in said),
            "color": palette.text,
            "fontSize": sized.font,
            "lineHeight": sized.font + 4,
            "fontWeight": "bold" if is_hot else "normal",
        },
    }


def tint(palette: Palette, rate: float) -> str:
    """The background with as much of the alarming colour as the share of confused visits asks for."""
    part = DEEPEST_TINT * min(1.0, max(rate, 0.0) / TINTED_FULLY)
    pairs = [
        (int(palette.background[at : at + 2], 16), int(palette.alarm[at : at + 2], 16)) for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{round(plain + (full - plain) * part):02X}" for plain, full in pairs)


_PLAIN = str.maketrans("{}", "()")
"""Braces would be read as names of values and styles."""


def _wrapped(title: str, letters: int, lines: int) -> list[str]:
    """A title on so many lines at most."""
    found = wrap(title, letters)
    if len(found) <= lines:
        return found
    last = shorten(" ".join(found[lines - 1 :]), letters, placeholder="…")
    return [*found[: lines - 1], last]


def _outside(placed: Layout, sized: Sized, palette: Palette) -> list[Option]:
    """Where runs begin and end: told by their words, and by their shapes."""
    shown = {START: ("circle", _("Start")), END: ("rect", _("End")), GIVEN_UP: ("diamond", _("Given up"))}
    return [
        {
            "name": said,
            "value": [placed.places[name].lane, placed.places[name].layer],
            "symbol": shape,
            "symbolSize": 20,
            "itemStyle": {"color": palette.quiet, "opacity": 1},
            "label": {
                "show": True,
                "position": "right",
                "formatter": said,
                "color": palette.text,
                "fontSize": sized.font,
            },
        }
        for name, (shape, said) in shown.items()
        if name in placed.places
    ]


def _alt(headline: str, kept: pl.DataFrame, titles: Mapping[str, str]) -> str:
    between = kept.filter(pl.col("step").is_not_null() & pl.col("next_step").is_not_null()).head(5)
    said = [
        _(
            "{step} to {next_step} {n}",
            step=titles.get(step, step),
            next_step=titles.get(other, other),
            n=words.count(n),
        )
        for step, other, n in between["step", "next_step", "moves"].rows()
    ]
    return _(
        "Process map, the most frequent moves: {moves}. {finding}.", moves="; ".join(said), finding=headline
    )
