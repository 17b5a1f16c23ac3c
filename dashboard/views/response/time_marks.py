"""Named lines at times of a time scale, their names above the chart, clear of one another on a phone, too."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

import plotly.graph_objects as go

from dashboard.kit.charts.figure_template import SMALL, add_layout, plain, upright
from dashboard.language import words
from dashboard.views.response.time_scale import TimeScale

LINE = 15
"""Pixels of a line of a name."""
_PHONE, _LETTER, _PAD = 290, 6.4, 8
"""Pixels: of the plot on a phone, of a letter, between two names."""
_LONGEST, _LETTERS = 88, 22
"""Letters of a name, and of one of its lines."""


class Mark(NamedTuple):
    """A line at a time, with its name."""

    minutes: float
    name: str
    colour: str
    dash: str


def add_marks(figure: go.Figure, marks: Sequence[Mark], scale: TimeScale, *, above: int = 0) -> None:
    """The lines, and more height with room for their names; `above` these so many pixels stay free.

    A name that would touch another on a phone stands above it.
    """
    rows: list[list[tuple[float, float]]] = []
    heights: list[int] = []
    labels = []
    for mark in marks:
        place = scale.place(mark.minutes)
        lines = wrap(words.label(mark.name, _LONGEST), _LETTERS)
        anchor, left, right = _reach(place / len(scale.bands) * _PHONE, max(map(len, lines)) * _LETTER)
        level = next((at for at, row in enumerate(rows) if _is_free(row, left, right)), len(rows))
        if level == len(rows):
            rows.append([])
            heights.append(0)
        rows[level].append((left, right))
        heights[level] = max(heights[level], len(lines))
        labels.append((mark, place, lines, anchor, level))
    add_layout(
        figure,
        shapes=(upright(place, color=mark.colour, dash=mark.dash, width=2) for mark, place, *_ in labels),
        annotations=(
            {
                "x": place,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "yshift": 2 + LINE * sum(heights[:level]),
                "xanchor": anchor,
                "align": anchor,
                "text": "<br>".join(map(plain, lines)),
                "showarrow": False,
                "borderpad": 0,
                "font": {"color": mark.colour, "size": SMALL},
            }
            for mark, place, lines, anchor, level in labels
        ),
    )
    room = above + LINE * sum(heights)
    figure.update_layout(margin_t=10 + room, height=figure.layout.height + room)


def _reach(at: float, width: float) -> tuple[str, float, float]:
    """On which side of its line a name stands, in pixels from where to where."""
    if at < width / 2:
        return "left", at, at + width
    if at > _PHONE - width / 2:
        return "right", at - width, at
    return "center", at - width / 2, at + width / 2


def _is_free(row: Sequence[tuple[float, float]], left: float, right: float) -> bool:
    return all(right + _PAD < start or end + _PAD < left for start, end in row)
