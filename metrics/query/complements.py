"""Which groups of agents may be shown beside their total: what is hidden must not be told by the rest."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from metrics.statistics.evidence import LEAST_GROUP


def reportable_groups(
    entries: pl.DataFrame, total_keys: Sequence[str], group: Sequence[str], *, least: int = LEAST_GROUP
) -> pl.DataFrame:
    """One row per group of each total: its `agents`, and whether it `is_shown`.

    `entries`: rows of agents (`agent_id`) in groups. Their totals, one for each value of `total_keys`, are
    shown. A group of fewer than `least` agents is hidden; so is, as long as the hidden ones together are of
    fewer than that, the smallest of those still shown, for the total less what is shown would tell of them.
    """
    keys = [*total_keys, *group]
    pairs = entries.select(*keys, "agent_id").unique()
    groups = pairs.group_by(keys).agg(agents=pl.col("agent_id").n_unique()).sort(keys, nulls_last=True)
    groups = groups.with_columns(is_shown=pl.col("agents") >= least)
    return protected(groups, pairs, total_keys, keys, least)


def protected(
    groups: pl.DataFrame, pairs: pl.DataFrame, total_keys: Sequence[str], keys: Sequence[str], least: int
) -> pl.DataFrame:
    """The groups, with as many more hidden as it takes until the hidden ones of no total are too few."""
    keys = list(dict.fromkeys((*total_keys, *keys)))
    while True:
        hidden = pairs.join(groups.filter(~pl.col("is_shown")), on=keys, how="semi", nulls_equal=True)
        counted = hidden.group_by(list(total_keys)).agg(together=pl.col("agent_id").n_unique())
        telling = counted.filter(pl.col("together") < least)
        next_ones = (
            groups.filter("is_shown")
            .join(telling, on=list(total_keys), how="semi", nulls_equal=True)
            .sort(*total_keys, "agents", *keys, nulls_last=True)
            .unique(list(total_keys), keep="first", maintain_order=True)
        )
        if next_ones.is_empty():
            return groups
        also = next_ones.select(*keys, also_hidden=pl.lit(value=True))
        groups = (
            groups.join(also, on=keys, how="left", nulls_equal=True)
            .with_columns(is_shown=pl.col("is_shown") & pl.col("also_hidden").is_null())
            .drop("also_hidden")
            .sort(keys, nulls_last=True)
        )
