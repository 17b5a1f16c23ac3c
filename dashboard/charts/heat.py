"""A heat map whose cells have their values written in them: darker is more, and the number says how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import words
from dashboard.charts.chart import Option
from dashboard.charts.shades import readable_on, shade
from dashboard.palette import Palette

PHONE = 560
ROW_HEIGHT = 42


@dataclass(frozen=True)
class Cell:
    """One cell: its value, how it is written, and what a reader sees on pointing at it."""

    value: float | None
    written: str
    told: str


def heat(
    rows: Sequence[str],
    details: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    *,
    axis: str,
    highest: float,
    palette: Palette,
) -> Option:
    """The option of rows × columns; a cell without a value shows what is written in it, if anything."""
    data = [
        _drawn(cell, x, y, rows[y], highest, palette)
        for y, line in enumerate(cells)
        for x, cell in enumerate(line)
    ]
    names = [
        f"{words.label(name, 46)}\n{words.label(detail, 46)}" if detail else words.label(name, 46)
        for name, detail in zip(rows, details, strict=True)
    ]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 46, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "xAxis": {
            "type": "category",
            "position": "top",
            "name": axis,
            "nameLocation": "middle",
            "nameGap": 28,
            "nameTextStyle": {"color": palette.muted, "fontSize": 12},
            "data": [words.label(column, 20) for column in columns],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"color": palette.text, "interval": 0, "fontSize": 12},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"color": palette.text, "lineHeight": 16, "width": 240, "overflow": "truncate"},
        },
        "visualMap": {
            "show": False,
            "min": 0,
            "max": max(highest, 1e-9),
            "inRange": {"color": [shade(0, palette), shade(1, palette)]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": data,
                "itemStyle": {"borderColor": palette.background, "borderWidth": 3, "borderRadius": 4},
                "label": {"show": True, "fontSize": 12},
                "emphasis": {"itemStyle": {"borderColor": palette.text, "borderWidth": 2}},
            }
        ],
        "media": [
            {
                "query": {"maxWidth": PHONE},
                "option": {
                    "yAxis": {"axisLabel": {"width": 112, "fontSize": 11}},
                    "xAxis": {"axisLabel": {"fontSize": 10}},
                    "series": [{"label": {"fontSize": 10}}],
                },
            }
        ],
    }


def _drawn(cell: Cell, x: int, y: int, row: str, highest: float, palette: Palette) -> dict[str, Any]:
    drawn: dict[str, Any] = {"name": words.label(f"{row}: {cell.told}", 160)}
    if cell.value is None:
        # ECharts draws nothing at all of a cell without a number.
        return drawn | {
            "value": [x, y, 0 if cell.written else "-"],
            "visualMap": False,
            "label": {"formatter": cell.written, "color": palette.muted, "show": True},
            "itemStyle": {"color": palette.background, "borderColor": palette.grid, "borderWidth": 1},
        }
    colour = shade(cell.value / max(highest, 1e-9), palette)
    return drawn | {
        "value": [x, y, cell.value],
        "label": {"formatter": cell.written, "color": readable_on(colour), "show": True},
        "itemStyle": {"color": colour},
    }
