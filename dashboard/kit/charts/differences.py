"""Differences around zero: a dot on its interval to either side, those beyond chance marked by shape."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure
from dashboard.kit.charts.intervals import Dot, add_dots, add_reference
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, words

EDGE = 22
"""Pixels left of the plot: half of the number of the lowest amount, which is left out where it is cut."""


@cached_chart
def differences(
    rows: pl.DataFrame,
    *,
    headline: str,
    alt: str,
    suffix: str,
    data: pl.DataFrame,
    palette: Palette,
    things: Sequence[Sequence[str]] | None = None,
    note: str = "",
) -> Chart:
    """One row per thing compared (name, detail, level, low, high, sure, said), in the order given.

    `level`, `low` and `high` are in the axis' own unit, whose sign is `suffix`; `sure` where the interval
    leaves out nothing; `said` is the difference in words, told on pointing at it. `data`: the same as it is
    exported; `things`: what a click on each row names.
    """
    figure = new_figure(
        palette, height=axes.rows_height(rows.height, extra=70), showlegend=True, margin_l=EDGE
    )
    axes.name_rows(figure, rows["name"].to_list(), rows["detail"].to_list(), palette)
    ends = [end for name in ("level", "low", "high") for end in rows[name]]
    figure.update_xaxes(axes.amounts(ends, suffix=suffix))
    dots = [
        Dot(
            value=row["level"],
            low=row["low"],
            high=row["high"],
            row=place,
            hover=hover(words.label(row["name"]), _("Difference"), row["label"]),
            is_marked=bool(row["sure"]),
            thing=None if things is None else things[place],
        )
        for place, row in enumerate(rows.iter_rows(named=True))
    ]
    add_reference(figure, 0, palette)
    add_dots(figure, dots, (_("No clear difference"), _("Clear difference")), palette)
    return Chart(headline=headline, alt=alt, figure=figure, data=data, note=note)
