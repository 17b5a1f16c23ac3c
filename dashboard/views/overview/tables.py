"""What every group did to a number since the period before."""

from __future__ import annotations

import polars as pl

from dashboard.filters import dimension_choices
from dashboard.kit.tables.table import Column, Table, texts
from dashboard.language import _, time_words, words
from metrics.catalog.metric import Metric
from metrics.tickets.contributions import Contributions


def mover_table(moved: Contributions, *, metric: Metric, dimension: str) -> Table:
    """One row per group of a dimension, the largest part first."""
    parts = moved.parts.filter(pl.col("dimension") == dimension)
    unit = "count" if metric.kind == "count" else "share"

    def differences(name: str) -> pl.Series:
        return texts(time_words.difference(value, unit) for value in parts[name])

    columns = {
        "name": Column(_(dimension_choices.title(dimension)), pinned=True, width=190),
        "total": Column(_("Part"), width=110, help=_("Of the change; the parts add up to it.")),
        "rate": Column(_("Rate"), width=110, help=_("Because its own value changed.")),
        "mix": Column(_("Mix"), width=110, help=_("Because its share of all cases changed.")),
        "n": Column(_("Now (n)"), "count"),
        "n_before": Column(_("Before (n)"), "count"),
        "value": Column(_("Now"), width=90),
        "value_before": Column(_("Before"), width=90),
    }
    if unit == "count":
        columns = {
            name: column for name, column in columns.items() if name in {"name", "total", "n", "n_before"}
        }
    return Table(
        title=_("Every group’s part in the change"),
        frame=parts.select(
            "n",
            "n_before",
            name=texts(dimension_choices.value_title(group, dimension) for group in parts["group"]),
            total=differences("total"),
            rate=differences("rate"),
            mix=differences("mix"),
            value=texts(words.share(value) for value in parts["value"]),
            value_before=texts(words.share(value) for value in parts["value_before"]),
        ),
        columns=columns,
        alt=_("Every group with its part in the change, by rate and by mix"),
        definition=_(metric.definition),
    )
