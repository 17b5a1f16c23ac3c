"""How confusion, or the time taken, changes as agents get to know one step."""

from __future__ import annotations

import polars as pl

from dashboard import words
from dashboard.charts import axes, intervals
from dashboard.charts.chart import Chart, Option, empty
from dashboard.charts.tooltip import BASIS, INTERVAL, VALUE, tooltip
from dashboard.language import _
from dashboard.palette import Palette
from dashboard.sentences.practice_words import AXES, MEASURES, bands
from metrics.learning_curve import By, Of

UNITS: dict[Of, str] = {"confusion": "share", "minutes": "minutes"}


def learning_curve(points: pl.DataFrame, *, step: str, by: By, of: Of, palette: Palette) -> Chart:
    """One point per band of `points` (band, visits, agents, value, low, high), with its 95 % interval."""
    unit, measure, titles = UNITS[of], _(MEASURES[of]), bands(by)
    known = points.filter(pl.col("value").is_not_null()).rename({"visits": "n"})
    if known.is_empty():
        return empty(
            _("No learning curve of “{step}” yet", step=step),
            _(
                "In no band of experience were there five agents whose first visit to this step is in the "
                "data. Choose a longer period or another step, or remove a filter."
            ),
        )
    factor, suffix = words.axis(unit, known.select(pl.max_horizontal("value", "high").max()).item())
    source = known.select(
        Band=pl.Series([titles[band] for band in known["band"]], dtype=pl.String),
        **tooltip(known, unit),
        level=pl.col("value") * factor,
        low=pl.col("low") * factor,
        high=pl.col("high") * factor,
    )
    finding = _finding(known, step=step, measure=measure, by=by, unit=unit)
    return Chart(
        headline=finding,
        alt=_("One point per band of experience with its 95% interval. {finding}", finding=finding),
        option=_option(source, measure=measure, axis=_(AXES[by]), suffix=suffix, palette=palette),
        height=300,
        note=_(
            "Only agents whose first visit to the step is in the data; groups of fewer than five agents are "
            "left out. Intervals are widened for agents seen more than once."
        ),
    )


def _finding(known: pl.DataFrame, *, step: str, measure: str, by: By, unit: str) -> str:
    titles = bands(by)
    (first, last) = (known.row(place, named=True) for place in (0, -1))
    said = {
        "step": step,
        "measure": measure,
        "first": words.value(first["value"], unit),
        "last": words.value(last["value"], unit),
        "start": titles[first["band"]],
        "end": titles[last["band"]],
    }
    if known.height == 1:
        return _("{measure} at “{step}”: {first} ({start}; no other band can be shown)", **said)
    if first["low"] is not None and last["high"] is not None and last["high"] < first["low"]:
        return _("{measure} at “{step}”: down from {first} ({start}) to {last} ({end}) with practice", **said)
    if first["high"] is not None and last["low"] is not None and last["low"] > first["high"]:
        return _("{measure} at “{step}”: up from {first} ({start}) to {last} ({end})", **said)
    return _("{measure} at “{step}”: {first} ({start}), {last} ({end}), no more apart than by chance", **said)


def _option(source: pl.DataFrame, *, measure: str, axis: str, suffix: str, palette: Palette) -> Option:
    return {
        "animation": False,
        "grid": axes.grid(top=16, right=18, bottom=22),
        "tooltip": {"trigger": "axis"},
        "dataset": {"source": source},
        "xAxis": {
            "type": "category",
            "name": axis,
            "nameLocation": "middle",
            "nameGap": 28,
            "nameTextStyle": {"color": palette.muted, "fontSize": 12},
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": palette.grid}},
            "axisLabel": {"color": palette.text, "interval": 0},
        },
        "yAxis": axes.amounts([*source["level"], *source["high"]], palette, side="left", suffix=suffix),
        "series": [
            intervals.whiskers(source["low", "high"].rows(), palette, along="y", width=8),
            {
                "type": "line",
                "name": measure,
                "encode": {"x": "Band", "y": "level", "tooltip": [VALUE, INTERVAL, BASIS]},
                "symbol": "circle",
                "symbolSize": 10,
                "color": palette.main,
                "lineStyle": {"width": 2.5},
                "label": {
                    "show": True,
                    "position": "right",  # above and below lies the interval
                    "textBorderColor": palette.background,  # the line goes through it
                    "textBorderWidth": 3,
                    "distance": 8,
                    "formatter": f"{{@{VALUE}}}",
                    "color": palette.text,
                },
            },
        ],
    }
