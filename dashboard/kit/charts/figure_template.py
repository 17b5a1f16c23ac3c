"""The house style of every figure: one template for each palette, one configuration for each language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any

import plotly.graph_objects as go
from babel import Locale

from dashboard.kit.charts.palette import Palette
from dashboard.language import ENGLISH, _, ngettext, spoken, words

FONT = "'Source Sans', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif"
SMALL = 12
"""Pixels of a small text: axes, notes in the figure."""


def new_figure(palette: Palette, *, height: int, **layout: Any) -> go.Figure:
    """An empty figure in the house style, so many pixels high and as wide as the page lets it."""
    return go.Figure(
        layout={
            "template": _template(palette),
            "separators": _separators(spoken()),
            "height": height,
            **layout,
        }
    )


def figure_config(language: str) -> dict[str, Any]:
    """What plotly.js is told beside the figure: names of days and months, and that nothing zooms.

    Built from the locale data of babel, for Streamlit serves no locale files of plotly.js.
    """
    at = Locale.parse(language)
    months, days = at.months["format"], at.days["format"]
    week = [(day + 6) % 7 for day in range(7)]  # plotly.js begins with Sunday, babel with Monday
    signs = at.number_symbols["latn"]
    form = {
        "days": [days["wide"][day] for day in week],
        "shortDays": [days["abbreviated"][day] for day in week],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
        "date": "%d/%m/%Y",
        "decimal": signs["decimal"],
        "thousands": signs["group"],
        "grouping": [3],
    }
    return {
        "locale": language,
        "locales": {language: {"dictionary": {}, "format": form}},
        "displayModeBar": False,
        "doubleClick": False,
        "scrollZoom": False,
        "responsive": True,
    }


def upright(place: Any, *, layer: str = "above", **line: Any) -> dict[str, Any]:
    """A shape: a line from bottom to top at this place of the horizontal axis."""
    ends = {"x0": place, "x1": place, "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "line", **ends, "line": line, "layer": layer}


def add_layout(
    figure: go.Figure, *, shapes: Iterable[dict[str, Any]] = (), annotations: Iterable[dict[str, Any]] = ()
) -> None:
    """All of them at once: `add_vline` and its like check all that is there again for each one more."""
    figure.update_layout(
        shapes=[*figure.layout.shapes, *shapes], annotations=[*figure.layout.annotations, *annotations]
    )


def plain(text: str | None, limit: int = 60) -> str:
    """A name from the data as one line of a figure: plotly.js reads markup and links in its texts."""
    return escape(words.label(text, limit), quote=False)


def hover(*lines: str) -> str:
    """What a reader sees on pointing at something: plain lines, the first one bold."""
    first, *others = (escape(line, quote=False) for line in lines if line)
    return "<br>".join([f"<b>{first}</b>", *others])


def value_lines(row: Any, unit: str) -> list[str]:
    """A value in words, its 95 % interval and its n; `row` has value, low, high and n."""
    interval = words.interval(row.get("low"), row.get("high"), unit)
    return [
        words.value(row["value"], unit),
        _("95% interval {interval}", interval=interval) if interval else "",
        ngettext("{n} case", "{n} cases", row["n"], n=words.count(row["n"])),
    ]


def translucent(colour: str, share: float) -> str:
    """A hex colour through which so much of what lies below it shows not."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


@cache
def _template(palette: Palette) -> go.layout.Template:
    axis = {
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "zerolinecolor": palette.text,
        "automargin": True,
        "tickangle": 0,
        "tickfont": {"color": palette.muted, "size": SMALL},
        "title": {"font": {"color": palette.muted, "size": SMALL}},
    }
    trace = {
        "hoverinfo": "text",  # what charts say, and no date or number in plotly.js's own words
        "selected": {"marker": {"opacity": 1}},  # the rest is not dimmed when one thing is chosen
        "unselected": {"marker": {"opacity": 1}},
    }
    return go.layout.Template(
        data={"scatter": [trace], "bar": [trace]},
        layout={
            "font": {"family": FONT, "color": palette.text, "size": 13},
            "paper_bgcolor": palette.background,
            "plot_bgcolor": palette.background,
            "colorway": list(palette.categorical),
            "margin": {"l": 14, "r": 18, "t": 14, "b": 8},
            "xaxis": axis | {"showgrid": False},
            "yaxis": axis,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "bottom",
                "font": {"color": palette.muted, "size": SMALL},
                "itemclick": False,
                "itemdoubleclick": False,
            },
            "hoverlabel": {
                "bgcolor": palette.background,
                "bordercolor": palette.quiet,
                "font": {"color": palette.text, "family": FONT, "size": 13},
                "align": "left",
                "namelength": -1,
            },
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "bargap": 0.35,
            "barcornerradius": 4,
        },
    )


@cache
def _separators(language: str) -> str:
    if language == ENGLISH:
        return ".,"
    signs = Locale.parse(language).number_symbols["latn"]
    return f"{signs['decimal']}{signs['group']}"
