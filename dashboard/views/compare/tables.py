"""Two sides number by number: value, n and interval of both, their difference, and whether it is chance."""

from __future__ import annotations

import polars as pl

from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import N_, _, time_words, words
from metrics.tickets.comparison import described

SURENESS = {
    "signal": N_("different"),
    "noise": N_("no clear difference"),
    "unknown": N_("not known"),
}


def compared_table(rows: pl.DataFrame, *, now: str, before: str) -> Table:
    """One row per metric of `rows`, in its order."""
    metrics = [described(name) for name in rows["metric"]]
    units = [metric.unit for metric in metrics]

    def values(name: str) -> pl.Series:
        return texts(words.value(value, unit) for value, unit in zip(rows[name], units, strict=True))

    def limits(low: str, high: str) -> pl.Series:
        ends = rows.select(low, high).rows()
        return texts(
            words.interval(start, end, unit) or words.UNKNOWN
            for (start, end), unit in zip(ends, units, strict=True)
        )

    ends = rows.select("difference_low", "difference_high").rows()
    return Table(
        title=_("{now} against {before}", now=now, before=before),
        frame=pl.DataFrame(
            {
                "name": texts(_(metric.title) for metric in metrics),
                "now": values("value"),
                "now_n": rows["n"],
                "now_interval": limits("low", "high"),
                "before": values("value_before"),
                "before_n": rows["n_before"],
                "before_interval": limits("low_before", "high_before"),
                "gap": texts(
                    time_words.difference(gap, unit)
                    for gap, unit in zip(rows["difference"], units, strict=True)
                ),
                "gap_interval": texts(
                    time_words.difference_interval(start, end, unit) or words.UNKNOWN
                    for (start, end), unit in zip(ends, units, strict=True)
                ),
                "verdict": texts(_(SURENESS[sureness]) for sureness in rows["sureness"]),
            }
        ),
        columns={
            "name": Column(_("Number"), pinned=True, width=180),
            "now": Column(now, width=135),
            "now_n": Column(_("n, {side}", side=now), "count", width=70),
            "before": Column(before, width=135),
            "before_n": Column(_("n, {side}", side=before), "count", width=70),
            "gap": Column(_("Difference"), width=95),
            "gap_interval": Column(_("95% interval"), width=180, help=_("Of the difference.")),
            "verdict": Column(
                _("Different?"),
                width=150,
                help=_("“Different” where the interval of the difference leaves out zero. A count has none."),
            ),
            "now_interval": Column(_("95% interval, {side}", side=now), width=190),
            "before_interval": Column(_("95% interval, {side}", side=before), width=190),
        },
        alt=_("Every number on both sides, with its difference and whether it is clear"),
        definition=_("The sides are taken as independent of one another."),
    )
