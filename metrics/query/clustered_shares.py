"""Shares whose rows come in clusters, such as the tickets of one customer: counted cluster by cluster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import sqlglot
from sqlglot import exp

from metrics.catalog.metrics import Metric
from metrics.facts.relations import DIALECT
from metrics.statistics.clustering import Floats, clustered_interval, design_effect_of_sums
from metrics.statistics.intervals import wilson

COLUMNS = {
    "n": "CAST(coalesce(sum({n}), 0) AS BIGINT)",
    "value": "CAST(coalesce(sum({hits}), 0) AS BIGINT)",
    "clusters": "count(*) FILTER (WHERE {n} > 0)",
    "n_squares": "CAST(sum({n} * {n}) AS BIGINT)",
    "products": "CAST(sum({n} * {hits}) AS BIGINT)",
    "squares": "CAST(sum({hits} * {hits}) AS BIGINT)",
}
"""Of the counts of whole clusters: their sums, and what the design effect needs."""


def over_clusters(
    counted: exp.Select, metrics: Sequence[Metric], names: Sequence[str], by: Sequence[str]
) -> exp.Select:
    """The groups of `counted`, from the counts of their clusters.

    `counted` has the columns `names`, of which it is grouped `by` some, and n and value of each metric.
    """
    places = [str(place) for place, name in enumerate(names, 1) if name in by]
    clusters = counted.group_by(*places, exp.column(metrics[0].cluster)).subquery("clusters")
    groups = [
        exp.alias_(exp.column(name, quoted=True) if name in by else exp.null(), name, quoted=True)
        for name in names
    ]
    sums = [
        exp.alias_(
            sqlglot.parse_one(
                text.format(n=f"{metric.name}_n", hits=f"{metric.name}_value"), dialect=DIALECT
            ),
            f"{metric.name}_{what}",
        )
        for metric in metrics
        for what, text in COLUMNS.items()
    ]
    return exp.select(*groups, *sums).from_(clusters).group_by(*places)


def interval(sums: pl.DataFrame, metric: Metric) -> list[pl.Series]:
    """The ends of each share's interval, widened by how much rows of a cluster resemble one another."""
    ends = _clustered(sums) if metric.cluster else wilson(sums["value"].to_numpy(), sums["n"].to_numpy())
    return [pl.Series(end, nan_to_null=True, dtype=pl.Float64) for end in ends]


def _clustered(sums: pl.DataFrame) -> tuple[Floats, Floats]:
    of = {name: sums[name].cast(pl.Float64).fill_null(0).to_numpy().astype(np.float64) for name in COLUMNS}
    effect = design_effect_of_sums(
        *(of[name] for name in ("value", "n", "clusters", "squares", "products", "n_squares"))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return clustered_interval(of["value"], of["n"], effect, of["clusters"])
