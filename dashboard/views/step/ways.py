"""From where runs come to one step and where they go on to: three columns joined by bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten, wrap

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import SMALL, add_layout, hover, new_figure, plain, translucent
from dashboard.kit.charts.palette import Palette
from dashboard.kit.charts.shades import readable_on
from dashboard.language import _, words

MOST_WAYS = 8
"""Ways on either side; the rest are one band together."""
LETTERS, BOX_LETTERS = 20, 12
"""Of a line of a name: of a way, of the step in the box."""
LINE, GAP, THINNEST = 17, 9, 2.0
"""Pixels: of a line of a name, between two ways, of the thinnest band."""
DEEP_AT_LEAST, DEEP_PER_WAY, BOX_AT_LEAST = 90, 22, 64
"""Pixels: of all bands of a side together, of the box in the middle."""
REACH, NODE = 0.38, 0.014
"""Of the width: how far a band reaches, how wide its end at the edge is."""
POINTS = 20


@cached_chart
def step_ways(
    step: str,
    moves: pl.DataFrame,
    titles: Mapping[str, str],
    *,
    return_share: float | None = None,
    palette: Palette,
) -> Chart:
    """`moves` of its workflow version, as `metrics.process.process_map` tells them.

    `return_share`: of a state, whose visits nobody leaves by going back.
    """
    into = _ways(moves.filter(pl.col("next_step") == step, pl.col("way") != "finished"), "step", titles)
    out = _ways(moves.filter(pl.col("step") == step), "next_step", titles)
    name = titles.get(step, step)
    if not into and not out:
        return empty(
            _("“{step}”: no ways in or out", step=name),
            _("No run came to this step in this selection. Choose a longer period or remove a filter."),
        )
    back: int = sum(moves.filter(pl.col("step") == step, pl.col("way") == "went back")["moves"])
    leaving: int = sum(moves.filter(pl.col("step") == step)["moves"])
    finding = _(
        "“{step}”: {share} of {visits} are left by going back",
        step=name,
        share=words.share(back / leaving if leaving else None),
        visits=words.counted(leaving, "visit"),
    )
    note = _("↩ by going back · ⚠ a move that the definition does not allow. Numbers are moves.")
    if return_share is not None:
        finding = _(
            "“{step}”: {share} of {visits} are returns",
            step=name,
            share=words.share(return_share),
            visits=words.counted(leaving, "visit"),
        )
        note = _("⚠ a move that the definition does not allow. Numbers are moves.")
    return Chart(
        headline=finding,
        alt=_(
            "Ways in: {into}. Ways out: {out}. {finding}.",
            into="; ".join(f"{way.text} {words.count(way.n)}" for way in into[:4]),
            out="; ".join(f"{way.text} {words.count(way.n)}" for way in out[:4]),
            finding=finding,
        ),
        figure=_figure(name, into, out, palette),
        data=_data(name, into, out),
        note=note,
    )


@dataclass(frozen=True)
class Way:
    """One way in or out: its other end in a reader's words, how many moves, of what kind."""

    text: str
    n: int
    kind: str


def _ways(moves: pl.DataFrame, end: str, titles: Mapping[str, str]) -> list[Way]:
    """Each way on one side in a reader's words, the most frequent first; rare ones together."""
    edge = {"began": _("Start of the run"), "finished": _("End of the run"), "given up": _("Given up")}
    marks = {"went back": "↩ ", "not allowed": "⚠ "}
    rows = moves.sort("moves", end, descending=[True, False]).to_dicts()
    ways = [
        Way(
            marks.get(row["way"], "") + (edge.get(row["way"]) or titles.get(row[end], words.label(row[end]))),
            row["moves"],
            row["way"],
        )
        for row in rows
    ]
    rest = ways[MOST_WAYS:]
    return ways[:MOST_WAYS] + ([Way(_("Other ways"), sum(way.n for way in rest), "rest")] if rest else [])


def _data(name: str, into: list[Way], out: list[Way]) -> pl.DataFrame:
    rows = [(way.text, name, way.n) for way in into] + [(name, way.text, way.n) for way in out]
    types = {"source": pl.String, "target": pl.String, "value": pl.Int64}
    return pl.DataFrame(rows, schema=types, orient="row")


def _figure(name: str, into: list[Way], out: list[Way], palette: Palette) -> go.Figure:
    """Drawn on a plane without axes, as wide as the page and as many units high as pixels."""
    sides = (into, out)
    deep = max(DEEP_AT_LEAST, *(DEEP_PER_WAY * len(side) for side in sides))
    scale = deep / max(sum(way.n for way in side) for side in sides)
    columns = [[_Row(way, scale, palette) for way in side] for side in sides]
    height = max(BOX_AT_LEAST, deep, *(sum(row.height for row in column) for column in columns))
    figure = new_figure(
        palette,
        height=round(height) + 16,
        margin={"l": 0, "r": 0, "t": 8, "b": 8},
        bargap=0,
        barmode="overlay",
        xaxis={"visible": False, "range": [0, 1]},
        yaxis={"visible": False, "range": [height, 0]},
    )
    for column, is_into in zip(columns, (True, False), strict=True):
        _add_side(figure, column, height, palette, is_into=is_into)
    box = max(BOX_AT_LEAST, *(sum(row.deep for row in column) for column in columns))
    figure.add_bar(
        x=[0.5],
        base=[(height - box) / 2],
        y=[box],
        width=1 - 2 * REACH,
        marker={"color": palette.main, "cornerradius": 8},
        text=["<br>".join(f"<b>{plain(line)}</b>" for line in _lines(name, BOX_LETTERS, most=4))],
        textposition="inside",
        insidetextanchor="middle",
        constraintext="inside",
        textangle=0,
        textfont={"size": SMALL, "color": readable_on(palette.main)},
        hovertext=[hover(name)],
    )
    return figure


class _Row:
    """A way with its name beside its band: how deep the band is, how high all of it, in which colour."""

    def __init__(self, way: Way, scale: float, palette: Palette) -> None:
        colours = {"went back": palette.second, "not allowed": palette.alarm, "given up": palette.alarm}
        self.lines = _lines(way.text, LETTERS, most=2)
        self.label_height = LINE * len(self.lines)
        self.deep = max(THINNEST, way.n * scale)
        self.height = self.label_height + self.deep + GAP
        self.colour = colours.get(way.kind, palette.quiet)
        self.number = words.count(way.n)
        self.hover = hover(way.text, self.number)


def _add_side(
    figure: go.Figure, column: list[_Row], height: float, palette: Palette, *, is_into: bool
) -> None:
    """The names and bands of one side, from its edge to the box in the middle."""
    edge, inner = (0.0, REACH) if is_into else (1.0, 1 - REACH)
    outer = (height - sum(row.height for row in column)) / 2
    middle = (height - sum(row.deep for row in column)) / 2
    tops, names = [], []
    for row in column:
        # Above a band that falls towards the box, below one that rises: the band does not cross its name.
        is_below = outer > middle
        top = outer if is_below else outer + row.label_height
        tops.append(top)
        x, above = _course((edge, top), (inner, middle))
        figure.add_scatter(
            x=[*x, *reversed(x)],
            y=[*above, *(place + row.deep for place in reversed(above))],
            mode="lines",
            fill="toself",
            fillcolor=translucent(row.colour, 0.28),
            line={"width": 0},
            hoveron="fills",
            text=row.hover,
            hoverinfo="text",
        )
        muted = f'<span style="color:{palette.muted}">{plain(row.number)}</span>'
        names.append(
            {
                "x": edge,
                "y": top + row.deep if is_below else outer,
                "xanchor": "left" if is_into else "right",
                "yanchor": "top",
                "align": "left" if is_into else "right",
                "text": f"{'<br>'.join(map(plain, row.lines))}  {muted}",
                "font": {"size": SMALL},
                "bgcolor": translucent(palette.background, 0.7),
                "borderpad": 0,
                "showarrow": False,
            }
        )
        outer += row.height
        middle += row.deep
    add_layout(figure, annotations=names)
    figure.add_bar(
        x=[edge + (NODE / 2 if is_into else -NODE / 2)] * len(column),
        base=tops,
        y=[row.deep for row in column],
        width=NODE,
        marker={"color": [row.colour for row in column], "cornerradius": 0},
        hovertext=[row.hover for row in column],
    )


def _lines(text: str, letters: int, *, most: int) -> list[str]:
    """A name on a few lines, each short enough for its part of a phone."""
    lines = wrap(words.label(text), letters)
    rest = " ".join(lines[most - 1 :])
    return [*lines[: most - 1], shorten(rest, letters, placeholder="…")] if lines[most - 1 :] else lines


def _course(start: tuple[float, float], end: tuple[float, float]) -> tuple[list[float], list[float]]:
    """The upper edge of a band: level where it leaves and where it arrives."""
    (x1, y1), (x2, y2) = start, end
    along = [place / POINTS for place in range(POINTS + 1)]
    return (
        [x1 + (x2 - x1) * t for t in along],
        [y1 + (y2 - y1) * (3 * t**2 - 2 * t**3) for t in along],
    )
