"""How confusion, or the time taken, changes as agents get to know one step."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure, plain, translucent, value_lines
from dashboard.kit.charts.palette import Palette
from dashboard.kit.steps.practice_words import AXES, MEASURES, bands
from dashboard.language import _, words
from metrics.training.learning_curve import By, Of

UNITS: dict[Of, str] = {"confusion": "share", "minutes": "minutes"}


@cached_chart
def learning_curve(points: pl.DataFrame, *, step: str, by: By, of: Of, palette: Palette) -> Chart:
    """One point per band of `points` (band, visits, agents, value, low, high), with its 95 % interval."""
    unit, measure, titles = UNITS[of], _(MEASURES[of]), bands(by)
    measured = points.filter(pl.col("value").is_not_null()).rename({"visits": "n"})
    if measured.is_empty():
        return empty(
            _("No learning curve of “{step}” yet", step=step),
            _(
                "No band of experience has five agents whose first visit to this step is in the "
                "data. Choose a longer period or another step, or remove a filter."
            ),
        )
    finding = _finding(measured, step=step, measure=measure, by=by, unit=unit)
    return Chart(
        headline=finding,
        alt=_("One point per band of experience with its 95% interval. {finding}", finding=finding),
        figure=_figure(measured, titles, measure=measure, axis=_(AXES[by]), unit=unit, palette=palette),
        data=measured.select(
            name=pl.Series([titles[band] for band in measured["band"]]),
            value="value",
            n="n",
            low="low",
            high="high",
        ),
        note=_(
            "Only agents whose first visit to the step is in the data. Groups of fewer than five "
            "agents are left out. Intervals allow for agents with several visits."
        ),
    )


def _finding(measured: pl.DataFrame, *, step: str, measure: str, by: By, unit: str) -> str:
    titles = bands(by)
    (first, last) = (measured.row(place, named=True) for place in (0, -1))
    values = {
        "step": step,
        "measure": measure,
        "first": words.value(first["value"], unit),
        "last": words.value(last["value"], unit),
        "start": titles[first["band"]],
        "end": titles[last["band"]],
    }
    if measured.height == 1:
        return _("{measure} at “{step}”: {first} ({start}; no other band can be shown)", **values)
    if first["low"] is not None and last["high"] is not None and last["high"] < first["low"]:
        return _(
            "{measure} at “{step}”: down from {first} ({start}) to {last} ({end}) with practice", **values
        )
    if first["high"] is not None and last["low"] is not None and last["low"] > first["high"]:
        return _("{measure} at “{step}”: up from {first} ({start}) to {last} ({end})", **values)
    return _("{measure} at “{step}”: no clear change from {first} ({start}) to {last} ({end})", **values)


def _figure(
    measured: pl.DataFrame, titles: Mapping[int, str], *, measure: str, axis: str, unit: str, palette: Palette
) -> go.Figure:
    factor, suffix = words.axis(unit, measured.select(pl.max_horizontal("value", "high").max()).item())
    value, low, high = (measured[name] * factor for name in ("value", "low", "high"))
    names = [titles[band] for band in measured["band"]]
    figure = new_figure(palette, height=300)
    figure.add_scatter(
        x=list(range(measured.height)),
        y=value,
        error_y={
            "type": "data",
            "symmetric": False,
            "array": (high - value).fill_null(0.0),
            "arrayminus": (value - low).fill_null(0.0),
            "thickness": 8,
            "width": 0,
            "color": translucent(palette.quiet, 0.4),
        },
        mode="lines+markers+text",
        name=measure,
        line={"color": palette.main, "width": 2.5},
        marker={"color": palette.main, "size": 10},
        text=[f"  {words.value(each, unit)}" for each in measured["value"]],
        textposition=_beside_the_line(measured["value"]),
        textfont={"color": palette.text},
        cliponaxis=False,
        hovertext=[
            hover(name, measure, *value_lines(row, unit))
            for name, row in zip(names, measured.iter_rows(named=True), strict=True)
        ],
    )
    figure.update_xaxes(
        range=[-0.5, measured.height - 0.4],
        tickvals=list(range(measured.height)),
        ticktext=list(map(plain, names)),
        tickfont={"color": palette.text},
        title={"text": plain(axis), "standoff": 8},
    )
    figure.update_yaxes(axes.amounts([*value, *high], suffix=suffix, is_whole=suffix == ""))
    return figure


def _beside_the_line(values: pl.Series) -> list[str]:
    """Where the value of each point stands: above and below lies the interval, and the line goes on."""
    onward = values.shift(-1) - values
    return ["middle right" if d is None else "bottom right" if d > 0 else "top right" for d in onward]
