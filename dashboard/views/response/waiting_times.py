"""How long it took: tickets by bands of time, with the median, the time of nine in ten, and the targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard.kit.charts import axes
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.figure_template import hover, new_figure
from dashboard.kit.charts.palette import Palette
from dashboard.language import _, time_words, words
from dashboard.views.response.time_marks import Mark, add_marks
from dashboard.views.response.time_scale import TimeScale, spanning

Row = Mapping[str, Any]


@cached_chart
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
    rows = bands.filter(pl.col("band").is_not_null(), pl.col("n") > 0).sort("band")
    headline = _("{time}: no ticket has one here", time=title)
    if rows.is_empty() or median["value"] is None:
        why = _("No ticket of this selection has this time yet. Choose a longer period or remove a filter.")
        return empty(headline, why)
    scale = spanning([*map(float, rows["band"]), *targets.values()])
    n = sum(rows["n"])
    counts = pl.DataFrame({"band": scale.bands}).join(
        rows.select(pl.col("band").cast(pl.Int64), "n"), on="band", how="left", maintain_order="left"
    )
    counts = counts.select("band", pl.col("n").fill_null(0), share=pl.col("n").fill_null(0) / n)
    band, often = rows.sort("n", "band", descending=[True, False]).row(0)
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
        figure=_figure(counts, scale, marks=_marks(median, most, targets, palette), palette=palette),
        data=counts.select(name=pl.Series(map(time_words.band, scale.bands)), n="n", share="share"),
        note=_(
            "{cases}. The bands widen to the right, from a minute to weeks.",
            cases=words.counted(n, "ticket"),
        ),
    )


def _marks(median: Row, most: Row, targets: Mapping[str, float], palette: Palette) -> list[Mark]:
    """Vertical lines; they differ in dash and in name as well as in colour."""
    lines = [
        Mark(median["value"], _("median {time}", time=words.minutes(median["value"])), palette.text, "solid"),
        Mark(most["value"], _("90% {time}", time=words.minutes(most["value"])), palette.muted, "dash"),
        *(Mark(minutes, name, palette.alarm, "dot") for name, minutes in targets.items()),
    ]
    return [line for line in lines if line.minutes is not None]


def _figure(counts: pl.DataFrame, scale: TimeScale, *, marks: list[Mark], palette: Palette) -> go.Figure:
    figure = new_figure(palette, height=310, margin_r=24)
    figure.add_bar(
        x=[place + 0.5 for place in range(counts.height)],
        y=counts["n"],
        width=0.94,
        name=_("Tickets"),
        marker={"color": palette.main, "cornerradius": 3},
        customdata=[[str(band)] for band in counts["band"]],
        hovertext=[
            hover(time_words.band(band), words.counted(n, "ticket"), words.share(share))
            for band, n, share in counts.rows()
        ],
    )
    figure.update_xaxes(scale.axis(palette))
    figure.update_yaxes(axes.amounts(counts["n"], is_whole=True))
    add_marks(figure, marks, scale)
    return figure
