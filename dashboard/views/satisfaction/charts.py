"""What satisfaction goes along with: by how many points each level differs from like tickets."""

from __future__ import annotations

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.differences import differences
from dashboard.kit.charts.palette import Palette
from dashboard.kit.tables.table import texts
from dashboard.language import _, time_words, words

MOST_BARS = 10


def driver_rows(drivers: pl.DataFrame) -> pl.DataFrame:
    """The rows that are drawn: what can be told, the surest and the largest first."""
    rows = drivers.filter(pl.col("association").is_not_null())
    sure = pl.col("association") != "none shown"
    order = (sure, pl.col("difference").abs(), pl.col("factor"), pl.col("level"))
    return rows.sort(*order, descending=[True, True, False, False]).head(MOST_BARS)


def driver_name(factor: str, level: str) -> str:
    """A level of a factor as a reader calls it."""
    return _(
        "{factor}: {level}",
        factor=_(dimension_choices.title(factor)),
        level=dimension_choices.value_title(level, factor),
    )


def _label(gap: float, low: float | None, high: float | None) -> str:
    difference, interval = (
        time_words.difference(gap, "share"),
        time_words.difference_interval(low, high, "share"),
    )
    return f"{difference} ({interval})" if interval else difference


@cached_chart
def drivers_chart(drivers: pl.DataFrame, *, palette: Palette) -> Chart:
    """`drivers` as `metrics.tickets.satisfaction` gives them."""
    ranked = driver_rows(drivers)
    if ranked.is_empty():
        why = _(
            "There are too few ratings: each level needs a few dozen. Choose a longer period or "
            "remove a filter."
        )
        return empty(_("What satisfaction is linked to: not enough data yet"), why)
    sure = ranked.filter(pl.col("association") != "none shown")
    rows = ranked.select(
        name=texts(
            dimension_choices.value_title(level, factor) for factor, level in ranked["factor", "level"].rows()
        ),
        detail=texts(
            f"{_(dimension_choices.title(factor))}, {words.counted(n, 'ticket')}"
            for factor, n in ranked["factor", "n"].rows()
        ),
        level=pl.col("difference") * 100,
        low=pl.col("low") * 100,
        high=pl.col("high") * 100,
        sure=pl.col("association") != "none shown",
        label=texts(_label(*row) for row in ranked["difference", "low", "high"].rows()),
    )
    headline = _("Satisfaction is not clearly linked to anything recorded")
    if sure.height:
        first = sure.row(0, named=True)
        more = first["difference"] > 0
        values = {
            "name": driver_name(first["factor"], first["level"]),
            "points": time_words.difference(first["difference"], "share"),
        }
        headline = (
            _("More satisfied with “{name}” than with similar tickets: {points}", **values)
            if more
            else _("Less satisfied with “{name}” than with similar tickets: {points}", **values)
        )
    return differences(
        rows,
        headline=headline,
        alt=_(
            "One dot on its interval for each level, left of zero for less satisfied. {finding}.",
            finding=headline,
        ),
        suffix="",
        data=ranked.select(
            "n",
            "low",
            "high",
            name=texts(driver_name(factor, level) for factor, level in ranked["factor", "level"].rows()),
            value="difference",
        ).select("name", "value", "n", "low", "high"),
        things=ranked["factor", "level"].rows(),
        palette=palette,
        note=_(
            "Percentage points of satisfied customers, compared with other rated tickets of the "
            "same channel and reason. A link is not a cause. At most 1 in 20 of the marked rows "
            "is chance."
        ),
    )
