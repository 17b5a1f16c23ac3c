"""Named rows in order, most striking first: a bar for a count, a dot on its 95 % interval for a share."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure, value_lines
from dashboard.kit.charts.intervals import Dot, add_dots, add_reference
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words

MOST_BARS = 12


@cached_chart
def ranking(
    rows: pl.DataFrame,
    *,
    headline: str,
    why_empty: str,
    measure: str,
    unit: str,
    marks: tuple[str, str] = ("", ""),
    beside: float | None = None,
    things: Sequence[Sequence[str]] | None = None,
    palette: Palette,
) -> Chart:
    """One row per thing ranked (name, detail, value, n, low, high, marked), in the order given.

    `marks` names the unmarked and the marked rows; they differ in shape as well as in colour.
    `beside` is what the values are measured by, drawn as a line. `things`: what a click on each row names.
    """
    is_known = rows["value"].is_not_null()
    clicks = (
        None if things is None else [thing for thing, ranked in zip(things, is_known, strict=True) if ranked]
    )
    ranked = rows.filter(is_known).head(MOST_BARS)
    if ranked.is_empty():
        return empty(headline, why_empty)
    factor, suffix = words.axis(unit, ranked.select(pl.max_horizontal("value", "high").max()).item())
    has_legend = any(marks)
    figure = new_figure(
        palette,
        height=axes.rows_height(ranked.height, extra=70 if has_legend else 44),
        showlegend=has_legend,
    )
    axes.name_rows(figure, ranked["name"].to_list(), ranked["detail"].to_list(), palette)
    reached = ranked.select(pl.max_horizontal("value", "high") * factor).to_series()
    figure.update_xaxes(axes.amounts(reached, suffix=suffix, is_whole=suffix == ""))
    dots = [
        Dot(
            value=row["value"] * factor,
            low=None if row["low"] is None else row["low"] * factor,
            high=None if row["high"] is None else row["high"] * factor,
            row=place,
            hover=hover(words.label(row["name"]), measure, *value_lines(row, unit)),
            is_marked=bool(row["marked"]),
            thing=None if clicks is None else clicks[place],
        )
        for place, row in enumerate(ranked.iter_rows(named=True))
    ]
    if ranked["low"].is_not_null().any():
        add_dots(figure, dots, (marks[0] or measure, marks[1] or measure), palette)
    else:
        _add_bars(figure, dots, [words.value(value, unit) for value in ranked["value"]], palette)
    if beside is not None:
        add_reference(figure, beside * factor, palette)
    spoken = [
        f"{words.label(name)} {words.value(value, unit)}" for name, value in ranked["name", "value"].rows()
    ]
    return Chart(
        headline=headline,
        alt=_(
            "{measure}, ranked: {first}. {finding}",
            measure=measure,
            first="; ".join(spoken[:5]),
            finding=headline,
        ),
        figure=figure,
        data=ranked.select("name", "value", "n", "low", "high"),
    )


def _add_bars(figure: go.Figure, dots: Sequence[Dot], values: Sequence[str], palette: Palette) -> None:
    figure.update_layout(margin_r=56)  # room for the value of the longest bar
    figure.add_bar(
        x=[dot.value for dot in dots],
        y=[dot.row for dot in dots],
        orientation="h",
        width=0.34,
        marker_color=palette.main,
        text=list(values),
        textposition="outside",
        textfont={"color": palette.text},
        cliponaxis=False,
        customdata=[dot.thing for dot in dots] if dots[0].thing is not None else None,
        hovertext=[dot.hover for dot in dots],
    )
