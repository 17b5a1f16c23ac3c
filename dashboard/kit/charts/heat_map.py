"""A heat map whose cells have their values written in them: darker is more, and the number says how much.

One bar per cell: a heat map of plotly.js reports no clicks, and writes nothing into a cell without a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.kit.charts import axes
from dashboard.kit.charts.figure_template import SMALL, hover, new_figure, plain
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.shades import readable_on, shade
from dashboard.language import words

_CELL_HEIGHT, _CELL_WIDTH = 0.5, 0.97
"""Of a row, whose name stands above its cells; of a column."""


@dataclass(frozen=True)
class Cell:
    """One cell: its value, how it is written, what a reader sees on pointing at it, what a click names."""

    value: float | None
    written: str
    detail: str
    thing: Sequence[str] | None = None


def heat(
    rows: Sequence[str],
    details: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    *,
    axis: str,
    highest: float,
    palette: Palette,
) -> go.Figure:
    """Rows × columns; a cell without a value shows what is written in it, if anything."""
    figure = new_figure(palette, height=axes.rows_height(len(rows), extra=64), bargap=0, margin_t=52)
    axes.name_rows(figure, rows, details, palette)
    figure.update_xaxes(
        side="top",
        tickvals=list(range(len(columns))),
        ticktext=["<br>".join(plain(part) for part in _wrapped(column)) for column in columns],
        tickfont={"color": palette.text},
        title={"text": plain(axis, 120), "standoff": 6},
        range=[-0.5, len(columns) - 0.5],
    )
    placed = [(x, y, cell) for y, line in enumerate(cells) for x, cell in enumerate(line)]
    colours = [_colour(cell, highest, palette) for _x, _y, cell in placed]
    figure.add_bar(
        x=[x for x, _y, _cell in placed],
        base=[y - 0.08 for _x, y, _cell in placed],
        y=[_CELL_HEIGHT] * len(placed),
        width=_CELL_WIDTH,
        marker={
            "color": colours,
            "line": {
                "width": 1,
                "color": [
                    palette.grid if cell.value is None else colour
                    for (_x, _y, cell), colour in zip(placed, colours, strict=True)
                ],
            },
        },
        text=[plain(cell.written) if cell.written else "" for _x, _y, cell in placed],
        textposition="inside",
        insidetextanchor="middle",
        constraintext="inside",
        textangle=0,
        textfont={
            "size": SMALL,
            "color": [
                palette.muted if cell.value is None else readable_on(colour)
                for (_x, _y, cell), colour in zip(placed, colours, strict=True)
            ],
        },
        customdata=[cell.thing or [] for _x, _y, cell in placed],
        hovertext=[hover(words.label(rows[y]), words.label(cell.detail, 160)) for _x, y, cell in placed],
    )
    return figure


def _colour(cell: Cell, highest: float, palette: Palette) -> str:
    return palette.background if cell.value is None else shade(cell.value / max(highest, 1e-9), palette)


def _wrapped(column: str) -> list[str]:
    """A heading in two lines where it is long: seven of them stand side by side on a phone."""
    words_of_it = words.label(column, 20).split(" ")
    if len(words_of_it) == 1 or len(column) <= 8:
        return [" ".join(words_of_it)]
    middle = (len(words_of_it) + 1) // 2
    return [" ".join(words_of_it[:middle]), " ".join(words_of_it[middle:])]
