"""How long it took: tickets by bands of time, with the median, the time of nine in ten, and the targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from dashboard import words
from dashboard.charts import axes
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.time_scale import TimeScale, spanning
from dashboard.language import _
from dashboard.palette import Palette
from dashboard.sentences import time_words

Row = Mapping[str, Any]
FOLDED = [{"query": {"maxWidth": axes.PHONE}, "option": {"xAxis": [{}, {}, {"axisLabel": {"rotate": 55}}]}}]
"""On a phone the times stand aslant."""
NAME_TAKES = 0.4
"""Of a chart as narrow as on a phone, what a name takes."""


class Mark(NamedTuple):
    """A line at a time, with its name."""

    minutes: float
    name: str
    colour: str
    dash: str


def waiting_times(
    bands: pl.DataFrame,
    *,
    title: str,
    median: Row,
    most: Row,
    targets: Mapping[str, float],
    palette: Palette,
) -> Chart:
    """One bar per band of `bands` (band: its lower end in minutes, n), empty ones between included.

    `median` and `most` are the metric's rows (value, n, low, high) at half and at nine of ten; `targets` the
    minutes promised, by what a reader calls them.
    """
    known = bands.filter(pl.col("band").is_not_null(), pl.col("n") > 0).sort("band")
    headline = _("{time}: no ticket has one here", time=title)
    if known.is_empty() or median["value"] is None:
        why = _("No ticket of this selection has this time yet. Choose a longer period or remove a filter.")
        return empty(headline, why)
    scale = spanning([*map(float, known["band"]), *targets.values()])
    n = sum(known["n"])
    source = pl.DataFrame({"band": scale.bands}).join(
        known.select(pl.col("band").cast(pl.Int64), "n"), on="band", how="left", maintain_order="left"
    )
    counts = source["n"].fill_null(0)
    source = pl.DataFrame(
        {
            "band": [str(band) for band in source["band"]],
            _("Time"): [time_words.band(band) for band in source["band"]],
            _("Tickets"): [words.count(count) for count in counts],
            _("Share"): [words.share(count / n) for count in counts],
            "n": counts,
        }
    )
    band, often = known.sort("n", "band", descending=[True, False]).row(0)
    headline = _(
        "{time}: most often {band} ({share}); one in ten more than {most}",
        time=title,
        band=time_words.band(int(band)),
        share=words.share(often / n),
        most=words.minutes(most["value"]),
    )
    return Chart(
        headline=headline,
        alt=_(
            "Histogram of {n} tickets by time, in bands that widen to the right. {finding}.",
            n=words.count(n),
            finding=headline,
        ),
        option=_option(source, scale, marks=_marks(median, most, targets, scale, palette), palette=palette),
        height=330,
        note=_("n {n}. The bands widen to the right, from a minute to weeks.", n=words.count(n)),
    )


def _marks(
    median: Row, most: Row, targets: Mapping[str, float], scale: TimeScale, palette: Palette
) -> list[Option]:
    """Vertical lines; they differ in dash and in name as well as in colour."""
    told = [
        Mark(median["value"], _("median {time}", time=words.minutes(median["value"])), palette.text, "solid"),
        Mark(most["value"], _("90% {time}", time=words.minutes(most["value"])), palette.muted, "dashed"),
        *(Mark(minutes, name, palette.alarm, "dotted") for name, minutes in targets.items()),
    ]
    return marks_at([mark for mark in told if mark.minutes is not None], scale)


def marks_at(marks: Sequence[Mark], scale: TimeScale) -> list[Option]:
    """Named lines at places of the scale; a name that is near another stands a row above it."""
    apart = NAME_TAKES * len(scale.bands)
    rows: list[list[float]] = [[] for _mark in marks]
    drawn = []
    for mark in marks:
        place = scale.place(mark.minutes)
        level = next(at for at, row in enumerate(rows) if all(abs(place - other) > apart for other in row))
        rows[level].append(place)
        drawn.append(_mark_at(place, mark, level=level))
    return drawn


def _mark_at(place: float, mark: Mark, *, level: int) -> Option:
    return {
        "xAxis": round(place, 4),
        "name": mark.name,
        "lineStyle": {"color": mark.colour, "type": mark.dash, "width": 2},
        "label": {
            "formatter": "{b}",
            "position": "end",
            "distance": [0, 4 + 15 * level],
            "color": mark.colour,
            "fontSize": 12,
        },
    }


def top_below(marks: list[Option]) -> int:
    """How far down a chart begins that has these names above it."""
    return 8 + max((mark["label"]["distance"][1] + 15 for mark in marks), default=8)


def lines(marks: list[Option]) -> Option:
    """A series that draws nothing but lines of its own at places of the scale."""
    return {
        "type": "line",
        "xAxisIndex": 1,
        "data": [],
        "silent": True,
        "tooltip": {"show": False},
        "markLine": {"symbol": "none", "silent": True, "animation": False, "data": marks},
    }


def _option(source: pl.DataFrame, scale: TimeScale, *, marks: list[Option], palette: Palette) -> Option:
    tips = [name for name in source.columns if name not in {"band", "n"}]
    return {
        "animation": False,
        "grid": axes.grid(top=top_below(marks), right=30),
        "tooltip": {"trigger": "item"},
        "dataset": {"source": source},
        "xAxis": scale.axes(palette),
        "yAxis": axes.amounts(source["n"], palette, side="left", whole=True),
        "series": [
            {
                "type": "bar",
                "name": _("Tickets"),
                "xAxisIndex": 0,
                "encode": {"x": "band", "y": "n", "tooltip": tips},
                "color": palette.main,
                "barCategoryGap": "6%",
                "itemStyle": {"borderRadius": [3, 3, 0, 0]},
            },
            lines(marks),
        ],
        "media": FOLDED,
    }
