"""The sentence the page of comparisons opens with."""

from __future__ import annotations

import polars as pl

from dashboard.language import _, time_words, words
from metrics.tickets.comparison import described


def opening(rows: pl.DataFrame, now: str, before: str) -> str:
    """Which numbers differ beyond chance, the largest differences first."""
    sure = rows.filter(pl.col("sureness") == "signal", pl.col("value_before") > 0)
    if sure.is_empty():
        return _("No clear difference between {now} and {before}.", now=now, before=before)
    size = (pl.col("difference") / pl.col("value_before")).abs()
    differences = []
    for row in sure.sort(size, "metric", descending=[True, False]).head(3).iter_rows(named=True):
        metric = described(row["metric"])
        differences.append(
            _(
                "{number} {now} against {before} ({difference})",
                number=_(metric.title),
                now=words.value(row["value"], metric.unit),
                before=words.value(row["value_before"], metric.unit),
                difference=time_words.difference(row["difference"], metric.unit),
            )
        )
    values = {"now": now, "before": before, "numbers": words.joined(differences)}
    if sure.height > len(differences):
        return _("{now} clearly differs from {before}, most in: {numbers}.", **values)
    return _("{now} clearly differs from {before} in: {numbers}.", **values)
