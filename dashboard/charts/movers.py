"""What moved a number: for each group, what its rate and what its weight did, to either side of zero."""

from __future__ import annotations

import polars as pl

from dashboard import dimension_choices, words
from dashboard.charts import axes, intervals
from dashboard.charts.chart import Chart, Option, empty
from dashboard.language import _
from dashboard.palette import Palette
from dashboard.sentences import time_words
from dashboard.tables.table import texts
from metrics.contributions import Contributions
from metrics.metric import Metric

SHOWN = 8
ROW = 34


def movers(moved: Contributions | None, *, metric: Metric, dimension: str, palette: Palette) -> Chart:
    """The groups of one dimension with the largest parts in the change since the period before."""
    title = _("What moved {number}", number=_(metric.title))
    if moved is None or moved.change is None:
        why = _(
            "This needs the number in this period and in the whole period before. Choose a shorter period, "
            "or one that begins later."
        )
        return empty(title, why)
    parts = moved_by(moved, dimension)
    if parts.is_empty():
        return empty(title, _("Nothing of this kind is recorded. Choose another kind of group above."))
    unit = "count" if metric.kind == "count" else "share"
    factor = 100.0 if unit == "share" else 1.0
    source = parts.select(
        name=texts(dimension_choices.said(group, dimension) for group in parts["group"]),
        **{_("Part"): texts(time_words.difference(total, unit) for total in parts["total"])},
        place=pl.int_range(pl.len()),
        rate=(pl.col("total") if unit == "count" else pl.col("rate")) * factor,
        mix=pl.col("mix") * factor,
    )
    first = parts.row(0, named=True)
    headline = _(
        "{title}: “{group}” most, with {part} of {whole}",
        title=title,
        group=dimension_choices.said(first["group"], dimension),
        part=time_words.difference(first["total"], unit),
        whole=time_words.difference(moved.change, unit),
    )
    return Chart(
        headline=headline,
        alt=_("Bars to either side of zero, one row per group. {finding}.", finding=headline),
        option=_option(source, is_count=unit == "count", palette=palette),
        height=max(150, ROW * parts.height + 80),
        note=_note(metric),
    )


def moved_by(moved: Contributions, dimension: str) -> pl.DataFrame:
    """The parts of a dimension that are drawn, the largest first."""
    parts = moved.parts.filter(pl.col("dimension") == dimension, pl.col("total").is_not_null())
    order = pl.col("total").abs()
    return parts.sort(order, "group", descending=[True, False], nulls_last=True).head(SHOWN)


def _note(metric: Metric) -> str:
    if metric.kind == "count":
        return _("The parts of all groups add up to the change since the period before.")
    whole = _("Points of the share, against the period before; the parts of all groups add up to the change.")
    if metric.kind == "share":
        return whole
    return _("{points} The share is that of tickets that took longer than half did before.", points=whole)


def _option(source: pl.DataFrame, *, is_count: bool, palette: Palette) -> Option:
    looks: list[tuple[str, str, str, Option | None]] = [
        (_("Change") if is_count else _("Went otherwise (rate)"), "rate", palette.main, None)
    ]
    if not is_count:
        # Stripes, so that the two differ without colour too.
        stripes = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [3, 3], "rotation": 0.8}
        looks.append((_("Other weight (mix)"), "mix", palette.second, stripes))
    series: list[Option] = [
        {
            "type": "bar",
            "name": name,
            "stack": "part",
            "barWidth": 16,
            "encode": {"x": column, "y": "place", "tooltip": [_("Part")]},
            "color": colour,
            "itemStyle": {} if decal is None else {"decal": {"color": palette.background, **decal}},
        }
        for name, column, colour, decal in looks
    ]
    names = [words.label(name, 46) for name in source["name"]]
    ends = source["rate"].to_list() if is_count else _ends(source["rate"], source["mix"])
    return {
        "animation": False,
        "grid": axes.grid(top=6 if is_count else 34),
        "tooltip": {"trigger": "item"},
        "legend": axes.legend([] if is_count else [name for name, *_look in looks], palette),
        "dataset": {"source": source},
        "xAxis": axes.amounts(ends, palette, side="bottom", whole=is_count),
        "yAxis": axes.names(names, palette),
        "series": [*series, intervals.upright(0, palette)],
        "media": axes.folded(names, widest=110),
    }


def _ends(rates: pl.Series, mixes: pl.Series) -> list[float]:
    """How far the bars reach to either side: parts of one sign lie end to end."""
    parts = [(rate or 0.0, mix or 0.0) for rate, mix in zip(rates, mixes, strict=True)]
    return [sum(part for part in row if part * sign > 0) for row in parts for sign in (-1, 1)]
