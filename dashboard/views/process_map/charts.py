"""A workflow version as a map: steps as boxes in layers, moves as lines, confusion as tint, mark and words.

Drawn on a plane without axes that stretches to the width there is; boxes are bars, moves lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from textwrap import shorten, wrap
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import SMALL, hover, new_figure
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words
from dashboard.views.process_map.edges import Scale, add_moves
from dashboard.views.process_map.layers import Layout, Place, layout

START, END, GIVEN_UP = "\0start", "\0end", "\0given up"
WIDTH, LAYER, BOX_HEIGHT = 860, 104, 66
"""Pixels: of the map at its widest, from one layer to the next, of a box."""
FEWEST_LANES, BOX = 2.4, 0.8
"""Lanes that a map is wide at least, so that one box does not fill the page; a box, in lanes."""
LETTERS, LINES = 18, 3
EDGE = 0.25
"""Of the way from one layer to the next, what is free above the first and below the last."""
DEEPEST_TINT, TINTED_FULLY = 0.5, 0.3
"""Of a step with this share of confused visits, so much of the colour shows through."""


@dataclass(frozen=True)
class Map:
    """One workflow version: its steps and how they stand, its moves, and the order of steps."""

    steps: pl.DataFrame
    """Step, title, visits, confused, hotspot; `again`: visits that came straight from the step itself.

    Of a log of states nothing is `confused`; `median_hours`: time in the state.
    """
    moves: pl.DataFrame
    """As `metrics.process.process_map.moves`, of one workflow version."""
    order: tuple[str, ...]
    defined: tuple[tuple[str, str], ...]


@cached_chart
def process_map(
    content: Map, *, moves: pl.DataFrame, by_time: bool, headline: str, palette: Palette
) -> Chart:
    """`moves`: those that are drawn; `by_time`: lines by median time instead of number of moves."""
    there = [step for step in content.order if step in set(moves["step"]) | set(moves["next_step"])]
    if not there:
        return empty(
            headline,
            _("No run of this version moved in this selection. Choose a longer period or remove a filter."),
        )
    placed = _placed(content, moves, there)
    rows = content.steps.filter(pl.col("step").is_in(there)).to_dicts()
    titles = {row["step"]: words.label(row["title"] or row["step"]) for row in rows}
    return Chart(
        headline=headline,
        alt=_alt(headline, moves, titles),
        figure=_figure(placed, rows, moves, titles, palette, by_time=by_time),
        data=moves.select("step", "next_step", "way", "moves", "share", "seconds"),
        note=_note(content, _("longer median times") if by_time else _("more moves")),
    )


def _note(content: Map, measure: str) -> str:
    if content.steps["guided"].all():
        return _(
            "A stronger tint means more confused visits; ◆ and a thick edge mark a hotspot. Dashed: "
            "a move that the definition does not allow. Dotted and bent: going back. Thicker lines: "
            "{measure}.",
            measure=measure,
        )
    return _(
        "Each box says how often tickets came into the state, and the median time in it. Dashed: a move that "
        "the definition does not allow. Thicker lines: {measure}.",
        measure=measure,
    )


def _placed(content: Map, moves: pl.DataFrame, there: list[str]) -> Layout:
    """The definition's places; without one, those of the moves that lead onwards in the order of visits."""
    rank = {step: place for place, step in enumerate(content.order)}
    pairs = list(content.defined)
    defined = {step for pair in pairs for step in pair}
    for step, other, way in moves["step", "next_step", "way"].rows():
        is_onward = step in rank and other in rank and way != "went back" and rank[step] < rank[other]
        if is_onward and not {step, other} <= defined:
            pairs.append((step, other))
    inner = layout(there, pairs)
    first = moves.filter(way="began")["next_step"].head(1).to_list()
    deepest = max(place.layer for place in inner.places.values())
    top = inner.places[first[0]].lane if first and first[0] in inner.places else 0.0
    ends = moves.filter(way="finished")["step"].head(1).to_list()
    bottom = inner.places[ends[0]].lane if ends and ends[0] in inner.places else 0.0
    outside = {START: Place(-1, top), END: Place(deepest + 1, bottom)}
    if moves.filter(way="given up").height:
        lanes = [place.lane for place in inner.places.values()]
        outside[GIVEN_UP] = Place(deepest + 1, bottom + 1 if bottom + 1 <= max(lanes) + 0.5 else bottom - 1)
    return Layout({**inner.places, **outside}, inner.passing)


def _figure(
    placed: Layout,
    rows: list[dict[str, Any]],
    moves: pl.DataFrame,
    titles: Mapping[str, str],
    palette: Palette,
    *,
    by_time: bool,
) -> go.Figure:
    lanes = [place.lane for place in placed.places.values()]
    layers = [place.layer for place in placed.places.values()]
    # Lines that lead back at the left of steps, or past them, stay within the picture, too.
    least = min([min(lanes) - 0.7, *placed.passing.values()])
    most = max([max(lanes) + 0.7, *placed.passing.values()])
    spare = max(0.0, FEWEST_LANES - (most - least)) / 2
    scale = Scale(
        lane=WIDTH / max(most - least, FEWEST_LANES), layer=LAYER, box=BOX, height=BOX_HEIGHT / LAYER
    )
    figure = new_figure(
        palette,
        height=round((max(layers) - min(layers) + 2 * EDGE) * LAYER) + 8,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        bargap=0,
        xaxis={"visible": False, "range": [least - spare, most + spare]},
        yaxis={"visible": False, "range": [max(layers) + EDGE, min(layers) - EDGE]},
    )
    add_moves(figure, placed, moves, titles, scale, palette, by_time=by_time)
    _add_steps(figure, rows, placed, scale, titles, palette)
    _add_outside(figure, placed, palette)
    return figure


def _add_steps(
    figure: go.Figure,
    rows: list[dict[str, Any]],
    placed: Layout,
    scale: Scale,
    titles: Mapping[str, str],
    palette: Palette,
) -> None:
    """Boxes as bars: they have corners, and a text that shrinks to stay within them on a phone."""
    rates = [row["confusion_rate"] for row in rows]
    places = [placed.places[row["step"]] for row in rows]
    figure.add_bar(
        x=[place.lane for place in places],
        base=[place.layer - scale.height / 2 for place in places],
        y=[scale.height] * len(rows),
        width=scale.box,
        marker={
            "color": [tint(palette, rate or 0.0) for rate in rates],
            "cornerradius": 8,
            "line": {
                "color": [palette.alarm if row["hotspot"] else palette.quiet for row in rows],
                "width": [3 if row["hotspot"] else 1 for row in rows],
            },
        },
        text=[_box_text(row, titles[row["step"]]) for row in rows],
        textposition="inside",
        insidetextanchor="middle",
        constraintext="inside",
        textangle=0,
        textfont={"size": SMALL, "color": palette.text},
        customdata=[["step", row["step"]] for row in rows],
        hovertext=[hover(titles[row["step"]], _meaning(row)) for row in rows],
    )


def _meaning(row: Mapping[str, Any]) -> str:
    visits = words.counted(row["visits"], "visit")
    if row["guided"]:
        return _("{share} of {visits} confused", share=words.share(row["confusion_rate"]), visits=visits)
    return _("{visits}, median time {time}", visits=visits, time=words.hours(row["median_hours"]))


def _box_text(row: Mapping[str, Any], title: str) -> str:
    lines = [escape(line, quote=False) for line in _wrapped(f"◆ {title}" if row["hotspot"] else title)]
    if row["hotspot"]:
        lines = [f"<b>{line}</b>" for line in lines]
    visits = words.count(row["visits"])
    if row["guided"]:
        visits = _("{share} of {n}", share=words.share(row["confusion_rate"]), n=visits)
    lines.append(f"{visits} · ↻ {words.count(row['again'])}" if row["again"] else visits)
    return "<br>".join(lines if row["guided"] else [*lines, words.hours(row["median_hours"])])


def tint(palette: Palette, rate: float) -> str:
    """The background with as much of the alarming colour as the share of confused visits asks for."""
    part = DEEPEST_TINT * min(1.0, max(rate, 0.0) / TINTED_FULLY)
    pairs = [
        (int(palette.background[at : at + 2], 16), int(palette.alarm[at : at + 2], 16)) for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{round(plain + (full - plain) * part):02X}" for plain, full in pairs)


def _wrapped(title: str) -> list[str]:
    """A title on a few lines, each short enough for a box on a phone."""
    lines = wrap(title, LETTERS)
    if len(lines) <= LINES:
        return lines
    last = shorten(" ".join(lines[LINES - 1 :]), LETTERS, placeholder="…")
    return [*lines[: LINES - 1], last]


def _add_outside(figure: go.Figure, placed: Layout, palette: Palette) -> None:
    """Where runs begin and end: told by their words, and by their shapes."""
    symbols = {START: ("circle", _("Start")), END: ("square", _("End")), GIVEN_UP: ("diamond", _("Given up"))}
    for name, (symbol, title) in symbols.items():
        if name in placed.places:
            place = placed.places[name]
            figure.add_scatter(
                x=[place.lane],
                y=[place.layer],
                mode="markers+text",
                marker={"symbol": symbol, "size": 18, "color": palette.quiet},
                text=[f"  {title}"],
                textposition="middle right",
                textfont={"size": SMALL, "color": palette.text},
                hoverinfo="skip",
            )


def _alt(headline: str, moves: pl.DataFrame, titles: Mapping[str, str]) -> str:
    between = moves.filter(pl.col("step").is_not_null() & pl.col("next_step").is_not_null()).head(5)
    sentences = [
        _(
            "{step} to {next_step} {n}",
            step=titles.get(step, step),
            next_step=titles.get(other, other),
            n=words.count(n),
        )
        for step, other, n in between["step", "next_step", "moves"].rows()
    ]
    return _(
        "Process map, the most frequent moves: {moves}. {finding}.",
        moves="; ".join(sentences),
        finding=headline,
    )
