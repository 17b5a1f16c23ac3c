"""A measure before and after a release, step by step: two dots, each on its interval."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.differences import EDGE
from dashboard.kit.charts.figure_template import hover, new_figure, translucent, value_lines
from dashboard.kit.charts.palette import Palette
from dashboard.kit.tables.table import texts
from dashboard.language import _, ngettext, words
from dashboard.views.versions import text
from metrics.releases.versions import TIMES
from metrics.statistics.intervals import wilson

APART = 0.2
"""Of a row, how far the dot after stands below the dot before."""
MARKS = {"improved": "▲", "worse": "▼", "usual range": "=", "not enough data yet": "?"}
"""What stands before a name, so that the verdict is told without colour."""


@cached_chart
def version_steps(rows: pl.DataFrame, *, measure: str, palette: Palette) -> Chart:
    """`rows`: those of one release and measure, as `metrics.releases.versions.verdicts` gives them.

    Shares carry Wilson's interval of each side; of times (geometric means) the change alone has one, in the
    table below.
    """
    measured = rows.filter(pl.col("before").is_not_null() & pl.col("after").is_not_null())
    headline = _finding(measured, measure)
    if measured.is_empty():
        return empty(
            headline,
            _("No step has visits on both sides of this release. Choose another release or remove a filter."),
        )
    spoken = [f"{text.place(row)}: {_detail(row, measure)}" for row in measured.to_dicts()]
    return Chart(
        headline=headline,
        alt=_(
            "Before and after the release, step by step. {finding}. {steps}.",
            finding=headline,
            steps="; ".join(spoken[:6]),
        ),
        figure=_figure(measured, measure, palette),
        data=_data(measured, measure),
        note=_("▲ improved · ▼ worse · = usual range · ? not enough data yet"),
    )


def _finding(measured: pl.DataFrame, measure: str) -> str:
    name = _(text.MEASURES[measure])
    better, worse = (measured.filter(verdict=verdict).height for verdict in ("improved", "worse"))
    unknown = measured.filter(verdict="not enough data yet").height
    if not better + worse and not unknown:
        return ngettext(
            "{measure}: {n} step is in the usual range",
            "{measure}: all {n} steps are in the usual range",
            measured.height,
            measure=name,
            n=words.count(measured.height),
        )
    if not better + worse:
        return ngettext(
            "{measure}: not enough data yet at {unknown} of {n} step",
            "{measure}: not enough data yet at {unknown} of {n} steps",
            measured.height,
            measure=name,
            unknown=words.count(unknown),
            n=words.count(measured.height),
        )
    return _(
        "{measure}: {better} of {n} improved, {worse} worse",
        measure=name,
        better=words.count(better),
        worse=words.count(worse),
        n=words.count(measured.height),
    )


def _detail(row: dict[str, Any], measure: str) -> str:
    before, after = text.levels(row | {"measure": measure})
    old, new = words.count(row["n_before"]), words.counted(row["n_after"], "visit")
    return _("{before} → {after} ({old} → {new})", before=before, after=after, old=old, new=new)


def _data(measured: pl.DataFrame, measure: str) -> pl.DataFrame:
    """A row per step and side, in the order given; shares as parts of one, times in seconds."""
    steps = texts(text.place(row) for row in measured.to_dicts())
    sides = []
    for side, title in (("before", _("Before")), ("after", _("After"))):
        low, high = _interval(measured, side, measure)
        sides.append(
            measured.select(
                name=steps, series=pl.lit(title), value=side, n=f"n_{side}", low=low, high=high,
                place=pl.int_range(pl.len()),
            )
        )  # fmt: skip
    return pl.concat(sides).sort("place", maintain_order=True).drop("place")


def _interval(measured: pl.DataFrame, side: str, measure: str) -> tuple[pl.Series, pl.Series]:
    """The ends of each value's interval; null for times."""
    if measure in TIMES:
        nothing = pl.Series([None] * measured.height, dtype=pl.Float64)
        return nothing, nothing
    n = measured[f"n_{side}"].cast(pl.Float64)
    low, high = wilson((measured[side] * n).round(0).to_numpy(), n.to_numpy())
    return pl.Series(low), pl.Series(high)


def _figure(measured: pl.DataFrame, measure: str, palette: Palette) -> go.Figure:
    is_time = measure in TIMES
    factor, suffix = (1.0, _(" s")) if is_time else words.axis("share", None)
    figure = new_figure(
        palette, height=axes.rows_height(measured.height, extra=70), showlegend=True, margin_l=EDGE
    )
    rows = measured.to_dicts()
    axes.name_rows(
        figure,
        [f"{MARKS.get(row['verdict'], '')} {text.place(row)}" for row in rows],
        [_detail(row, measure) for row in rows],
        palette,
    )
    data = _data(measured, measure)
    for title, is_after in ((_("Before"), False), (_("After"), True)):
        side = data.filter(series=title).to_dicts()
        _add_side(figure, side, title, measure, factor, palette, is_after=is_after)
    ends = data.select(pl.col("value", "low", "high") * factor)
    figure.update_xaxes(axes.amounts([end for row in ends.rows() for end in row], suffix=suffix))
    return figure


def _add_side(
    figure: go.Figure,
    side: list[dict[str, Any]],
    title: str,
    measure: str,
    factor: float,
    palette: Palette,
    *,
    is_after: bool,
) -> None:
    """The dots of one side, filled or not: those after stand a little below those before."""
    colour = palette.main if is_after else palette.quiet
    reaches = [
        (0.0, 0.0) if row["low"] is None else (row["high"] - row["value"], row["value"] - row["low"])
        for row in side
    ]
    figure.add_scatter(
        x=[row["value"] * factor for row in side],
        y=[place + (APART if is_after else 0) for place in range(len(side))],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [above * factor for above, _below in reaches],
            "arrayminus": [below * factor for _above, below in reaches],
            "thickness": 6,
            "width": 0,
            "color": translucent(colour, 0.3),
        },
        mode="markers",
        name=title,
        marker={
            "symbol": "diamond" if is_after else "circle",
            "size": 12 if is_after else 11,
            "color": colour if is_after else palette.background,
            "line": {"color": colour, "width": 2.5},
        },
        hovertext=[hover(row["name"], title, *_value_lines(row, measure)) for row in side],
    )


def _value_lines(row: dict[str, Any], measure: str) -> list[str]:
    if measure in TIMES:
        return value_lines(row | {"value": row["value"] / 60}, "minutes")
    return value_lines(row, "share")
