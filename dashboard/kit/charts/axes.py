"""Axes, the same in every chart: amounts as the reader writes them, days, names above their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, floor, log10
from typing import Any

import plotly.graph_objects as go

from dashboard.kit.charts.figure_template import SMALL, plain
from dashboard.kit.charts.palette import Palette
from dashboard.language import words

ROW_HEIGHT = 46
"""Pixels of a row with its name above it."""
NAMED_LETTERS = 58
"""Letters of a name and its detail: they stand in one line, on a phone, too."""
_DETAIL_LETTERS = 33
_STEPS, _DATES = 6, 6


def amounts(
    reached: Iterable[float | None], *, suffix: str = "", is_whole: bool = False, grid: bool = True
) -> dict[str, Any]:
    """An axis from zero to what is reached on either side of it, in round steps, whole ones if need be.

    Its numbers are written out in the reader's language: plotly.js knows separators, but no signs.
    """
    values = [0.0, *(amount for amount in reached if amount is not None)]
    low, high = min(values), max(values)
    step = _round_step((high - low) / _STEPS, least=1.0 if is_whole else 0.0)
    first = floor(round(low / step, 9))
    last = max(ceil(round(high / step, 9)), first + 1)
    digits = max(0, -floor(log10(step)))
    return {
        "range": [first * step, last * step],
        "tickvals": [place * step for place in range(first, last + 1)],
        "ticktext": [words.decimal(place * step, digits) + suffix for place in range(first, last + 1)],
        "showgrid": grid,
    }


def _round_step(about: float, *, least: float) -> float:
    """The least of 1, 2, 5, 10, 20 … (or .1, .2, .5 …) that is no less."""
    about = max(about, least) or 1.0
    power = 10.0 ** floor(log10(about))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= about * (1 - 1e-9))


def days(dates: Sequence[date], first: date | None = None, last: date | None = None) -> dict[str, Any]:
    """Days from `first` to `last`; as many of those named have a date as a phone has room for."""
    every = ceil(len(dates) / _DATES)
    ticks = list(dates)[::every]
    first, last = first or dates[0], last or dates[-1]
    room = (last - first) * 0.02
    return {
        "type": "date",
        "range": [f"{first - room}", f"{last + room}"],
        "tickvals": [f"{day}" for day in ticks],
        "ticktext": [words.day_of_year(day) for day in ticks],
        "ticklabelstandoff": 5,
        "showgrid": False,
    }


def name_rows(
    figure: go.Figure, names: Sequence[str], details: Sequence[str | None], palette: Palette
) -> None:
    """Rows 0, 1, 2 … from top to bottom, each with its name above it: no chart is crushed by long names."""
    figure.update_yaxes(range=[len(names) - 0.5, -0.75], visible=False, showgrid=False)
    figure.update_layout(
        annotations=[
            *figure.layout.annotations,
            *(
                {
                    "text": row_label(name, detail, palette),
                    "x": 0,
                    "xref": "paper",
                    "xanchor": "left",
                    "y": row,
                    "yanchor": "bottom",
                    "yshift": 7,
                    "showarrow": False,
                    "align": "left",
                    "bgcolor": palette.background,  # lines do not run through a name
                    "borderpad": 0,
                }
                for row, (name, detail) in enumerate(zip(names, details, strict=True))
            ),
        ]
    )


def row_label(name: str, detail: str | None, palette: Palette) -> str:
    """A name with its detail behind it in a quieter colour, on one line."""
    room = max(_DETAIL_LETTERS, NAMED_LETTERS - len(words.label(name)))
    short = words.label(detail, room) if detail else ""
    text = plain(name, NAMED_LETTERS - len(short))
    if not short:
        return text
    return f'{text}  <span style="color:{palette.muted};font-size:{SMALL}px">{plain(short)}</span>'


def rows_height(number: int, *, extra: int = 44) -> int:
    """Pixels of a chart with so many rows; `extra` is what axis and legend take."""
    return max(130, ROW_HEIGHT * number + extra)
