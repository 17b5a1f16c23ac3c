"""Two sides number by number: by how many percent the one lies above or below the other."""

from __future__ import annotations

import polars as pl

from dashboard.kit.charts.chart import Chart, empty
from dashboard.kit.charts.chart_cache import cached_chart
from dashboard.kit.charts.differences import differences
from dashboard.kit.charts.palette import Palette
from dashboard.kit.tables.table import texts
from dashboard.language import _, time_words, words
from metrics.tickets.comparison import described


@cached_chart
def compared_numbers(rows: pl.DataFrame, *, now: str, before: str, palette: Palette) -> Chart:
    """`rows` as `metrics.tickets.comparison` gives them; those with an interval and a value before."""
    comparable = rows.filter(pl.col("difference_low").is_not_null(), pl.col("value_before") > 0)
    if comparable.is_empty():
        why = _(
            "Neither side has enough cases for an interval. Choose a longer period, or remove a filter in "
            "the sidebar."
        )
        return empty(_("{now} and {before}: too little to compare", now=now, before=before), why)
    base = pl.col("value_before")
    units = {name: described(name).unit for name in comparable["metric"]}
    bars = comparable.select(
        name=texts(_(described(name).title) for name in comparable["metric"]),
        detail=texts(
            _(
                "{now} against {before}",
                now=words.value(value, units[name]),
                before=words.value(was, units[name]),
            )
            for name, value, was in comparable["metric", "value", "value_before"].rows()
        ),
        level=pl.col("difference") / base * 100,
        low=pl.col("difference_low") / base * 100,
        high=pl.col("difference_high") / base * 100,
        sure=pl.col("sureness") == "signal",
        label=texts(
            f"{time_words.difference(gap, units[name])} "
            f"({time_words.difference_interval(low, high, units[name])})"
            for name, gap, low, high in comparable[
                "metric", "difference", "difference_low", "difference_high"
            ].rows()
        ),
    )
    sure = int(bars["sure"].sum())
    headline = _(
        "{sure} of {n} numbers clearly differ",
        sure=words.count(sure),
        n=words.count(bars.height),
    )
    return differences(
        bars,
        headline=headline,
        alt=_(
            "One dot on its interval for each number, right of zero where it is higher. {finding}.",
            finding=headline,
        ),
        suffix=words.axis("share", None)[1],
        data=bars.select("name", pl.col("level", "low", "high") / 100).rename({"level": "value"}),
        palette=palette,
        note=_(
            "Difference of {now} from {before} in percent. Counts have no interval. A number is marked "
            "where its 95% interval leaves out zero: about 1 in 20 without any difference is marked by "
            "chance.",
            now=now,
            before=before,
        ),
    )
