"""What moved a number: for each group, what its rate and what its weight did, to either side of zero."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.differences import EDGE
from dashboard.kit.charts.figure_template import hover, new_figure
from dashboard.kit.charts.intervals import add_reference
from dashboard.kit.charts.palette import Palette
from dashboard.kit.tables.table import texts
from dashboard.language import _, time_words, words
from metrics.catalog.metric import Metric
from metrics.tickets.contributions import Contributions

MOST_GROUPS = 8


@cached_chart
def movers(moved: Contributions | None, *, metric: Metric, dimension: str, palette: Palette) -> Chart:
    """The groups of one dimension with the largest parts in the change since the period before."""
    title = _("What moved {number}", number=_(metric.title))
    if moved is None or moved.change is None:
        why = _(
            "This needs the number in this period and in all of the period before. Choose a "
            "shorter period, or one that begins later."
        )
        return empty(title, why)
    parts = moved_by(moved, dimension)
    if parts.is_empty():
        return empty(title, _("Nothing of this kind is recorded. Choose another kind of group above."))
    unit = "count" if metric.kind == "count" else "share"
    first = parts.row(0, named=True)
    headline = _(
        "{title}: “{group}” most, with {part} of {whole}",
        title=title,
        group=dimension_choices.value_title(first["group"], dimension),
        part=time_words.difference(first["total"], unit),
        whole=time_words.difference(moved.change, unit),
    )
    return Chart(
        headline=headline,
        alt=_("Bars to either side of zero, one row per group. {finding}.", finding=headline),
        figure=_figure(parts, dimension, is_count=unit == "count", palette=palette),
        data=_data(parts, dimension, is_count=unit == "count"),
        note=_note(metric),
    )


def moved_by(moved: Contributions, dimension: str) -> pl.DataFrame:
    """The parts of a dimension that are drawn, the largest first."""
    parts = moved.parts.filter(pl.col("dimension") == dimension, pl.col("total").is_not_null())
    order = pl.col("total").abs()
    return parts.sort(order, "group", descending=[True, False], nulls_last=True).head(MOST_GROUPS)


def thing_of(group: str | None) -> str:
    """What a click on the bars of a group names."""
    return group or ""


def _note(metric: Metric) -> str:
    if metric.kind == "count":
        return _("The parts of all groups add up to the change since the period before.")
    text = _(
        "Percentage points, compared with the period before. The parts of all groups add up to the change."
    )
    if metric.kind == "share":
        return text
    return _("{points} The share counts tickets that took longer than the earlier median.", points=text)


def _figure(parts: pl.DataFrame, dimension: str, *, is_count: bool, palette: Palette) -> go.Figure:
    factor, unit = (1.0, "count") if is_count else (100.0, "share")
    kinds = _kinds(is_count=is_count)
    figure = new_figure(
        palette,
        height=axes.rows_height(parts.height, extra=44 if is_count else 70),
        showlegend=not is_count,
        margin_l=EDGE,
        barmode="relative",
    )
    titles = [dimension_choices.value_title(group, dimension) for group in parts["group"]]
    axes.name_rows(figure, titles, [None] * len(titles), palette)
    hovered = [
        hover(words.label(name), _("Part"), time_words.difference(total, unit))
        for name, total in zip(titles, parts["total"], strict=True)
    ]
    for column, name in kinds.items():
        is_first = column == next(iter(kinds))
        figure.add_bar(
            x=(parts[column] * factor).to_list(),
            y=list(range(parts.height)),
            orientation="h",
            width=0.34,
            name=name,
            marker={
                "color": palette.main if is_first else palette.second,
                # Stripes, so that the two differ without colour too.
                "pattern": {
                    "shape": "" if is_first else "/",
                    "fillmode": "overlay",
                    "fgcolor": palette.background,
                    "size": 7,
                },
            },
            customdata=[[thing_of(group)] for group in parts["group"]],
            hovertext=hovered,
        )
    figure.update_xaxes(axes.amounts(_ends(parts.select(list(kinds)) * factor), is_whole=is_count))
    add_reference(figure, 0, palette)
    return figure


def _kinds(*, is_count: bool) -> dict[str, str]:
    """The columns that are drawn, each as it is called in the legend."""
    if is_count:
        return {"total": _("Change")}
    return {"rate": _("Own value changed (rate)"), "mix": _("Weight changed (mix)")}


def _data(parts: pl.DataFrame, dimension: str, *, is_count: bool) -> pl.DataFrame:
    names = texts(dimension_choices.value_title(group, dimension) for group in parts["group"])
    if is_count:
        return parts.select(name=names, value="total")
    return pl.concat(
        parts.select(name=names, series=pl.lit(kind), value=column)
        for column, kind in _kinds(is_count=is_count).items()
    )


def _ends(parts: pl.DataFrame) -> list[float]:
    """How far the bars reach to either side: parts of one sign lie end to end."""
    return [
        sum(part for part in row if part is not None and part * sign > 0)
        for row in parts.rows()
        for sign in (-1, 1)
    ]
