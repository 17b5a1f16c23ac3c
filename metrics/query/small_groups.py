"""Which groups of agents may be shown: those that are large enough, and give no smaller one away."""

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
    groups = pairs.group_by(keys).agg(agents=pl.col("agent_id").n_unique()).sort(keys)
    groups = groups.with_columns(is_shown=pl.col("agents") >= least)
    while True:
        hidden = pairs.join(groups.filter(~pl.col("is_shown")), on=keys, how="semi", nulls_equal=True)
        counted = hidden.group_by(list(total_keys)).agg(together=pl.col("agent_id").n_unique())
        telling = counted.filter(pl.col("together") < least)
        next_ones = (
            groups.filter("is_shown")
            .join(telling, on=list(total_keys), how="semi", nulls_equal=True)
            .sort(*total_keys, "agents", *group)
            .unique(list(total_keys), keep="first", maintain_order=True)
        )
        if next_ones.is_empty():
            return groups
        also = next_ones.select(*keys, also_hidden=pl.lit(value=True))
        groups = (
            groups.join(also, on=keys, how="left", nulls_equal=True)
            .with_columns(is_shown=pl.col("is_shown") & pl.col("also_hidden").is_null())
            .drop("also_hidden")
            .sort(keys)
        )
