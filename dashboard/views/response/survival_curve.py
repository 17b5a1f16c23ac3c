"""How many still wait after a while, those still open counted: Kaplan and Meier's curve with its band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure
from dashboard.kit.charts.intervals import add_band
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, time_words, words
from dashboard.views.response.time_marks import LINE, Mark, add_marks
from dashboard.views.response.time_scale import TimeScale, spanning
from metrics.catalog.durations import EDGES

Row = Mapping[str, Any]


@cached_chart
def survival_curve(
    curve: pl.DataFrame,
    others: pl.DataFrame | None,
    *,
    title: str,
    overall: Row,
    targets: Mapping[str, float],
    palette: Palette,
) -> Chart:
    """`curve` as `metrics.tickets.survival` gives it, `others` the same of all selected, a thin line.

    `overall`: its median (value, low, high), and of n tickets how many are `waiting` or `broken_off`.
    """
    if curve.is_empty():
        why = _("No wait has ended here yet. Choose a longer period or remove a filter.")
        return empty(_("{time}: not enough data yet", time=title), why)
    longest = float(curve["minutes"][-1])
    scale = spanning([float(curve["minutes"][0]), longest, *targets.values()])
    headline = _headline(curve, overall, title, scale)
    marks = [Mark(minutes, name, palette.alarm, "dot") for name, minutes in targets.items()]
    return Chart(
        headline=headline,
        alt=_(
            "Falling steps: the share that still waits after a time, with its band. {finding}.",
            finding=headline,
        ),
        figure=_figure(curve, others, scale, marks, palette),
        data=curve.select("minutes", "low", "high", value="open_share", n="at_risk"),
        note=_(
            "{cases}, by the day they were opened. {waiting} still waiting count until now. "
            "{broken_off} that ended early count until then.",
            cases=words.counted(overall["n"], "ticket"),
            waiting=words.counted(overall["waiting"], "ticket"),
            broken_off=words.counted(overall["broken_off"], "ticket"),
        ),
    )


def at(curve: pl.DataFrame, minutes: float) -> float:
    """The share that still waits after that time."""
    before = curve.filter(pl.col("minutes") <= minutes)
    return 1.0 if before.is_empty() else float(before["open_share"][-1])


def _headline(curve: pl.DataFrame, overall: Row, title: str, scale: TimeScale) -> str:
    half = overall["value"]
    ends = [edge for edge in EDGES[scale.first : scale.last] if 0 < at(curve, edge) <= 0.25]
    if half is None:
        return _("{time}: more than half still wait, so there is no median yet", time=title)
    sentence = _(
        "{time}: the median is {half}, incl. still waiting",
        time=title,
        half=words.minutes(half),
    )
    if limits := words.interval(overall["low"], overall["high"], "minutes"):
        sentence = _("{finding} ({limits})", finding=sentence, limits=limits)
    if not ends:
        return sentence
    share = words.share(at(curve, ends[0]))
    return _(
        "{finding}; after {time} {share} still wait",
        finding=sentence,
        time=time_words.edge(ends[0]),
        share=share,
    )


def _figure(
    curve: pl.DataFrame,
    others: pl.DataFrame | None,
    scale: TimeScale,
    marks: Sequence[Mark],
    palette: Palette,
) -> go.Figure:
    has_others = others is not None and not others.is_empty()
    figure = new_figure(
        palette,
        height=310,
        margin_r=24,
        hovermode="x",
        showlegend=has_others,
        legend={"yref": "container", "y": 1, "yanchor": "top", "traceorder": "normal"},
    )
    places = _places(curve, scale)
    low, high = (_levels(curve, column) for column in ("low", "high"))
    add_band(figure, places, low, high, palette, shape="hv")
    figure.add_scatter(
        x=places,
        y=_levels(curve, "open_share"),
        mode="lines",
        name=_("Still waiting"),
        line={"color": palette.main, "width": 2.5, "shape": "hv"},
        hovertext=_hovers(curve),
        hoverinfo="text",  # and no label on the axis
    )
    if others is not None and has_others:
        start, end = scale.ends
        within = others.filter(pl.col("minutes").is_between(start, end))
        before = at(others.filter(pl.col("minutes") < start), start)
        figure.add_scatter(
            x=_places(within, scale),
            y=[before * 100, *(within["open_share"] * 100)],
            mode="lines",
            name=_("All of the selection"),
            line={"color": palette.quiet, "width": 1.5, "dash": "dash", "shape": "hv"},
            hoverinfo="skip",
        )
    figure.update_xaxes(scale.axis(palette))
    figure.update_yaxes(axes.amounts([100.0], suffix=words.axis("share", None)[1]))
    add_marks(figure, marks, scale, above=LINE + 8 if has_others else 0)
    return figure


def _places(curve: pl.DataFrame, scale: TimeScale) -> list[float]:
    return [0.0, *(scale.place(minutes) for minutes in curve["minutes"])]


def _levels(curve: pl.DataFrame, column: str) -> list[float]:
    return [100.0, *(curve[column] * 100)]


def _hovers(curve: pl.DataFrame) -> list[str]:
    """What a reader sees on pointing at each step: after what time, how many still wait, how sure that is."""
    steps = curve["minutes", "open_share", "low", "high", "at_risk"].rows()
    return [
        hover(
            _("{kind}: {text}", kind=_("After"), text=words.minutes(minutes) if minutes else "0"),
            _("{kind}: {text}", kind=_("Still waiting"), text=words.share(share)),
            *_interval(low, high),
            _("{kind}: {text}", kind=_("Have waited that long"), text=words.count(at_risk)),
        )
        for minutes, share, low, high, at_risk in [(0.0, 1.0, None, None, curve["at_risk"][0]), *steps]
    ]


def _interval(low: float | None, high: float | None) -> list[str]:
    interval = words.interval(low, high, "share")
    return [_("95% interval {interval}", interval=interval)] if interval else []
