"""Lists of single tickets, visits and runs: whoever works a value alone is not named by it.

A person may see single tickets. With a column that names the group of one agent, the figures of that agent
could be worked out of a list, so that such values are replaced.
"""

from __future__ import annotations

import duckdb
import polars as pl

from metrics.query.agents import FACTS, is_guarded, smallest_group
from metrics.query.scope import Scope
from metrics.query.small_groups import STEP, hidden_steps, hidden_values

SMALL_GROUP = "(small group)"
"""What lists say in place of a value that too few agents have."""
_NAMES = ("channel", "team", "reason", "priority", "source", "workflow")
_STEPS = {"step": ("step", "title"), "next_step": ("next_step", "next_title")}


def with_small_groups_unnamed(
    connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame, scope: Scope
) -> pl.DataFrame:
    """A list of single tickets, visits or runs: values that too few agents have read `SMALL_GROUP`."""
    if scope.small_groups or smallest_group(connection) <= 1:
        return rows
    own = [name for name, _attribute in scope.dimensions]
    hidden = {
        name: frozenset[str | None]().union(
            *(hidden_values(connection, fact, name, scope) for fact in FACTS if is_guarded(name, fact, scope))
        )
        for name in (*_NAMES, *own)
        if name in rows.columns
    }
    if {*STEP} <= {*rows.columns}:
        steps = hidden_steps(connection, scope, STEP).with_columns(is_small=pl.lit(value=True))
        for step, names in _STEPS.items():
            if step not in rows.columns:
                continue
            on = [*STEP[:2], step]
            marked = rows.join(
                steps.rename({"step": step}), on=on, how="left", nulls_equal=True, maintain_order="left"
            )
            rows = marked.with_columns(
                pl.when(pl.col("is_small")).then(pl.lit(SMALL_GROUP)).otherwise(pl.col(name)).alias(name)
                for name in names
                if name in rows.columns
            ).drop("is_small")
    return rows.with_columns(
        pl.when(pl.col(name).is_in([value for value in values if value is not None]))
        .then(pl.lit(SMALL_GROUP))
        .otherwise(pl.col(name))
        .alias(name)
        for name, values in hidden.items()
    )
